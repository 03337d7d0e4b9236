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
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Replacement } from '../world/world.ts';
import { makeMissingDirectories, syncDirectory } from './directory.ts';
import { makeTemporaryPath } from './leftovers.ts';
import { checkPrivateFile, makePrivateDirectories, noFollow, type PrivateTree } from './private-file.ts';
import { attempt, ifExists, quietly, systemCodeOf } from './system-error.ts';
import { makeUndoSteps, type UndoSteps } from './undo-steps.ts';
import { readNow, statsOfUserFile, userTargetOf } from './user-file.ts';

interface Step {
  readonly replacement: Replacement;
  readonly target: string;
  /** The path of the new content; undefined to remove the file. */
  readonly staged: string | undefined;
}

/** `aside` is a second name of the original file, if there was one. */
interface FinishedStep extends Step {
  readonly aside: string | undefined;
}

/**
 * Replaces all files or none, see `Files.replace`.
 *
 * Other programs ignore our lock. Most write as `aws configure set` does: read, empty, fill in
 * place. To keep their changes, three checks are made:
 * - before the renames: each user file still holds what was read;
 * - after them: no program that had the original open wrote to it (its second name shows that);
 * - also after them: the new file is still ours, and no program wrote the original back.
 *
 * If a check fails, everything is undone, and the caller edits what the other program wrote. A
 * program that takes longer between reading and writing than we take from rename to last check can
 * still overwrite our change.
 * @param isStillLocked called last before the renames
 */
export function replaceAll(
  tree: PrivateTree,
  replacements: readonly Replacement[],
  isStillLocked: () => boolean,
): boolean {
  const undo = makeUndoSteps();
  const toSync = new Set<string>();
  try {
    const steps = replacements.map((replacement) => prepare(tree, replacement, toSync, undo));
    if (isStillLocked() && steps.every(isAsExpected)) {
      const made = steps.map((step) => replaceFile(step, undo));
      for (const directory of toSync) syncDirectory(directory);
      if (made.every(isUndisturbed)) {
        for (const { aside } of made) if (aside !== undefined) quietly(() => unlinkSync(aside));
        return true;
      }
    }
  } catch (error) {
    undo.run();
    throw error;
  }
  undo.run();
  return false;
}

function prepare(tree: PrivateTree, replacement: Replacement, toSync: Set<string>, undo: UndoSteps): Step {
  const { kind, path, text } = replacement;
  const isPrivate = kind === 'private';
  const target = isPrivate ? path : userTargetOf(path);
  const directory = dirname(target);
  const made = (missing: string) => {
    undo.add(() => rmdirSync(missing));
    toSync.add(dirname(missing));
  };
  if (isPrivate) {
    makePrivateDirectories(tree, directory, made);
    checkPrivateFile(tree, target);
  } else if (text !== undefined) {
    makeMissingDirectories(directory, made);
  }
  tree.removeLeftovers(directory);
  if (text === undefined) return { replacement, target, staged: undefined };
  toSync.add(directory);
  const replaced = isPrivate ? undefined : statsOfUserFile(path, target);
  return { replacement, target, staged: stageFile(target, text, replaced, noFollow(tree), undo) };
}

function isAsExpected({ replacement, target }: Step): boolean {
  return (
    replacement.kind === 'private' ||
    (userTargetOf(replacement.path) === target && readNow(target) === replacement.expected)
  );
}

function replaceFile(step: Step, undo: UndoSteps): FinishedStep {
  const { staged, target } = step;
  const made = { ...step, aside: keepAside(target) };
  undo.add(() => restore(made));
  if (staged !== undefined) attempt('write', target, () => renameSync(staged, target));
  else attempt('remove', target, () => ifExists(() => unlinkSync(target)));
  return made;
}

function isUndisturbed(made: FinishedStep): boolean {
  const { replacement, aside } = made;
  return (
    replacement.kind === 'private' || (isOurs(made) && (aside === undefined || readNow(aside) === replacement.expected))
  );
}

/** Keeps what another program has written since. A second name stays if it cannot be restored. */
function restore(made: FinishedStep): void {
  const { target, aside } = made;
  if (isOurs(made)) {
    if (aside === undefined) unlinkSync(target);
    else renameSync(aside, target);
  }
  if (aside !== undefined) unlinkSync(aside);
}

function isOurs({ replacement, target }: Step): boolean {
  return readNow(target) === replacement.text;
}

/**
 * Writes and syncs new content beside its target, under an unpredictable name, private at first.
 * Keeps mode and owner of the replaced file. Throws `file-unusable` if this user cannot keep them,
 * or cannot write to the file: its owner could lose access, or another user gain it.
 * @param text the bytes as latin1
 * @param replaced the existing user file; undefined if there is none or its mode does not matter
 * @returns the path of the new content
 */
function stageFile(
  target: string,
  text: string,
  replaced: Stats | undefined,
  noFollow: number,
  undo: UndoSteps,
): string {
  const temporary = makeTemporaryPath(target);
  if (replaced !== undefined) attempt('write', target, () => closeSync(openSync(target, constants.O_WRONLY)));
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | noFollow;
  const descriptor = attempt('write', target, () => openSync(temporary, flags, 0o600));
  undo.add(() => unlinkSync(temporary));
  try {
    attempt('write', target, () => writeWhole(descriptor, Buffer.from(text, 'latin1')));
    // The mode comes last: a change of owner clears special bits, and the umask can clear bits of
    // 0600.
    if (replaced !== undefined) attempt('keep the owner of', target, () => keepOwner(descriptor, replaced));
    attempt('write', target, () => fchmodSync(descriptor, replaced === undefined ? 0o600 : replaced.mode & 0o7777));
    attempt('write', target, () => fsyncSync(descriptor));
  } finally {
    closeSync(descriptor);
  }
  return temporary;
}

/**
 * Gives the target a second name, to restore it, or to detect a write by a program that had it
 * open. A file system without hard links gets a copy, which can only be restored.
 * @returns that name; undefined if there is no target
 */
function keepAside(target: string): string | undefined {
  const aside = makeTemporaryPath(target);
  return attempt('write', target, () =>
    ifExists(() => {
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

/**
 * Writes at a position: fault tests recognize these writes, since Node makes no others like them.
 */
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
