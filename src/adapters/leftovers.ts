import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  type Stats,
  unlinkSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import type { ListedFile } from '../world/world.ts';
import { pathIn, removeTree } from './directory.ts';
import { quietly } from './system-error.ts';

const temporaryName = /^\..+\.sem-aws-login-[0-9a-f]{16}$/s;

/** Returns an unpredictable path beside `path`. `makeLeftoverRemoval` recognizes the name. */
export function makeTemporaryPath(path: string): string {
  return pathIn(dirname(path), `.${basename(path)}.sem-aws-login-${randomBytes(8).toString('hex')}`);
}

/** Whether `makeTemporaryPath` can have made this name for the file. */
export function isTemporaryNameOf(file: string, name: string): boolean {
  return name.startsWith(`.${file}.sem-aws-login-`) && temporaryName.test(name);
}

/**
 * Returns a function that removes what killed processes of this user left in a directory, by name,
 * owner and age (ms). Ignores errors. The age counts from the change time, too: an original kept
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
  return isOwn(stats, uid) && Date.now() - Math.max(stats.ctimeMs, stats.mtimeMs) >= age;
}

function isOwn(stats: Stats, uid: number | undefined): boolean {
  return uid === undefined || stats.uid === uid;
}

const longestText = 64 * 1024;

/** See `Files`. */
export function removeMatching(
  directory: string,
  uid: number | undefined,
  isWanted: (file: ListedFile) => boolean,
): number {
  let count = 0;
  quietly(() => {
    for (const name of readdirSync(directory)) {
      const path = pathIn(directory, name);
      quietly(() => {
        const stats = lstatSync(path);
        if (!stats.isFile() || !isOwn(stats, uid)) return;
        if (!isWanted({ name, modified: stats.mtime, text: () => shortTextOf(path, uid) })) return;
        unlinkSync(path);
        count++;
      });
    }
  });
  return count;
}

// Another program can have put a pipe in the file's place, which must not block.
function shortTextOf(path: string, uid: number | undefined): string {
  const onlyFiles = uid === undefined ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const descriptor = openSync(path, constants.O_RDONLY | onlyFiles);
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() && stats.size <= longestText ? readFileSync(descriptor, 'latin1') : '';
  } finally {
    closeSync(descriptor);
  }
}
