import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { makeTemporaryPath } from './leftover.ts';
import { attempt, systemCodeOf, unlessAbsent } from './system-error.ts';
import type { Undo } from './undo.ts';

/**
 * Writes a new content beside its target, synced, under a name that nobody can foresee, for this user's eyes only from the first moment on.
 *
 * Mode and owner are those of the file that it is to replace. Where owner or group cannot be kept, or the file is one that this user may not
 * write to, `file-unusable` is thrown: a file that quietly changes hands may get out of its owner's reach, or into another's.
 * What a rename cannot keep are hard links to the target, and access lists beyond the mode.
 * @param text the bytes as latin1
 * @param replaced the user's file that stands at the target, undefined where there is none or its mode does not matter
 * @returns the path of what was written
 */
export function stageFile(
  target: string,
  text: string,
  replaced: Stats | undefined,
  noFollow: number,
  undo: Undo,
): string {
  const temporary = makeTemporaryPath(target);
  if (replaced !== undefined) attempt('write', target, () => closeSync(openSync(target, constants.O_WRONLY)));
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow;
  const descriptor = attempt('write', target, () => openSync(temporary, flags, 0o600));
  undo.add(() => unlinkSync(temporary));
  try {
    attempt('write', target, () => writeWhole(descriptor, Buffer.from(text, 'latin1')));
    // A change of owner takes special bits away, so the mode comes last; and a umask may have taken away bits of 0600.
    if (replaced !== undefined) attempt('keep the owner of', target, () => keepOwner(descriptor, replaced));
    attempt('write', target, () => fchmodSync(descriptor, replaced === undefined ? 0o600 : replaced.mode & 0o7777));
    attempt('write', target, () => fsyncSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
  return temporary;
}

/**
 * Gives the file that stands at the target a second name, by which it can be put back, or be seen to have been written to by someone who
 * had it open. Where the file system or its rules allow no second name, a copy serves, which can do the first only.
 * @returns that name; undefined where nothing stands at the target
 */
export function keepAside(target: string): string | undefined {
  const aside = makeTemporaryPath(target);
  return attempt('write', target, () =>
    unlessAbsent(() => {
      try {
        linkSync(target, aside);
      } catch (error) {
        if (systemCodeOf(error) === undefined || systemCodeOf(error) === 'ENOENT') throw error;
        copyAside(target, aside);
      }
      return aside;
    }),
  );
}

/** By position, which nothing else in a Node process does: so these writes can be told from the others when a fault is to meet them. */
function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done, bytes.length - done, done);
}

function copyAside(target: string, aside: string): void {
  const stats = lstatSync(target);
  copyFileSync(target, aside, constants.COPYFILE_EXCL);
  const descriptor = openSync(aside, constants.O_RDWR);
  try {
    keepOwner(descriptor, stats);
    fchmodSync(descriptor, stats.mode & 0o7777);
    fsyncSync(descriptor);
  } catch (error) {
    unlinkSync(aside);
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

function keepOwner(descriptor: number, { uid, gid }: Stats): void {
  const made = fstatSync(descriptor);
  if (made.uid !== uid || made.gid !== gid) fchownSync(descriptor, uid, gid);
}
