import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { pathIn } from './directory.ts';
import { attempt, ifExists, systemCodeOf } from './system-error.ts';

/**
 * How long (milliseconds) a file must have been left alone before what is read from it is believed. Writers such as `aws configure set`
 * empty the file and then fill it again, and what one reads in between is not what anybody meant. An empty file is waited for longer.
 */
const calm = { filled: 20, empty: 1000 };

/** How often a reading is begun again for a file that others keep writing, before it is taken as it is. */
const readings = 100;

/**
 * Where a file of the user's really is, or would be: all links followed, so that they stay when the file is replaced.
 * A link that leads nowhere, a loop, and a way that may not be taken throw `file-unusable`.
 */
export function userTargetOf(path: string): string {
  return attempt('read', path, () => {
    try {
      return realpathSync.native(path);
    } catch (error) {
      // Not there to be followed, but there: a link that leads nowhere.
      if (systemCodeOf(error) !== 'ENOENT' || isThere(path)) throw error;
    }
    const directory = userTargetOf(dirname(path));
    const name = basename(path);
    return name === '.' || name === '..' ? join(directory, name) : pathIn(directory, name);
  });
}

/** Returns the text of a user's file; undefined if there is none. Throws `file-unusable`. */
export function readUserFile(path: string): string | undefined {
  const target = userTargetOf(path);
  return attempt('read', path, () => readCalm(path, target));
}

/** What stands in a file of the user's at this moment, finished or not; undefined where nothing is there. */
export function readNow(target: string): string | undefined {
  return attempt('read', target, () => ifExists(() => readFileSync(target, 'latin1')));
}

/** Facts of a file of the user's, undefined where nothing is there; throws for a directory and for what is no file. */
export function statsOfUserFile(path: string, target: string): Stats | undefined {
  const stats = attempt('read', path, () => ifExists(() => lstatSync(target)));
  if (stats !== undefined) refuseUnlessFile(path, stats);
  return stats;
}

/** Whether this user could make or replace a file at the path, or make one in it if it is a directory; nothing is tried out. */
export function isWritable(path: string): boolean {
  try {
    const stats = ifExists(() => statSync(path));
    if (stats === undefined) return !isThere(path) && isWritable(dirname(path));
    if (stats.isDirectory()) return mayUse(path, constants.W_OK | constants.X_OK);
    return mayUse(path, constants.W_OK) && mayUse(dirname(realpathSync.native(path)), constants.W_OK | constants.X_OK);
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return false;
  }
}

function isThere(path: string): boolean {
  return ifExists(() => lstatSync(path)) !== undefined;
}

function mayUse(path: string, mode: number): boolean {
  accessSync(path, mode);
  return true;
}

function readCalm(path: string, target: string): string | undefined {
  for (let reading = 1; ; reading++) {
    const seen = readOnce(path, target);
    if (seen === undefined) return undefined;
    // A clock of a file server that runs ahead makes the age negative: nothing can be told from it then.
    const unrest = seen.text === '' ? calm.empty : calm.filled;
    if (reading === readings || seen.age < 0 || seen.age >= unrest) return seen.text;
    pause(10);
  }
}

function readOnce(path: string, target: string): { readonly text: string; readonly age: number } | undefined {
  return ifExists(() => {
    // A named pipe would keep us waiting for a writer that may never come. Windows has no such flag.
    const descriptor = openSync(target, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      refuseUnlessFile(path, fstatSync(descriptor));
      const text = readFileSync(descriptor, 'latin1');
      return { text, age: Date.now() - fstatSync(descriptor).mtimeMs };
    } finally {
      closeSync(descriptor);
    }
  });
}

function refuseUnlessFile(path: string, stats: Stats): void {
  if (stats.isDirectory()) throw new Failure({ kind: 'file-unusable', path, operation: 'read', code: 'EISDIR' });
  if (!stats.isFile()) throw new Failure({ kind: 'file-unsafe', path, reason: 'not-a-file' });
}

/** Waits so many milliseconds without giving way: what reads and replaces is to run through, signals and all. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Whether the file's mode lets everyone read it; without a user id (Windows) modes say nothing. */
export function isOpenToAll(path: string, uid: number | undefined): boolean {
  if (uid === undefined) return false;
  const stats = attempt('read', path, () => ifExists(() => statSync(path)));
  return stats !== undefined && (stats.mode & constants.S_IROTH) !== 0;
}
