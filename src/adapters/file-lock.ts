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
import { makeDirectory, makeTemporaryPath, pathIn, removeTree } from './directory.ts';
import { attempt, ifExists, quietly, systemCodeOf } from './system-error.ts';
import type { UndoSteps } from './undo-steps.ts';

/**
 * The lock of a file: a directory beside it that holds one empty file, whose name is the holder's nonce.
 *
 * - Taken: the directory is made complete under another name and renamed into place. The system lets a directory replace an empty one or none,
 *   never one that holds something: so of many that try, one wins, and no one ever sees a lock without its holder.
 * - Given back, or taken from a dead holder: the file with *that holder's* name is unlinked. This is what a lock file cannot have: removing
 *   "the lock" could hit the one that someone else has taken since one looked, and two thieves of one lock would both think they have it. Here
 *   the second thief finds that the name is gone, and a holder that returns late finds the same, and harms nobody.
 *   What is left is an empty directory, which is no lock; whoever sees one may remove it.
 * - Alive: the holder gives its file a new time every two seconds. Nobody compares clocks: a waiter sees whether anything changed, and for how
 *   long it has itself been looking at the same thing. Time in which it did not look (stopped, or its machine asleep, and so perhaps the
 *   holder) does not count. Process ids are not used: containers that share a directory do not share processes.
 *
 * One thing no lock without the system's help can do: stop a holder that sleeps beyond its time just before its rename. Hence the beat before each
 * replacement, which tells whether the lock still is ours and starts the time anew, and the comparison of the file with what was read.
 */
export interface HeldLock {
  /** Whether it is still ours; if so, the time after which it counts as abandoned starts anew. */
  beat(): boolean;
}

/** How a living holder is told from a dead one. */
export interface LockTiming {
  /** Milliseconds without a change after which a holder is taken to be dead. */
  readonly staleAfter: number;
  /** Milliseconds between two signs of life. */
  readonly beatEvery: number;
}

const nonceShape = /^[0-9a-f]{32}$/;

/** What a system says when a directory is renamed onto something that is not an empty directory. */
const occupied: readonly (string | undefined)[] = ['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM', 'EBUSY'];

/** The longest time (milliseconds) between two looks that counts as time of looking. */
const longestLook = 500;

/**
 * Waits up to `timeout` milliseconds for the lock of a file whose directory is there, then throws `file-locked`.
 * @param target the file itself, behind any links, so that all ways to it lead to one lock
 * @param undo gets what gives the lock back
 */
export async function takeLock(
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
    // Whatever the umask: those that wait have to read it.
    chmodSync(holder, 0o600);
  });
  const taken = () => attempt('lock', target, () => moved(candidate, lock));
  if (!taken()) await waitFor(taken, target, timeout, timing);
  return hold(target, lock, nonce, timing.beatEvery, undo);
}

async function waitFor(taken: () => boolean, target: string, timeout: number, timing: LockTiming): Promise<void> {
  const lock = lockPathOf(target);
  const watch = makeWatch(lock, timing.staleAfter);
  const start = performance.now();
  for (let pause = 5; !taken(); pause = Math.min(pause * 1.3, 100)) {
    if (watch.clearAbandoned()) continue;
    const waited = performance.now() - start;
    if (waited >= timeout)
      throw new Failure({ kind: 'file-locked', path: target, lock, seconds: Math.round(waited / 1000) });
    // Jitter, or all that wait for one lock would look at the same time.
    await sleep(pause * (0.5 + Math.random()));
  }
}

/** The directory that is the lock of a file. */
export function lockPathOf(target: string): string {
  return pathIn(dirname(target), `.${basename(target)}.sem-aws-login-lock`);
}

function moved(candidate: string, lock: string): boolean {
  try {
    renameSync(candidate, lock);
    return true;
  } catch (error) {
    if (occupied.includes(systemCodeOf(error))) return false;
    throw error;
  }
}

function hold(target: string, lock: string, nonce: string, beatEvery: number, undo: UndoSteps): HeldLock {
  const holder = pathIn(lock, nonce);
  const beat = (): boolean =>
    attempt('lock', target, () => {
      const now = new Date();
      return ifExists(() => utimesSync(holder, now, now) === undefined) ?? false;
    });
  const timer = setInterval(() => quietly(beat), beatEvery).unref();
  undo.add(() => rmdirSync(lock));
  undo.add(() => unlinkSync(holder));
  undo.add(() => clearInterval(timer));
  return { beat };
}

interface Watch {
  /** Removes the holder if nothing about it has changed for too long. Whether it did, so that the lock may be free now. */
  clearAbandoned(): boolean;
}

function makeWatch(lock: string, staleAfter: number): Watch {
  let seen = '';
  let unchanged = 0;
  let looked = performance.now();
  return {
    clearAbandoned: () => {
      const holder = holderOf(lock);
      const state = holder === undefined ? '' : `${holder.path} ${holder.sign}`;
      const now = performance.now();
      unchanged = state === seen ? unchanged + Math.min(now - looked, longestLook) : 0;
      seen = state;
      looked = now;
      return holder !== undefined && unchanged >= staleAfter && removed(holder.path);
    },
  };
}

/** Who holds the lock and its last sign of life; undefined where no one does, or something stands there that is not a lock of ours. */
function holderOf(lock: string): { readonly path: string; readonly sign: number } | undefined {
  try {
    if (!lstatSync(lock).isDirectory()) return undefined;
    const names = readdirSync(lock);
    // On Windows a directory does not replace even an empty one.
    if (names.length === 0) rmdirSync(lock);
    const [name = ''] = names;
    if (names.length !== 1 || !nonceShape.test(name)) return undefined;
    const path = pathIn(lock, name);
    return { path, sign: signOf(path) };
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}

/** Opened, not just looked up: network file systems promise news only to who opens a file. */
function signOf(path: string): number {
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
