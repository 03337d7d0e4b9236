import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { geteuid, getgroups } from 'node:process';
import { onTestFinished } from 'vitest';
import { type Disk, type DiskOptions, makeDisk } from '../../src/adapters/disk.ts';
import { Failure } from '../../src/failure.ts';
import { skipped } from '../skips.ts';

/** This process's user, as in `main.ts`. */
export const uid = geteuid?.();

/** A user who is neither root nor the one running the tests. */
export const stranger = 54_321;

/** Only root can give files to another user. */
export const canGiveAway = uid === 0;
if (!canGiveAway) skipped('files that belong to someone else', 'only root can give a file away');

/** Makes a directory that is removed after the test. */
export function makeScratch(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'sem-aws-login-disk-')));
  chmodSync(directory, 0o700);
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The program's disk, with its private root at `<directory>/own`. */
export function makeTestDisk(directory: string, options: Partial<DiskOptions> = {}): Disk {
  return makeDisk({ privateRoots: [join(directory, 'own')], uid, groups: getgroups?.() ?? [], ...options });
}

/**
 * Lists a directory's contents as sorted lines, `path mode kind content`, with the owner if it is
 * another user.
 */
export function treeOf(directory: string, prefix = ''): readonly string[] {
  return readdirSync(join(directory, prefix))
    .sort()
    .flatMap((name) => {
      const path = join(prefix, name);
      const stats = lstatSync(join(directory, path));
      const owner = stats.uid === uid ? '' : ` of ${stats.uid}`;
      const mode = (stats.mode & 0o7777).toString(8);
      if (stats.isSymbolicLink()) return [`${path} -> ${readlinkSync(join(directory, path))}`];
      if (stats.isDirectory()) return [`${path}/ ${mode}${owner}`, ...treeOf(directory, path)];
      return [`${path} ${mode}${owner} ${JSON.stringify(readFileSync(join(directory, path), 'latin1'))}`];
    });
}

/**
 * Returns the action's value, or the facts of its failure with paths relative to the scratch
 * directory.
 */
export function outcomeOf(directory: string, action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return JSON.parse(JSON.stringify(error.facts).replaceAll(directory, ''));
  }
}

/** Runs an action as the stranger, without other groups. */
export function asStranger<T>(action: () => T): T {
  const groups = process.getgroups?.() ?? [];
  process.setgroups?.([]);
  process.setegid?.(stranger);
  process.seteuid?.(stranger);
  try {
    return action();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(groups);
  }
}
