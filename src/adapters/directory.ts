import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { attempt, ifExists, quietly, systemCodeOf } from './system-error.ts';

/** What a file system says that has no way to sync a directory (FUSE, SMB, Windows); anything else means that a rename may be lost. */
const cannotSyncDirectories: readonly (string | undefined)[] = [
  'EINVAL',
  'ENOTSUP',
  'EBADF',
  'EISDIR',
  'EPERM',
  'EACCES',
];

/**
 * Makes one directory, 0700 whatever the umask.
 * @returns false when something stood there already
 */
export function makeDirectory(path: string): boolean {
  return attempt('make the directory', path, () => {
    try {
      mkdirSync(path, 0o700);
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST') return false;
      throw error;
    }
    // A umask such as 0277 takes the owner's own bits; a set-group-ID parent adds one, which is left to it.
    if ((lstatSync(path).mode & 0o700) !== 0o700) chmodSync(path, 0o700);
    return true;
  });
}

/** Makes a directory and those above it that are missing, links followed; tells of each that was made, outermost first. */
export function makeMissingDirectories(path: string, made: (directory: string) => void): void {
  if (attempt('make the directory', path, () => ifExists(() => lstatSync(path))) !== undefined) return;
  makeMissingDirectories(dirname(path), made);
  if (makeDirectory(path)) made(path);
}

/** Makes the names in a directory last through a power cut, where the file system can do that. */
export function syncDirectory(path: string): void {
  attempt('write', path, () => {
    try {
      const descriptor = openSync(path, constants.O_RDONLY);
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      if (!cannotSyncDirectories.includes(systemCodeOf(error))) throw error;
    }
  });
}

/**
 * Removes a directory and all in it, or a file; a link is removed, not followed. What others remove meanwhile is no error.
 * Not `rmSync`: it retries and changes modes by rules of its own, and reports errors without saying which path it was.
 */
export function removeTree(path: string): void {
  attempt('remove', path, () =>
    ifExists(() => {
      if (!lstatSync(path).isDirectory()) return unlinkSync(path);
      for (const name of readdirSync(path)) removeTree(join(path, name));
      rmdirSync(path);
    }),
  );
}

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

/**
 * The path of an entry of a directory. `join` does the same, but looks at every letter of the directory again: in a login often enough that V8
 * takes it for hot and optimizes it in the middle of it, which costs 3 ms and 5 MB.
 */
export function pathIn(directory: string, name: string): string {
  return directory.endsWith(sep) ? directory + name : directory + sep + name;
}
