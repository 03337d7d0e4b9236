import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pathIn, removeTree } from './directory.ts';
import { quietly } from './system-error.ts';

const temporaryName = /^\..+\.sem-aws-login-[0-9a-f]{16}$/s;

/**
 * Returns an unpredictable path beside `path` for an unfinished file. `removeLeftovers` recognizes
 * the name.
 */
export function makeTemporaryPath(path: string): string {
  return pathIn(dirname(path), `.${basename(path)}.sem-aws-login-${randomBytes(8).toString('hex')}`);
}

/**
 * Removes what killed processes of this user left in a directory, by name, owner and age (ms).
 * Ignores errors. The age counts from the change time too: an original kept aside is an old file
 * with a new name.
 */
export function removeLeftovers(directory: string, uid: number | undefined, age: number): void {
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
