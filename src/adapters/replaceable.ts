import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { platform } from 'node:os';
import { basename, dirname } from 'node:path';
import type { ReplacementLoss } from '../world/world.ts';
import { pathIn } from './directory.ts';
import { isTemporaryNameOf } from './leftovers.ts';
import { ifExists, systemCodeOf } from './system-error.ts';

/** The user of this process: the effective user id, and all groups. Undefined on Windows. */
export interface User {
  readonly uid: number | undefined;
  readonly groups: readonly number[];
}

/** Looks at a file that other logins are replacing, before its links count. */
const maxLooks = 10;

/**
 * Returns what the replacement of a file, behind any links, would lose; undefined if nothing, or if
 * it is no file or cannot be looked at.
 */
export function whyNotReplaceable(path: string, user: User): ReplacementLoss | undefined {
  try {
    const target = realpathSync.native(path);
    const stats = lstatSync(target);
    if (!stats.isFile()) return undefined;
    if (hasHardLinks(target, stats)) return 'hard-links';
    if (user.uid === undefined) return undefined;
    if (!canKeepOwner(stats, user)) return 'foreign-owner';
    return hasAccessList(target, stats) ? 'access-list' : undefined;
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}

function canKeepOwner({ uid, gid }: Stats, user: User): boolean {
  return user.uid === 0 || (uid === user.uid && user.groups.includes(gid));
}

/**
 * A login that replaces the file gives it a second name for a moment, and a killed one leaves that
 * name. So these names do not count, and the file must be the same before and after they are read.
 */
function hasHardLinks(target: string, first: Stats): boolean {
  let stats = first;
  for (let looks = 1; stats.nlink > 1 + secondNamesOf(target, stats); looks++) {
    const next = ifExists(() => lstatSync(target));
    if (next === undefined) return false;
    const isSame = next.ino === stats.ino && next.nlink === stats.nlink && next.ctimeMs === stats.ctimeMs;
    if (isSame || looks === maxLooks) return true;
    stats = next;
  }
  return false;
}

function secondNamesOf(target: string, { nlink, ino }: Stats): number {
  if (nlink <= 1) return 0;
  const directory = dirname(target);
  const names = readdirSync(directory).filter((name) => isTemporaryNameOf(basename(target), name));
  return names.filter((name) => ifExists(() => lstatSync(pathIn(directory, name)))?.ino === ino).length;
}

/**
 * Whether the file has an access list, or its directory one that a new file could inherit. Only
 * `ls` shows that, which takes milliseconds. Without variables it is the system's own; `-n` looks
 * up no names. Apple's lists have an effect whatever the mode, and `-e` shows them.
 */
function hasAccessList(target: string, { mode }: Stats): boolean {
  const isApple = platform() === 'darwin';
  // A POSIX list gives no one more than the group's bits, and takes nothing that others do not have.
  if (!isApple && (mode & 0o077) === 0) return false;
  const parameters = [isApple ? '-dne' : '-dn', '--', target, dirname(target)];
  const { stdout } = spawnSync('ls', parameters, { env: {}, encoding: 'latin1' });
  return /^(?:[-d][-rwxsStT]{9}\+| \d+: )/m.test(stdout ?? '');
}
