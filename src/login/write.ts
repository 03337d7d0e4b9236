import { dirname, join } from 'node:path';
import type { ProfileWarning } from '../config-file/check.ts';
import { editProfile, type ProfileRefusal } from '../config-file/edit.ts';
import { managingJobOfProfile } from '../config-file/find.ts';
import { readConfig } from '../config-file/read.ts';
import { applyEdits } from '../config-file/text-edit.ts';
import { Failure, type FailureFacts } from '../failure.ts';
import { toByteText } from '../text/byte-text.ts';
import type { Files, ProcessIdentity, Replacement } from '../world/world.ts';
import { cacheFileName } from './cache.ts';
import { type ConfigChoice, chooseConfig, type ReplacedRole } from './config-choice.ts';
import { readIfPossible } from './input-files.ts';
import {
  type ExportedVariables,
  type JobRecord,
  jobRecordFileName,
  makeJobRecordText,
  ownersWith,
  type RecordedProfile,
  readJobRecord,
  undoFor,
} from './job-record.ts';
import { type LoginPaths, tokenFileName } from './paths.ts';
import type { LoginProfile } from './plan.ts';

export interface LoginFiles {
  readonly paths: LoginPaths;
  readonly job: string;
  readonly profiles: readonly LoginProfile[];
  readonly overwriteProfile: boolean;
  /** Undefined for a --token-file, which is used in place. */
  readonly token: string | undefined;
  /** Undefined to leave the `credentials` cache as it is. */
  readonly cache: string | undefined;
  /** Undefined for `exec`, which sets the environment itself. */
  readonly envFile: ((paths: LoginPaths) => EnvFile) | undefined;
  /** Returns what the env file, or `exec`, changes with the chosen config file. */
  readonly exported: (paths: LoginPaths) => ExportedVariables;
  /** Whether a shell will use the env file. */
  readonly canExport: boolean;
  /** The original values of the variables that the env file changes, for `logout`. */
  readonly environmentBefore: Readonly<Record<string, string>>;
  readonly expires: Date;
  /** The process that the login is for, if known. */
  readonly owner: ProcessIdentity | undefined;
}

/** Named by the login's `id`: another login must not overwrite a file that a shell will source. */
export interface EnvFile {
  readonly id: string;
  /** `.ps1` for PowerShell. */
  readonly suffix: string;
  readonly text: string;
}

export interface Written {
  /** With the config file that was written. */
  readonly paths: LoginPaths;
  /** The env file's path. */
  readonly envFile: string | undefined;
  /** Profiles whose role was replaced for all shells of the job. */
  readonly replaced: readonly ReplacedRole[];
  readonly warnings: readonly ProfileWarning[];
  /** The profiles of the job's earlier logins in this config file, the latest last. */
  readonly earlierProfiles: readonly string[];
  /** The user's config file, if it could not be read and the private one starts empty. */
  readonly uncopied: string | undefined;
}

/** Writes all files or none. Throws `Failure` of the `file-` and `profile-` kinds. */
export async function writeLoginFiles(login: LoginFiles, files: Files): Promise<Written> {
  const { directory } = login.paths;
  // The job's logins can write different config files, but share the record.
  return await files.withLock(join(directory, jobRecordFileName), lockTimeout, () => {
    const record = readJobRecord(directory, files);
    const choice = chooseConfig(login.paths, login.profiles, record, login.canExport);
    return withConfigLock(choice.paths.config, files, () => {
      const { replacements, written } = replacementsFor(login, choice, record, files);
      return files.replace(replacements) ? written : undefined;
    });
  });
}

function replacementsFor(
  login: LoginFiles,
  choice: ConfigChoice,
  record: JobRecord | undefined,
  files: Files,
): { replacements: Replacement[]; written: Written } {
  const { job, expires } = login;
  const { paths, copied, replaced } = choice;
  const own = (name: string, text: string): Replacement => ({
    kind: 'private',
    path: join(paths.directory, name),
    text: toByteText(text),
  });
  const { before, edited, uncopied } = editConfig(login, choice, record, files);
  const { text, recorded, warnings } = edited;
  const isSame = (one: { config: string; profile: string }) =>
    one.config === paths.config && recorded.some(({ profile }) => profile === one.profile);
  const others = record?.profiles.filter((one) => !isSame(one)) ?? [];
  const inCopy = copied?.profiles.map((one) => ({ ...one, config: paths.config })) ?? [];
  const envFile = login.envFile?.(paths);
  const envFileId = record === undefined ? envFile?.id : record.envFileId;
  const envFileName = envFile && nameOf(envFile, envFileId);
  const envFilePath = envFileName && join(paths.directory, envFileName);
  const environments = [
    ...(record?.environments.filter(({ config }) => config !== paths.config) ?? []),
    { config: paths.config, envFile: envFilePath, ...login.exported(paths) },
  ];
  const environmentBefore = record?.environmentBefore ?? login.environmentBefore;
  const owners = ownersWith(login.owner, record?.owners ?? []);
  const config: Replacement =
    paths.isolation === undefined
      ? { kind: 'user', path: paths.config, text, expected: before }
      : { kind: 'private', path: paths.config, text };
  return {
    replacements: [
      // Record first, config last: after a kill, the record covers every file that was written, and
      // no profile names a missing one.
      own(
        jobRecordFileName,
        makeJobRecordText({
          job,
          expires,
          profiles: [...others, ...inCopy, ...recorded],
          environmentBefore,
          owners,
          envFileId,
          environments,
        }),
      ),
      ...(login.token === undefined ? [] : [own(tokenFileName, login.token)]),
      ...(login.cache === undefined ? [] : [own(cacheFileName, login.cache)]),
      ...(envFile === undefined || envFileName === undefined ? [] : [own(envFileName, envFile.text)]),
      config,
    ],
    written: {
      paths,
      envFile: envFilePath,
      replaced,
      warnings,
      earlierProfiles: record?.profiles.flatMap((one) => (one.config === paths.config ? [one.profile] : [])) ?? [],
      uncopied,
    },
  };
}

