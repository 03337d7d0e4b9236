import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  type Stats,
} from 'node:fs';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { Failure } from '../failure.ts';
import type { UnsafeReason } from '../failures/file.ts';
import {
  makeDirectory,
  makeMissingDirectories,
  makeTemporaryPath,
  pathIn,
  removeLeftovers,
  removeTree,
} from './directory.ts';
import { attempt, ifExists, systemCodeOf } from './system-error.ts';

/**
 * The part of the disk that is this program's: all below these roots, made and owned by this user.
 *
 * Node cannot open a file relative to an open directory, so every check here is a look before a leap. It holds all the same:
 * nobody but this user and root can change anything in a directory that is this user's and that no one else may write to, and each
 * directory from the root down has just been seen to be one. Above the root the way is the system's, and may lead through links
 * (`/tmp` on macOS, `/home` on many servers); a sticky `/tmp` keeps others from moving our root away once it is ours.
 */
export interface PrivateTree {
  /** Absolute paths without `.` and `..`. */
  readonly roots: readonly string[];
  /** This process's effective user; undefined where the system has none (Windows), and owners and modes then say nothing. */
  readonly uid: number | undefined;
  /** Milliseconds after which an unfinished file is taken to be a killed process's. */
  readonly leftoverAge: number;
}

/** Whether a path is under one of our roots, or is one. */
export function isPrivate(tree: PrivateTree, path: string): boolean {
  return tree.roots.some((root) => stepsFrom(root, path) !== undefined);
}

/** Throws `file-unsafe` unless every directory down to this one is ours alone; false where it, or one above it, is missing. */
function checkPrivateDirectory(tree: PrivateTree, path: string): boolean {
  for (const directory of directoriesTo(tree, path)) {
    if (!checkOne(tree, directory)) return false;
  }
  return true;
}

/** Makes one of our directories and those above it that are missing, 0700; those that are there are checked. Tells of each that was made, outermost first. */
export function makePrivateDirectories(tree: PrivateTree, path: string, made: (directory: string) => void): void {
  const directories = directoriesTo(tree, path);
  makeMissingDirectories(dirname(directories[0] ?? path), made);
  for (const directory of directories) {
    if (checkOne(tree, directory)) continue;
    if (makeDirectory(directory)) made(directory);
    // Made by us or, a moment ago, by someone else: in a shared TMPDIR that may be anyone.
    checkOne(tree, directory);
  }
}

/** Throws `file-unsafe` unless this is a file that is ours alone; false where nothing is there. Its directory must have been checked. */
export function checkPrivateFile(tree: PrivateTree, path: string): boolean {
  const stats = attempt('read', path, () => ifExists(() => lstatSync(path)));
  if (stats === undefined) return false;
  refuseUnsafe(tree, path, stats, stats.isFile() ? undefined : 'not-a-file');
  return true;
}

/** The bytes of one of our files as latin1; undefined where it is not there. */
export function readPrivateFile(tree: PrivateTree, path: string): string | undefined {
  if (!checkPrivateDirectory(tree, dirname(path)) || !checkPrivateFile(tree, path)) return undefined;
  return attempt('read', path, () =>
    ifExists(() => {
      const descriptor = openSync(path, constants.O_RDONLY | noFollow(tree));
      try {
        refuseUnsafe(tree, path, fstatSync(descriptor), undefined);
        return readFileSync(descriptor, 'latin1');
      } finally {
        closeSync(descriptor);
      }
    }),
  );
}

/** Names of the real directories in one of ours, in order, without the unfinished; none where it is not there. */
export function listPrivateDirectories(tree: PrivateTree, path: string): readonly string[] {
  if (!checkPrivateDirectory(tree, path)) return [];
  const entries = attempt('list', path, () => readdirSync(path, { withFileTypes: true }));
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}

/**
 * Removes one of our directories and all in it. It goes out of sight at once, by a rename, so that being killed half-way leaves
 * a leftover that the next sweep knows, and never a job's directory that has lost its marker but still holds a token.
 */
export function removePrivateDirectory(tree: PrivateTree, path: string): void {
  if (!checkPrivateDirectory(tree, path)) return;
  if (tree.roots.includes(path)) {
    removeTree(path);
  } else {
    removeTree(movedAside(path));
    removeLeftovers(dirname(path), tree.uid, tree.leftoverAge);
  }
}

/** The flag that makes opening a link fail, where the system has it. */
export function noFollow(tree: PrivateTree): number {
  return tree.uid === undefined ? 0 : constants.O_NOFOLLOW;
}

/** Falls back to the path itself: an overlay file system does not rename what comes from a lower layer, nor Windows what is open. */
function movedAside(path: string): string {
  const aside = makeTemporaryPath(path);
  try {
    renameSync(path, aside);
    return aside;
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return path;
  }
}

function checkOne(tree: PrivateTree, directory: string): boolean {
  const stats = attempt('read', directory, () => ifExists(() => lstatSync(directory)));
  if (stats === undefined) return false;
  refuseUnsafe(tree, directory, stats, stats.isDirectory() ? undefined : 'not-a-directory');
  return true;
}

function refuseUnsafe(tree: PrivateTree, path: string, stats: Stats, wrongKind: UnsafeReason | undefined): void {
  const reason = stats.isSymbolicLink() ? 'link' : (wrongKind ?? strangersIn(tree, stats));
  if (reason !== undefined) throw new Failure({ kind: 'file-unsafe', path, reason });
}

function strangersIn(tree: PrivateTree, stats: Stats): UnsafeReason | undefined {
  if (tree.uid === undefined) return undefined;
  if (stats.uid !== tree.uid) return 'foreign-owner';
  return (stats.mode & 0o022) === 0 ? undefined : 'writable-by-others';
}

/** The root that a path is under, then each directory down to the path itself. */
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
  // Nearly always one begins with the other. To work the way out, letter by letter, is otherwise what V8 finds hot in a login (`pathIn`).
  const below = path.startsWith(root + sep) ? path.slice(root.length + 1).split(sep) : undefined;
  if (below?.every((step) => step !== '' && step !== '.' && step !== '..')) return below;
  const way = relative(root, path);
  if (way === '') return [];
  return isAbsolute(way) || way === '..' || way.startsWith(`..${sep}`) ? undefined : way.split(sep);
}
