import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, renameSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { Failure } from '../failure.ts';
import type { UnsafeReason } from '../failures/file.ts';
import { makeDirectory, makeMissingDirectories, pathIn, removeTree } from './directory.ts';
import { makeTemporaryPath } from './leftovers.ts';
import { attempt, ifExists, systemCodeOf } from './system-error.ts';
import { readOpened } from './user-file.ts';

/**
 * The directories that hold private files.
 *
 * Node cannot open a file relative to an open directory, so each check precedes the use by path.
 * That is safe: each directory from the root down belongs to this user and is writable by no one
 * else, so only this user and root can change it. Above the root, links are allowed (`/tmp` on
 * macOS).
 */
export interface PrivateTree {
  readonly roots: readonly string[];
  /** The effective user id; undefined on Windows, where owners and modes are not checked. */
  readonly uid: number | undefined;
  readonly removeLeftovers: (directory: string) => void;
}

/** Whether a path is a private root or below one. */
export function isPrivate(tree: PrivateTree, path: string): boolean {
  return tree.roots.some((root) => stepsFrom(root, path) !== undefined);
}

/**
 * Throws `file-unsafe` unless each directory down to this one is private. False if one is missing.
 */
function checkPrivateDirectory(tree: PrivateTree, path: string): boolean {
  for (const directory of directoriesTo(tree, path)) {
    if (!checkDirectory(tree, directory)) return false;
  }
  return true;
}

/**
 * Makes a private directory and its missing parents (0700) and checks existing ones. Calls `made`
 * for each new one, outermost first.
 */
export function makePrivateDirectories(tree: PrivateTree, path: string, made: (directory: string) => void): void {
  const directories = directoriesTo(tree, path);
  makeMissingDirectories(dirname(directories[0] ?? path), made);
  for (const directory of directories) {
    if (checkDirectory(tree, directory)) continue;
    if (makeDirectory(directory)) made(directory);
    // In a shared TMPDIR another user can have made it a moment ago.
    checkDirectory(tree, directory);
  }
}

/**
 * Throws `file-unsafe` unless the file is private. Returns false if it is missing. Does not check
 * its directory.
 */
export function checkPrivateFile(tree: PrivateTree, path: string): boolean {
  const stats = attempt('read', path, () => ifExists(() => lstatSync(path)));
  if (stats === undefined) return false;
  rejectUnsafe(tree, path, stats, stats.isFile() ? undefined : 'not-a-file');
  return true;
}

/** Returns the bytes of a private file as latin1; undefined if it is missing. */
export function readPrivateFile(tree: PrivateTree, path: string): string | undefined {
  if (!checkPrivateDirectory(tree, dirname(path)) || !checkPrivateFile(tree, path)) return undefined;
  return attempt('read', path, () =>
    ifExists(() => {
      const descriptor = openSync(path, constants.O_RDONLY | noFollow(tree));
      try {
        const stats = fstatSync(descriptor);
        rejectUnsafe(tree, path, stats, undefined);
        return readOpened(path, descriptor, stats);
      } finally {
        closeSync(descriptor);
      }
    }),
  );
}

/** Returns when a private file was last written; undefined if it is missing. */
export function modifiedPrivateFile(tree: PrivateTree, path: string): Date | undefined {
  if (!checkPrivateDirectory(tree, dirname(path)) || !checkPrivateFile(tree, path)) return undefined;
  return attempt('read', path, () => ifExists(() => lstatSync(path).mtime));
}

/** See `Files`. Unfinished directories are left out. */
export function listPrivateDirectories(tree: PrivateTree, path: string): readonly string[] {
  if (!checkPrivateDirectory(tree, path)) return [];
  const entries = attempt('list', path, () => readdirSync(path, { withFileTypes: true }));
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Removes a private directory with its contents. A rename comes first: if the process is killed
 * half-way, what remains is a recognizable leftover, never a token without its job record.
 */
export function removePrivateDirectory(tree: PrivateTree, path: string): void {
  if (!checkPrivateDirectory(tree, path)) return;
  if (tree.roots.includes(path)) {
    removeTree(path);
  } else {
    removeTree(moveAside(path));
    tree.removeLeftovers(dirname(path));
  }
}

export function noFollow(tree: PrivateTree): number {
  return tree.uid === undefined ? 0 : constants.O_NOFOLLOW;
}

/** Returns the path itself if it cannot be renamed (lower overlay layer; open on Windows). */
function moveAside(path: string): string {
  const aside = makeTemporaryPath(path);
  try {
    renameSync(path, aside);
    return aside;
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return path;
  }
}

function checkDirectory(tree: PrivateTree, directory: string): boolean {
  const stats = attempt('read', directory, () => ifExists(() => lstatSync(directory)));
  if (stats === undefined) return false;
  rejectUnsafe(tree, directory, stats, stats.isDirectory() ? undefined : 'not-a-directory');
  return true;
}

function rejectUnsafe(tree: PrivateTree, path: string, stats: Stats, wrongKind: UnsafeReason | undefined): void {
  const reason = stats.isSymbolicLink() ? 'link' : (wrongKind ?? ownershipProblemOf(tree, stats));
  if (reason !== undefined) throw new Failure({ kind: 'file-unsafe', path, reason });
}

function ownershipProblemOf(tree: PrivateTree, stats: Stats): UnsafeReason | undefined {
  if (tree.uid === undefined) return undefined;
  if (stats.uid !== tree.uid) return 'foreign-owner';
  return (stats.mode & 0o022) === 0 ? undefined : 'writable-by-others';
}

/** Returns the path's root, then each directory down to the path itself. */
function directoriesTo(tree: PrivateTree, path: string): readonly string[] {
  for (const root of tree.roots) {
    const steps = stepsFrom(root, path);
    if (steps === undefined) continue;
    const directories = [root];
    for (const step of steps) directories.push(pathIn(directories.at(-1) ?? root, step));
    return directories;
  }
  throw new Error(`${path} is under none of this program's roots`);
}

function stepsFrom(root: string, path: string): readonly string[] | undefined {
  // The common case. V8 would optimize `relative` during a login (see `pathIn`).
  const below = path.startsWith(root + sep) ? path.slice(root.length + 1).split(sep) : undefined;
  if (below?.every((step) => step !== '' && step !== '.' && step !== '..')) return below;
  const steps = relative(root, path);
  if (steps === '') return [];
  return isAbsolute(steps) || steps === '..' || steps.startsWith(`..${sep}`) ? undefined : steps.split(sep);
}
