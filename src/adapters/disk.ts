import { rmdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Files } from '../world/world.ts';
import { makeMissingDirectories, sweepLeftovers } from './directory.ts';
import { type HeldLock, takeLock } from './file-lock.ts';
import {
  isOwn,
  listOwnDirectories,
  makeOwnDirectories,
  type OwnTree,
  readOwnFile,
  removeOwnDirectory,
} from './private-file.ts';
import { replaceAll } from './replacement.ts';
import { makeUndo, type Undo } from './undo.ts';
import { isOpenToAll, isWritable, readUserFile, userTargetOf } from './user-file.ts';

/** The disk behind `Files`. */
export interface Disk extends Files {
  /** Gives back every lock that is held or waited for, and removes passing directories, at once and without a failure: for a process that is told to end. */
  releaseAll(): void;
}

/** What the disk is to know of the process and its user. */
export interface DiskOptions {
  /** Absolute paths; all that is called "own" lies in one of these directories, none of which lies in another. */
  readonly ownRoots: readonly string[];
  /** The process's effective user id; undefined on Windows. */
  readonly uid: number | undefined;
  /** Milliseconds without a sign of life after which a lock's holder is taken to be dead; 10 s. */
  readonly staleAfter?: number;
  /** Milliseconds after which an unfinished file is taken to be a killed process's; one hour, far beyond any patience. */
  readonly leftoverAge?: number;
}

/** The machine's own disk. All calls but `withLock` run through without giving way, so that no signal finds anything half-done. */
export function makeDisk({ ownRoots, uid, staleAfter = 10_000, leftoverAge = 3_600_000 }: DiskOptions): Disk {
  // Without a slash at the end, with which the system would look behind a link instead of at it.
  const roots = ownRoots.map((root) => resolve(root));
  const tree: OwnTree = { roots, uid, leftoverAge };
  const timing = { staleAfter, beatEvery: staleAfter / 5 };
  const held = new Set<HeldLock>();
  const pending = new Set<Undo>();

  return {
    adoptRoot: (path) => {
      const root = resolve(path);
      if (!isOwn(tree, root)) roots.push(root);
    },
    read: readUserFile,
    readOwn: (path) => readOwnFile(tree, path),
    makeOwnDirectory: (path) => {
      makeOwnDirectories(tree, path, () => {});
      if (!roots.includes(path)) sweepLeftovers(dirname(path), uid, leftoverAge);
    },
    removeOwnDirectory: (path) => removeOwnDirectory(tree, path),
    withPassingDirectory: async (path, work) => {
      const undo = makeUndo();
      undo.add(() => removeOwnDirectory(tree, path));
      pending.add(undo);
      try {
        return await work();
      } finally {
        undo.run();
        pending.delete(undo);
      }
    },
    listOwnDirectories: (path) => listOwnDirectories(tree, path),
    isOpenToAll: (path) => isOpenToAll(path, uid),
    isWritable,
    replace: (replacements) => replaceAll(tree, replacements, () => [...held].every((lock) => lock.beat())),
    withLock: async (path, patience, work) => {
      const undo = makeUndo();
      pending.add(undo);
      let lock: HeldLock | undefined;
      try {
        lock = await takeLock(makeLockable(tree, path, undo), patience, timing, undo);
        held.add(lock);
        return await work();
      } finally {
        if (lock !== undefined) held.delete(lock);
        undo.run();
        pending.delete(undo);
      }
    },
    releaseAll: () => {
      for (const undo of pending) undo.run();
    },
  };
}

/** The file itself, its directory made if it is missing: directories that are still empty when the lock is given back go again. */
function makeLockable(tree: OwnTree, path: string, undo: Undo): string {
  const made = (directory: string) => undo.add(() => rmdirSync(directory));
  if (isOwn(tree, path)) {
    makeOwnDirectories(tree, dirname(path), made);
    return path;
  }
  const target = userTargetOf(path);
  makeMissingDirectories(dirname(target), made);
  return target;
}