function nameOf({ id, suffix }: EnvFile, firstId: string | undefined): string {
  return id === firstId ? `env${suffix}` : `env-${id}${suffix}`;
}

interface EditedConfig {
  readonly before: string | undefined;
  readonly edited: EditedProfiles;
  readonly uncopied: string | undefined;
}

function editConfig(
  login: LoginFiles,
  { paths, copied }: ConfigChoice,
  record: JobRecord | undefined,
  files: Files,
): EditedConfig {
  const { config, isolation, userConfig } = paths;
  const edit = (before: string | undefined, readFrom: string): EditedConfig => {
    const edited = editProfiles(before, readFrom, login.profiles, { ...login, paths, record }, files);
    return { before, edited, uncopied: undefined };
  };
  if (copied !== undefined) {
    const isPrivate = dirname(copied.config) === paths.directory;
    return edit(isPrivate ? files.readPrivate(copied.config) : files.read(copied.config), copied.config);
  }
  if (isolation === undefined) return edit(files.read(config), config);
  const own = files.readPrivate(config);
  if (own !== undefined || userConfig === undefined) return edit(own, config);
  // Only --isolated drops the user's other profiles: it was requested.
  if (isolation !== 'requested') return edit(files.read(userConfig), userConfig);
  const reading = readIfPossible(userConfig, files);
  try {
    if (reading.isReadable) return edit(reading.text, userConfig);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  return { ...edit(undefined, config), uncopied: userConfig };
}

/** In milliseconds: long enough for fifty simultaneous logins on a busy machine. */
const lockTimeout = 60_000;

/** Measured: a program that writes the file every few milliseconds won thirty times in a row. */
const maxAttempts = 100;

/**
 * Runs `attempt` under the config file's lock until it returns a result; undefined means that
 * another program wrote the file without the lock. `timeout` is in milliseconds. Throws
 * `file-locked` or `file-contested`.
 */
export async function withConfigLock<T>(
  config: string,
  files: Files,
  attempt: () => T | undefined,
  timeout: number = lockTimeout,
): Promise<T> {
  return await files.withLock(config, timeout, () => {
    for (let tries = 0; tries < maxAttempts; tries++) {
      const result = attempt();
      if (result !== undefined) return result;
    }
    throw new Failure({ kind: 'file-contested', path: config });
  });
}

export interface ProfileTarget {
  readonly paths: LoginPaths;
  readonly job: string;
  readonly overwriteProfile: boolean;
  readonly record: JobRecord | undefined;
}

export interface EditedProfiles {
  readonly text: string;
  readonly recorded: readonly RecordedProfile[];
  readonly warnings: readonly ProfileWarning[];
}

/**
 * Edits a config file's text (undefined for no file) for all profiles. Throws `profile-…` failures
 * that name `readFrom`, the file that `before` was read from.
 */
export function editProfiles(
  before: string | undefined,
  readFrom: string,
  profiles: readonly LoginProfile[],
  target: ProfileTarget,
  files: Files,
): EditedProfiles {
  let text = before ?? '';
  const recorded: RecordedProfile[] = [];
  const warnings: ProfileWarning[] = [];
  for (const { profile, keys, recipe } of profiles) {
    const { config, isolation } = target.paths;
    const earlier = earlierProfileOf(profile, text, target, files);
    const earlierUndo = earlier && undoFor(earlier, text);
    // A private copy is safe to overwrite.
    const overwrite = target.overwriteProfile || isolation !== undefined;
    const change = editProfile(text, { profile, job: target.job, keys }, { overwrite, earlier: earlierUndo });
    if (change.kind === 'refused') throw new Failure(failureOf(change, readFrom, profile));
    text = applyEdits(text, change.edits);
    warnings.push(...change.warnings);
    recorded.push({
      config,
      profile,
      madeFile: earlier?.madeFile ?? before === undefined,
      undo: change.undo,
      undoEarlier: earlierUndo?.job === target.job ? earlierUndo : undefined,
      recipe,
    });
  }
  return { text, recorded, warnings };
}

// If another job overwrote the user's section, its record has the original: carry it over to ours.
function earlierProfileOf(
  profile: string,
  text: string,
  { paths, job, record }: ProfileTarget,
  files: Files,
): RecordedProfile | undefined {
  const other = managingJobOfProfile(readConfig(text), profile);
  if (other === undefined) return undefined;
  const theirs = other === job ? record : readJobRecord(join(paths.jobs, other), files);
  return theirs?.profiles.find((one) => one.config === paths.config && one.profile === profile);
}

function failureOf(refusal: ProfileRefusal, path: string, profile: string): FailureFacts {
  switch (refusal.reason) {
    case 'bad-name':
      return { kind: 'profile-value-unwritable', path, profile, key: undefined };
    case 'bad-value':
      return { kind: 'profile-value-unwritable', path, profile, key: refusal.key };
    case 'not-ours':
      return { kind: 'profile-not-ours', path, profile, line: refusal.line };
    default:
      return {
        kind: 'profile-unreadable',
        path,
        profile,
        problem: refusal.reason,
        line: refusal.line,
        lineText: refusal.lineText,
      };
  }
}
