import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  utimesSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../failure.ts';
import { makeDirectory, pathIn, removeTree } from './directory.ts';
import { makeTemporaryPath } from './leftovers.ts';
import { attempt, ifExists, quietly, systemCodeOf } from './system-error.ts';
import type { UndoSteps } from './undo-steps.ts';

/**
 * The lock of a file: a directory beside it with one empty file, whose name is the holder's nonce.
 *
 * - Acquired: the directory is made under another name and renamed into place. A rename replaces
 *   only a missing or empty directory, so one process wins, and a lock always shows its holder.
 * - Released, or taken from a dead holder: the file with that holder's name is unlinked. Removing
 *   "the lock" could hit one that another process has just acquired. An empty directory remains,
 *   which any process can remove.
 * - Alive: the holder updates its file's time every two seconds. A waiter measures how long it has
 *   seen no change: clocks can differ. Time in which the waiter did not look does not count, since
 *   the holder can have slept too. Process ids do not work: containers can share a directory but no
 *   processes.
 *
 * No lock can stop a holder that sleeps past its time just before its rename. So a keep-alive
 * before each replacement checks the lock, and the file is compared with what was read.
 */
export interface HeldLock {
  /**
   * Returns whether the lock is still held; if so, restarts the time until it counts as abandoned.
   */
  keepAlive(): boolean;
}

export interface LockTiming {
  /** Milliseconds without a change after which a holder counts as dead. */
  readonly staleAfter: number;
  readonly keepAliveEvery: number;
}

const nonceShape = /^[0-9a-f]{32}$/;

/** Codes for renaming a directory onto anything but an empty directory. */
const occupied: readonly (string | undefined)[] = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM', 'EBUSY'];

/** The longest pause between two looks (ms) that counts as watched time. */
const longestWatchedPause = 500;

/**
 * Acquires the lock of a file in an existing directory. Throws `file-locked` after `timeout`
 * milliseconds, or `lock-not-a-directory`.
 * @param target the file behind any links, so that all paths to it share one lock
 * @param undo gets the steps that release the lock
 */
export async function acquireLock(
  target: string,
  timeout: number,
  timing: LockTiming,
  undo: UndoSteps,
): Promise<HeldLock> {
  const lock = lockPathOf(target);
  const candidate = makeTemporaryPath(target);
  const nonce = randomBytes(16).toString('hex');
  undo.add(() => removeTree(candidate));
  attempt('lock', target, () => {
    makeDirectory(candidate);
    const holder = pathIn(candidate, nonce);
    closeSync(openSync(holder, 'wx', 0o600));
    // Waiters must be able to read it, whatever the umask.
    chmodSync(holder, 0o600);
  });
  const acquire = () => attempt('lock', target, () => renamed(candidate, lock));
  if (!acquire()) await waitFor(acquire, target, timeout, timing);
  return keepHeld(target, lock, nonce, timing.keepAliveEvery, undo);
}

async function waitFor(acquire: () => boolean, target: string, timeout: number, timing: LockTiming): Promise<void> {
  const lock = lockPathOf(target);
  const watch = makeWatch(target, timing.staleAfter);
  const start = performance.now();
  for (let pause = 5; !acquire(); pause = Math.min(pause * 1.3, 100)) {
    if (watch.clearAbandoned()) continue;
    const waited = performance.now() - start;
    if (waited >= timeout)
      throw new Failure({ kind: 'file-locked', path: target, lock, seconds: Math.round(waited / 1000) });
    // Jitter, so that waiters do not all look at the same time.
    await sleep(pause * (0.5 + Math.random()));
  }
}

export function lockPathOf(target: string): string {
  return pathIn(dirname(target), `.${basename(target)}.sem-aws-login-lock`);
}

function renamed(candidate: string, lock: string): boolean {
  try {
    renameSync(candidate, lock);
    return true;
  } catch (error) {
    if (occupied.includes(systemCodeOf(error))) return false;
    throw error;
  }
}

function keepHeld(target: string, lock: string, nonce: string, keepAliveEvery: number, undo: UndoSteps): HeldLock {
  const holder = pathIn(lock, nonce);
  const keepAlive = (): boolean =>
    attempt('lock', target, () => {
      const now = new Date();
      return ifExists(() => utimesSync(holder, now, now) === undefined) ?? false;
    });
  const timer = setInterval(() => quietly(keepAlive), keepAliveEvery).unref();
  undo.add(() => rmdirSync(lock));
  undo.add(() => unlinkSync(holder));
  undo.add(() => clearInterval(timer));
  return { keepAlive };
}

interface Watch {
  /** Removes a holder that has not changed for too long. Returns whether it did. */
  clearAbandoned(): boolean;
}

function makeWatch(target: string, staleAfter: number): Watch {
  let seen = '';
  let unchanged = 0;
  let looked = performance.now();
  return {
    clearAbandoned: () => {
      const holder = holderOf(target);
      const state = holder === undefined ? '' : `${holder.path} ${holder.modified}`;
      const now = performance.now();
      unchanged = state === seen ? unchanged + Math.min(now - looked, longestWatchedPause) : 0;
      seen = state;
      looked = now;
      return holder !== undefined && unchanged >= staleAfter && removed(holder.path);
    },
  };
}

/**
 * Returns the holder's file and its time; undefined if there is none, or if something else is in
 * the directory. Throws `lock-not-a-directory`.
 */
function holderOf(target: string): { readonly path: string; readonly modified: number } | undefined {
  const lock = lockPathOf(target);
  try {
    const stats = lstatSync(lock);
    if (!stats.isDirectory()) {
      const found = stats.isSymbolicLink() ? 'link' : stats.isFile() ? 'file' : 'other';
      throw new Failure({ kind: 'lock-not-a-directory', path: target, lock, found });
    }
    const names = readdirSync(lock);
    // On Windows a directory does not replace even an empty one.
    if (names.length === 0) rmdirSync(lock);
    const [name = ''] = names;
    if (names.length !== 1 || !nonceShape.test(name)) return undefined;
    const path = pathIn(lock, name);
    return { path, modified: modifiedTimeOf(path) };
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}

/** Opens the file: network file systems guarantee fresh attributes only then. */
function modifiedTimeOf(path: string): number {
  const descriptor = openSync(path, 'r');
  try {
    return fstatSync(descriptor).mtimeMs;
  } finally {
    closeSync(descriptor);
  }
}

function removed(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return false;
  }
}
