import { rmdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Files } from '../world/world.ts';
import { makeMissingDirectories, removeLeftovers } from './directory.ts';
import { type HeldLock, takeLock } from './file-lock.ts';
import {
  isPrivate,
  listPrivateDirectories,
  makePrivateDirectories,
  type PrivateTree,
  readPrivateFile,
  removePrivateDirectory,
} from './private-file.ts';
import { replaceAll } from './replacement.ts';
import { makeUndoSteps, type UndoSteps } from './undo-steps.ts';
import { isOpenToAll, isWritable, readUserFile, userTargetOf } from './user-file.ts';

/** The disk behind `Files`. */
export interface Disk extends Files {
  /** Gives back every lock that is held or waited for, and removes passing directories, at once and without a failure: for a process that is told to end. */
  releaseAll(): void;
}

/** What the disk is to know of the process and its user. */
export interface DiskOptions {
  /** Absolute paths; all that is called "own" lies in one of these directories, none of which lies in another. */
  readonly privateRoots: readonly string[];
  /** The process's effective user id; undefined on Windows. */
  readonly uid: number | undefined;
  /** Milliseconds without a sign of life after which a lock's holder is taken to be dead; 10 s. */
  readonly staleAfter?: number;
  /** Milliseconds after which an unfinished file is taken to be a killed process's; one hour, far beyond any timeout. */
  readonly leftoverAge?: number;
}

/** The machine's own disk. All calls but `withLock` run through without giving way, so that no signal finds anything half-done. */
export function makeDisk({ privateRoots, uid, staleAfter = 10_000, leftoverAge = 3_600_000 }: DiskOptions): Disk {
  // Without a slash at the end, with which the system would look behind a link instead of at it.
  const roots = privateRoots.map((root) => resolve(root));
  const tree: PrivateTree = { roots, uid, leftoverAge };
  const timing = { staleAfter, beatEvery: staleAfter / 5 };
  const held = new Set<HeldLock>();
  const pending = new Set<UndoSteps>();

  return {
    addPrivateRoot: (path) => {
      const root = resolve(path);
      if (!isPrivate(tree, root)) roots.push(root);
    },
    read: readUserFile,
    readPrivate: (path) => readPrivateFile(tree, path),
    makePrivateDirectory: (path) => {
      makePrivateDirectories(tree, path, () => {});
      if (!roots.includes(path)) removeLeftovers(dirname(path), uid, leftoverAge);
    },
    removePrivateDirectory: (path) => removePrivateDirectory(tree, path),
    withTemporaryDirectory: async (path, work) => {
      const undo = makeUndoSteps();
      undo.add(() => removePrivateDirectory(tree, path));
      pending.add(undo);
      try {
        return await work();
      } finally {
        undo.run();
        pending.delete(undo);
      }
    },
    listPrivateDirectories: (path) => listPrivateDirectories(tree, path),
    isOpenToAll: (path) => isOpenToAll(path, uid),
    isWritable,
    replace: (replacements) => replaceAll(tree, replacements, () => [...held].every((lock) => lock.beat())),
    withLock: async (path, timeout, work) => {
      const undo = makeUndoSteps();
      pending.add(undo);
      let lock: HeldLock | undefined;
      try {
        lock = await takeLock(makeLockable(tree, path, undo), timeout, timing, undo);
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
function makeLockable(tree: PrivateTree, path: string, undo: UndoSteps): string {
  const made = (directory: string) => undo.add(() => rmdirSync(directory));
  if (isPrivate(tree, path)) {
    makePrivateDirectories(tree, dirname(path), made);
    return path;
  }
  const target = userTargetOf(path);
  makeMissingDirectories(dirname(target), made);
  return target;
}
