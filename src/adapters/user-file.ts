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
 * How long (ms) a file must be unchanged before its content is used: `aws configure set` and others
 * empty the file first and then fill it. An empty file takes longer.
 */
const settleTime = { filled: 20, empty: 1000 };

/** Reads of a file that keeps changing, before its content is used anyway. */
const maxReads = 100;

/** The largest file (MiB) that is read. A config file of this size takes seconds to edit. */
const maxMegabytes = 8;

/** How often to look at a path that other logins make and remove. */
const maxLooks = 10;

/**
 * Returns the path of a user file, existing or not, behind all links, which stay when the file is
 * replaced. Throws `file-unusable` for a dangling link, a loop, or denied access.
 */
export function userTargetOf(path: string): string {
  return attempt('read', path, () => {
    try {
      return realpathSync.native(path);
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') throw error;
      const stats = ifExists(() => lstatSync(path));
      if (stats?.isSymbolicLink()) throw error;
      // Another process has just made it: two first logins at once.
      if (stats !== undefined) return userTargetOf(path);
    }
    const directory = userTargetOf(dirname(path));
    const name = basename(path);
    return name === '.' || name === '..' ? join(directory, name) : pathIn(directory, name);
  });
}

/** Returns the text of a user's file; undefined if there is none. Throws `file-unusable`. */
export function readUserFile(path: string): string | undefined {
  const target = userTargetOf(path);
  return attempt('read', path, () => readSettled(path, target));
}

/**
 * Returns the content of a user file without waiting until it is complete; undefined if missing.
 */
export function readNow(target: string): string | undefined {
  return attempt('read', target, () => readOnce(target, target)?.text);
}

/** Returns the stats of a user file; undefined if missing. Throws if it is not a regular file. */
export function statsOfUserFile(path: string, target: string): Stats | undefined {
  const stats = attempt('read', path, () => ifExists(() => lstatSync(target)));
  if (stats !== undefined) rejectUnlessFile(path, stats);
  return stats;
}

/**
 * Whether this user could write a file at the path, or in it if it is a directory, by permissions.
 */
export function isWritable(path: string): boolean {
  for (let looks = 1; ; looks++) {
    try {
      return looksWritable(path);
    } catch (error) {
      const code = systemCodeOf(error);
      if (code === undefined) throw error;
      // Other logins make and remove the same directory. Only a dangling link stays missing.
      if (code !== 'ENOENT' || looks === maxLooks) return false;
    }
  }
}

function looksWritable(path: string): boolean {
  if (!exists(path)) return isWritable(dirname(path));
  if (statSync(path).isDirectory()) return canAccess(path, constants.W_OK | constants.X_OK);
  return (
    canAccess(path, constants.W_OK) && canAccess(dirname(realpathSync.native(path)), constants.W_OK | constants.X_OK)
  );
}

function exists(path: string): boolean {
  return ifExists(() => lstatSync(path)) !== undefined;
}

function canAccess(path: string, mode: number): boolean {
  accessSync(path, mode);
  return true;
}

function readSettled(path: string, target: string): string | undefined {
  for (let read = 1; ; read++) {
    const seen = readOnce(path, target);
    if (seen === undefined) return undefined;
    // A negative age comes from a file server's clock that is ahead, and means nothing.
    const needed = seen.text === '' ? settleTime.empty : settleTime.filled;
    if (read === maxReads || seen.age < 0 || seen.age >= needed) return seen.text;
    pause(10);
  }
}

function readOnce(path: string, target: string): { readonly text: string; readonly age: number } | undefined {
  return ifExists(() => {
    // Opening a named pipe would wait for a writer. Windows has no such flag.
    const descriptor = openSync(target, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const stats = fstatSync(descriptor);
      rejectUnlessFile(path, stats);
      const text = readOpened(path, descriptor, stats);
      return { text, age: Date.now() - fstatSync(descriptor).mtimeMs };
    } finally {
      closeSync(descriptor);
    }
  });
}

/** Returns the text of an open file, as latin1. Throws `file-too-large`. */
export function readOpened(path: string, descriptor: number, { size }: Stats): string {
  if (size > maxMegabytes * 2 ** 20) throw new Failure({ kind: 'file-too-large', path, megabytes: maxMegabytes });
  return readFileSync(descriptor, 'latin1');
}

function rejectUnlessFile(path: string, stats: Stats): void {
  if (stats.isDirectory()) throw new Failure({ kind: 'file-unusable', path, operation: 'read', code: 'EISDIR' });
  if (!stats.isFile()) throw new Failure({ kind: 'file-unsafe', path, reason: 'not-a-file' });
}

/** Waits synchronously, so that no signal handler runs between reading and replacing. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/** Whether the file's mode lets every user read it; false on Windows, where modes mean nothing. */
export function isOpenToAll(path: string, uid: number | undefined): boolean {
  if (uid === undefined) return false;
  const stats = attempt('read', path, () => ifExists(() => statSync(path)));
  return stats !== undefined && (stats.mode & constants.S_IROTH) !== 0;
}
