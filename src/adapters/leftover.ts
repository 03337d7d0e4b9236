import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { removeTree } from './directory.ts';
import { pathIn } from './path-in.ts';
import { quietly } from './system-error.ts';

const temporaryName = /^\..+\.sem-aws-login-[0-9a-f]{16}$/s;

/** A name nobody can foresee for something that is in the making beside `path`, and by which a killed process's leftovers are known. */
export function makeTemporaryPath(path: string): string {
  return pathIn(dirname(path), `.${basename(path)}.sem-aws-login-${randomBytes(8).toString('hex')}`);
}

/**
 * Removes what killed processes of this user left in a directory, by name, owner and age (milliseconds).
 * The age is by the change time, since a former content kept aside is a second name of an old file, and only the new name is young.
 * A courtesy: whatever refuses to go, stays.
 */
export function sweepLeftovers(directory: string, uid: number | undefined, age: number): void {
  quietly(() => {
    for (const name of readdirSync(directory)) {
      if (!temporaryName.test(name)) continue;
      const path = pathIn(directory, name);
      quietly(() => {
        if (isAbandoned(lstatSync(path), uid, age)) removeTree(path);
      });
    }
  });
}

function isAbandoned(stats: Stats, uid: number | undefined, age: number): boolean {
  const ours = uid === undefined || stats.uid === uid;
  return ours && Date.now() - Math.max(stats.ctimeMs, stats.mtimeMs) >= age;
}
