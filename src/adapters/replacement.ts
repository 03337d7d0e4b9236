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
import { makeMissingDirectories, makeTemporaryPath, removeLeftovers, syncDirectory } from './directory.ts';
import { checkPrivateFile, makePrivateDirectories, noFollow, type PrivateTree } from './private-file.ts';
import { attempt, ifExists, quietly, systemCodeOf } from './system-error.ts';
import { makeUndoSteps, type UndoSteps } from './undo-steps.ts';
import { readNow, statsOfUserFile, userTargetOf } from './user-file.ts';

/** One replacement, ready to be made with a single rename. */
interface Step {
  readonly replacement: Replacement;
  /** The file itself, behind any links. */
  readonly target: string;
  /** The new content beside the target; undefined where the file is to go. */
  readonly staged: string | undefined;
}

/** A step that was made, and the name by which the former file can still be had. */
interface StepMade extends Step {
  readonly aside: string | undefined;
}

/**
 * Replaces all these files or none, as `Files.replace` promises.
 *
 * Others may write the same file, and know nothing of our lock. Most do it as `aws configure set` does: they read it, empty it and fill it
 * again, in place. What we write must not swallow their change, so we look three times:
 * - before the renames, whether each file of the user's still holds what was read;
 * - after them, whether anything was written to the former file, which has a second name until then: someone had opened it before our rename,
 *   and it is put back;
 * - at the same time, whether the new file still is what we wrote: someone had read the former one and wrote it back over ours.
 * In all three cases nothing of ours stays, and the edit is made anew on what the other one wrote. What remains is a writer who takes
 * longer from its reading to its writing than we take from our rename to our last look; nothing short of its cooperation closes that.
 * @param mayStill asked last before the renames: false if the lock under which this is done has been lost
 */
export function replaceAll(tree: PrivateTree, replacements: readonly Replacement[], mayStill: () => boolean): boolean {
  const undo = makeUndoSteps();
  const toSync = new Set<string>();
  try {
    const steps = replacements.map((replacement) => prepare(tree, replacement, toSync, undo));
    if (mayStill() && steps.every(isAsExpected)) {
      const made = steps.map((step) => putInPlace(step, undo));
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
  removeLeftovers(directory, tree.uid, tree.leftoverAge);
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

function putInPlace(step: Step, undo: UndoSteps): StepMade {
  const { staged, target } = step;
  const made = { ...step, aside: keepAside(target) };
  undo.add(() => putBack(made));
  if (staged !== undefined) attempt('write', target, () => renameSync(staged, target));
  else attempt('remove', target, () => ifExists(() => unlinkSync(target)));
  return made;
}

function isUndisturbed(made: StepMade): boolean {
  const { replacement, aside } = made;
  return (
    replacement.kind === 'private' || (isOurs(made) && (aside === undefined || readNow(aside) === replacement.expected))
  );
}

/** What someone else has made of the file since is theirs, and stays. Where the former file cannot be put back, its second name stays. */
function putBack(made: StepMade): void {
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
 * Writes a new content beside its target, synced, under a name that nobody can foresee, for this user's eyes only from the first moment on.
 *
 * Mode and owner are those of the file that it is to replace. Where owner or group cannot be kept, or the file is one that this user may not
 * write to, `file-unusable` is thrown: a file that quietly changes hands may get out of its owner's reach, or into another's.
 * What a rename cannot keep are hard links to the target, and access lists beyond the mode.
 * @param text the bytes as latin1
 * @param replaced the user's file that stands at the target, undefined where there is none or its mode does not matter
 * @returns the path of what was written
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
