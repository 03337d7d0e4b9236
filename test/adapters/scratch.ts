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
import { geteuid } from 'node:process';
import { onTestFinished } from 'vitest';
import { type Disk, type DiskOptions, makeDisk } from '../../src/adapters/disk.ts';
import { Failure } from '../../src/failure.ts';
import { skipped } from '../skips.ts';

/** This process's user, as `main.ts` would tell the disk. */
export const uid = geteuid?.();

/** Somebody who is neither root nor the one who runs the tests. */
export const stranger = 54_321;

/** Whether files can be given to the stranger: only root can. */
export const canGiveAway = uid === 0;
if (!canGiveAway) skipped('files that belong to someone else', 'only root can give a file away');

/** A new directory of this user's, gone when the test is over. */
export function makeScratch(): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'sem-aws-login-disk-')));
  chmodSync(directory, 0o700);
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** The disk as the program has it, its own root at `<directory>/own`. */
export function makeTestDisk(directory: string, options: Partial<DiskOptions> = {}): Disk {
  return makeDisk({ privateRoots: [join(directory, 'own')], uid, ...options });
}

/** All that is below a directory: a line each, `path mode kind content`, sorted; owners only where they are not this user. */
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

/** The facts of the failure that an action ends in, without its path's scratch directory; a returned value is given as it is. */
export function outcomeOf(directory: string, action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return JSON.parse(JSON.stringify(error.facts).replaceAll(directory, ''));
  }
}

/** Runs something as the stranger, who is in no group but their own. */
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
