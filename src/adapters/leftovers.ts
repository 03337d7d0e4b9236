import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { pathIn, removeTree } from './directory.ts';
import { quietly } from './system-error.ts';

const temporaryName = /^\..+\.sem-aws-login-[0-9a-f]{16}$/s;

/**
 * Returns an unpredictable path beside `path` for an unfinished file. `makeLeftoverRemoval`
 * recognizes the name.
 */
export function makeTemporaryPath(path: string): string {
  return pathIn(dirname(path), `.${basename(path)}.sem-aws-login-${randomBytes(8).toString('hex')}`);
}

/** Whether a name is one that `makeTemporaryPath` gives for a file of this name. */
export function isTemporaryNameOf(file: string, name: string): boolean {
  return name.startsWith(`.${file}.sem-aws-login-`) && temporaryName.test(name);
}

/**
 * Returns a function that removes what killed processes of this user left in a directory, by name,
 * owner and age (ms). It ignores errors. The age counts from the change time too: an original kept
 * aside is an old file with a new name.
 */
export function makeLeftoverRemoval(uid: number | undefined, age: number): (directory: string) => void {
  // Once per directory and process: a login can remove thousands of directories that lie in one.
  const searched = new Set<string>();
  return (directory) => {
    if (searched.has(directory)) return;
    searched.add(directory);
    removeLeftovers(directory, uid, age);
  };
}

function removeLeftovers(directory: string, uid: number | undefined, age: number): void {
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
