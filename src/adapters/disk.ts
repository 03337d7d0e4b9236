import { rmdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Files } from '../world/world.ts';
import { makeMissingDirectories } from './directory.ts';
import { acquireLock, type HeldLock } from './file-lock.ts';
import { makeLeftoverRemoval, removeMatching } from './leftovers.ts';
import {
  isPrivate,
  listPrivateDirectories,
  makePrivateDirectories,
  modifiedPrivateFile,
  type PrivateTree,
  readPrivateFile,
  removePrivateDirectory,
} from './private-file.ts';
import { whyNotReplaceable } from './replaceable.ts';
import { replaceAll } from './replacement.ts';
import { makeUndoSteps, type UndoSteps } from './undo-steps.ts';
import { isOpenToAll, isWritable, readUserFile, userTargetOf } from './user-file.ts';

export interface Disk extends Files {
  /**
   * Releases all locks and removes temporary directories, ignoring errors: for a signal that ends
   * the process.
   */
  releaseAll(): void;
}

export interface DiskOptions {
  /** Absolute paths of the directories that hold private files; none is inside another. */
  readonly privateRoots: readonly string[];
  /** The effective user id; undefined on Windows. */
  readonly uid: number | undefined;
  /** All groups of the user. Default: none. */
  readonly groups?: readonly number[];
  /**
   * Milliseconds without a keep-alive after which a lock's holder counts as dead. Default: 10 s.
   */
  readonly staleAfter?: number;
  /** Age (ms) from which an unfinished file counts as a killed process's. Default: one hour. */
  readonly leftoverAge?: number;
}

/**
 * Makes the machine's disk. All calls but `withLock` are synchronous, so no signal interrupts one
 * half-way.
 */
export function makeDisk({
  privateRoots,
  uid,
  groups = [],
  staleAfter = 10_000,
  leftoverAge = 3_600_000,
}: DiskOptions): Disk {
  // A trailing slash would make the system follow a link.
  const roots = privateRoots.map((root) => resolve(root));
  const tree: PrivateTree = { roots, uid, removeLeftovers: makeLeftoverRemoval(uid, leftoverAge) };
  const timing = { staleAfter, keepAliveEvery: staleAfter / 5 };
  const held = new Set<HeldLock>();
  const pending = new Set<UndoSteps>();

  return {
    addPrivateRoot: (path) => {
      const root = resolve(path);
      if (!isPrivate(tree, root)) roots.push(root);
    },
    read: readUserFile,
    readPrivate: (path) => readPrivateFile(tree, path),
    modifiedPrivate: (path) => modifiedPrivateFile(tree, path),
    makePrivateDirectory: (path) => {
      makePrivateDirectories(tree, path, () => {});
      if (!roots.includes(path)) tree.removeLeftovers(dirname(path));
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
    removeMatching: (directory, isWanted) => removeMatching(directory, uid, isWanted),
    isOpenToAll: (path) => isOpenToAll(path, uid),
    isWritable,
    whyNotReplaceable: (path) => whyNotReplaceable(path, { uid, groups }),
    replace: (replacements) => replaceAll(tree, replacements, () => [...held].every((lock) => lock.keepAlive())),
    withLock: async (path, timeout, work) => {
      const undo = makeUndoSteps();
      pending.add(undo);
      let lock: HeldLock | undefined;
      try {
        lock = await acquireLock(makeLockable(tree, path, undo), timeout, timing, undo);
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

/**
 * Returns the file behind any links. Makes its directory, which is removed with the lock if empty.
 */
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
