import { join } from 'node:path';
import { applyEdits } from '../config-file/text-edit.ts';
import { undoProfile } from '../config-file/undo.ts';
import { Failure, type FailureFacts } from '../failure.ts';
import type { Files, World } from '../world/world.ts';
import { removeCachedSessions } from './cached-sessions.ts';
import {
  isJobOver,
  type JobRecord,
  jobRecordFileName,
  type RecordedProfile,
  readJobRecord,
  undoFor,
} from './job-record.ts';
import { withConfigLock } from './write.ts';

export type UndoneProfile =
  | { readonly kind: 'removed' | 'restored' | 'not-there'; readonly profile: string; readonly config: string }
  /** The section belongs to the job `by` now, or to none. */
  | {
      readonly kind: 'left';
      readonly profile: string;
      readonly config: string;
      readonly line: number;
      readonly by: string | undefined;
    };

/**
 * Restores the shared config files and removes the job's directory. `lockTimeout` is in ms. Throws
 * `Failure` of the file kinds; earlier steps stay undone.
 */
export async function undoJob(
  directory: string,
  record: JobRecord,
  files: Files,
  lockTimeout?: number,
): Promise<readonly UndoneProfile[]> {
  const outcomes: UndoneProfile[] = [];
  // Latest first, so that each finds the file as it left it.
  for (const recorded of record.profiles.toReversed()) {
    if (!recorded.config.startsWith(join(directory, '/'))) {
      outcomes.push(await undoRecordedProfile(recorded, files, lockTimeout));
    }
  }
  files.removePrivateDirectory(directory);
  return outcomes;
}

async function undoRecordedProfile(
  recorded: RecordedProfile,
  files: Files,
  lockTimeout: number | undefined,
): Promise<UndoneProfile> {
  const { config, profile } = recorded;
  const gone: UndoneProfile = { kind: 'not-there', profile, config };
  if (files.read(config) === undefined) return gone;
  const attempt = () => {
    const before = files.read(config);
    return before === undefined ? gone : undoIn(before, recorded, files);
  };
  return await withConfigLock(config, files, attempt, lockTimeout);
}

function undoIn(before: string, recorded: RecordedProfile, files: Files): UndoneProfile | undefined {
  const { config, profile, madeFile } = recorded;
  const undo = undoFor(recorded, before);
  const undone = undoProfile(before, undo);
  if (undone.kind === 'not-there') return { kind: 'not-there', profile, config };
  if (undone.kind === 'left') return { kind: 'left', profile, config, line: undone.line, by: undone.by };
  const after = applyEdits(before, undone.edits);
  const text = after === '' && madeFile ? undefined : after;
  if (!files.replace([{ kind: 'user', path: config, text, expected: before }])) return undefined;
  return { kind: undo.original === undefined ? 'removed' : 'restored', profile, config };
}

export interface Leftover {
  readonly path: string;
  readonly facts: FailureFacts;
}

/**
 * In milliseconds. A token lives for 24 hours at most, so no running job needs an older directory.
 */
const longestJob = 25 * 60 * 60 * 1000;

/** The longest time (ms) that one login spends on what other jobs left. */
const longestRemoval = 500;

/**
 * Removes the directories, profiles and cached sessions of jobs that are over, since a stopped job
 * runs no epilogue. A directory needs a job record; one that cannot be read counts by its age.
 * Returns those that it cannot remove. After half a second it leaves the rest to later logins.
 */
export async function removeExpiredJobs(
  jobs: string,
  ownJob: string,
  world: Pick<World, 'files' | 'clock' | 'random' | 'environment' | 'platform' | 'processTable'>,
): Promise<readonly Leftover[]> {
  const { files, clock, random } = world;
  const leftovers: Leftover[] = [];
  const removed: JobRecord[] = [];
  const names = files.listPrivateDirectories(jobs).filter((name) => name !== ownJob);
  // A random start: directories that cannot be removed must not take up every login's time.
  const start = Math.floor(random() * names.length);
  const end = clock.now().getTime() + longestRemoval;
  for (const name of [...names.slice(start), ...names.slice(0, start)]) {
    const timeLeft = end - clock.now().getTime();
    if (timeLeft <= 0) break;
    const path = join(jobs, name);
    try {
      const record = await removeIfOver(path, timeLeft, world);
      if (record !== undefined) removed.push(record);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // Another login is writing the config file. A later login removes the directory.
      if (error.facts.kind !== 'file-locked') leftovers.push({ path, facts: error.facts });
    }
  }
  // Once for all jobs, since each call reads the whole cache.
  removeCachedSessions(removed, world);
  return leftovers;
}

/** Returns the record of the removed job. */
async function removeIfOver(
  path: string,
  lockTimeout: number,
  world: Pick<World, 'files' | 'clock' | 'processTable'>,
): Promise<JobRecord | undefined> {
  const { files, clock } = world;
  const record = readJobRecord(path, files);
  if (record !== undefined) {
    if (!isJobOver(record, world)) return undefined;
    await undoJob(path, record, files, lockTimeout);
    return record;
  }
  const written = files.modifiedPrivate(join(path, jobRecordFileName));
  if (written !== undefined && clock.now().getTime() - written.getTime() > longestJob)
    files.removePrivateDirectory(path);
  return undefined;
}
