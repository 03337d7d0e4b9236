import { spawnSync } from 'node:child_process';
import { lstatSync, readdirSync, realpathSync, type Stats } from 'node:fs';
import { platform } from 'node:os';
import { basename, dirname } from 'node:path';
import type { ReplacementLoss } from '../world/world.ts';
import { pathIn } from './directory.ts';
import { isTemporaryNameOf } from './leftovers.ts';
import { ifExists, systemCodeOf } from './system-error.ts';

/** Effective user id and all groups. Undefined on Windows. */
export interface User {
  readonly uid: number | undefined;
  readonly groups: readonly number[];
}

/** How often to look at a file that other logins are replacing. */
const maxLooks = 10;

/**
 * Returns what the replacement of a file, behind any links, would lose. Undefined if nothing, or if
 * the path is not a file or cannot be read.
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
 * While a login replaces the file, it has a second name, which a killed login leaves. Such names do
 * not count. The file must be the same before and after the names are read.
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
 * `ls` shows that, which takes milliseconds; `-n` prevents look-ups of names. Apple's lists apply
 * whatever the mode, and `-e` shows them.
 */
function hasAccessList(target: string, { mode }: Stats): boolean {
  const isApple = platform() === 'darwin';
  // A POSIX list grants at most the group's bits, and denies only what others have.
  if (!isApple && (mode & 0o077) === 0) return false;
  const parameters = [isApple ? '-dne' : '-dn', '--', target, dirname(target)];
  const { stdout } = spawnSync('ls', parameters, { env: {}, encoding: 'latin1' });
  return /^(?:[-d][-rwxsStT]{9}\+| \d+: )/m.test(stdout ?? '');
}
