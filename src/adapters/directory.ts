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
  unlinkSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { attempt, ifExists, systemCodeOf } from './system-error.ts';

/**
 * Codes of file systems that cannot sync a directory (FUSE, SMB, Windows). Any other error can mean
 * a lost rename.
 */
const cannotSyncDirectories: readonly (string | undefined)[] = [
  'EINVAL',
  'ENOTSUP',
  'EBADF',
  'EISDIR',
  'EPERM',
  'EACCES',
];

/** Makes one directory, 0700 whatever the umask. Returns false if something exists at the path. */
export function makeDirectory(path: string): boolean {
  return attempt('make the directory', path, () => {
    try {
      mkdirSync(path, 0o700);
    } catch (error) {
      if (systemCodeOf(error) === 'EEXIST') return false;
      throw error;
    }
    // A umask such as 0277 removes the owner's bits. The bit of a set-group-ID parent is kept.
    if ((lstatSync(path).mode & 0o700) !== 0o700) chmodSync(path, 0o700);
    return true;
  });
}

/**
 * Makes a directory and its missing parents, following links. Calls `made` for each, outermost
 * first.
 */
export function makeMissingDirectories(path: string, made: (directory: string) => void): void {
  if (attempt('make the directory', path, () => ifExists(() => lstatSync(path))) !== undefined) return;
  makeMissingDirectories(dirname(path), made);
  if (makeDirectory(path)) made(path);
}

/** Makes the names in a directory survive a power cut, if the file system can. */
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
 * Removes a file, link or directory with its contents, without following links. Ignores a missing
 * path. `rmSync` retries, changes modes, and reports errors without the path.
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

/**
 * Joins a directory and a name. In a login, V8 would optimize `join`, which costs 3 ms and 5 MB.
 */
export function pathIn(directory: string, name: string): string {
  return directory.endsWith(sep) ? directory + name : directory + sep + name;
}
