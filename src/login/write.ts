import { join } from 'node:path';
import type { ProfileWarning } from '../config-file/check.ts';
import { editProfile, type ProfileRefusal } from '../config-file/edit.ts';
import { managingJobOfProfile } from '../config-file/find.ts';
import type { ManagedSection } from '../config-file/managed-section.ts';
import { readConfig } from '../config-file/read.ts';
import { applyEdits } from '../config-file/text-edit.ts';
import { Failure, type FailureFacts } from '../failure.ts';
import { toByteText } from '../text/byte-text.ts';
import type { Files, Replacement } from '../world/world.ts';
import { readIfPossible } from './input-files.ts';
import {
  type JobRecord,
  jobRecordFileName,
  makeJobRecordText,
  type Recipe,
  type RecordedProfile,
  readJobRecord,
  undoFor,
} from './job-record.ts';
import type { LoginPaths } from './paths.ts';

/** What a login writes, decided; only the config file's present text is still to be read. */
export interface LoginFiles {
  readonly paths: LoginPaths;
  readonly job: string;
  readonly profiles: readonly LoginProfile[];
  readonly overwriteProfile: boolean;
  /** Undefined for a token file that is used where it lies. */
  readonly token: string | undefined;
  /** To be sourced; undefined where nobody will. */
  readonly envFile: { readonly name: string; readonly text: string } | undefined;
  /** The job's own values of what the env file changes, for `logout`. */
  readonly environmentBefore: Readonly<Record<string, string>>;
  readonly expires: Date;
}

/** What writing told. */
export interface Written {
  readonly warnings: readonly ProfileWarning[];
  /** The profiles that earlier logins of the same job had made, the latest last. */
  readonly earlierProfiles: readonly string[];
  /** The user's config file, where it could not be read and a private one starts empty instead. */
  readonly uncopied: string | undefined;
}

/** The names of this login's files in the job's directory. */
export const tokenFileName = 'token';

/** Writes everything or nothing. Throws `Failure` of the file kinds. */
export async function writeLoginFiles(login: LoginFiles, files: Files): Promise<Written> {
  return await withConfigLock(login.paths.config, files, () => {
    const { replacements, written } = replacementsFor(login, files);
    return files.replace(replacements) ? written : undefined;
  });
}

function replacementsFor(login: LoginFiles, files: Files): { replacements: Replacement[]; written: Written } {
  const { paths, job, expires } = login;
  const own = (name: string, text: string): Replacement => ({
    kind: 'private',
    path: join(paths.directory, name),
    text: toByteText(text),
  });
  const record = readJobRecord(paths.directory, files);
  const { before, edited, uncopied } = editConfig(login, record, files);
  const { text, recorded, warnings } = edited;
  const isSame = (one: { config: string; profile: string }) =>
    one.config === paths.config && recorded.some(({ profile }) => profile === one.profile);
  const others = record?.profiles.filter((one) => !isSame(one)) ?? [];
  const environmentBefore = record?.environmentBefore ?? login.environmentBefore;
  const config: Replacement =
    paths.isolation === undefined
      ? { kind: 'user', path: paths.config, text, expected: before }
      : { kind: 'private', path: paths.config, text };
  return {
    replacements: [
      // The marker first and the config last: whatever a kill leaves behind is known to the marker, and no profile names what is not there.
      own(
        jobRecordFileName,
        makeJobRecordText({ job, expires, profiles: [...others, ...recorded], environmentBefore }),
      ),
      ...(login.token === undefined ? [] : [own(tokenFileName, login.token)]),
      ...(login.envFile === undefined ? [] : [own(login.envFile.name, login.envFile.text)]),
      config,
    ],
    written: { warnings, earlierProfiles: record?.profiles.map(({ profile }) => profile) ?? [], uncopied },
  };
}

interface EditedConfig {
  readonly before: string | undefined;
  readonly edited: EditedProfiles;
  readonly uncopied: string | undefined;
}

// A private config file starts as a copy of the user's; once there, it is the job's own.
function editConfig(login: LoginFiles, record: JobRecord | undefined, files: Files): EditedConfig {
  const { config, isolation, userConfig } = login.paths;
  const edit = (before: string | undefined, readFrom: string): EditedConfig => {
    const edited = editProfiles(before, readFrom, login.profiles, { ...login, record }, files);
    return { before, edited, uncopied: undefined };
  };
  if (isolation === undefined) return edit(files.read(config), config);
  const own = files.readPrivate(config);
  if (own !== undefined || userConfig === undefined) return edit(own, config);
  // Elsewhere a login without the user's other profiles would be a surprise.
  if (isolation !== 'asked') return edit(files.read(userConfig), userConfig);
  const reading = readIfPossible(userConfig, files);
  try {
    if (reading.isReadable) return edit(reading.text, userConfig);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  return { ...edit(undefined, config), uncopied: userConfig };
}

/** Milliseconds that one process waits for others to let go of a config file: fifty jobs may log in at once, on a machine that is busy. */
const lockTimeout = 60_000;

/** A program that writes the file every few milliseconds has been seen to win thirty times in a row. */
const maxAttempts = 100;

/**
 * Runs `attempt` under a config file's lock until it gives a result; undefined means that somebody who knows no lock wrote the file
 * in between, and the edit is to be made anew. Throws `file-locked` or `file-contested`.
 */
export async function withConfigLock<T>(config: string, files: Files, attempt: () => T | undefined): Promise<T> {
  return await files.withLock(config, lockTimeout, () => {
    for (let tries = 0; tries < maxAttempts; tries++) {
      const result = attempt();
      if (result !== undefined) return result;
    }
    throw new Failure({ kind: 'file-contested', path: config });
  });
}

/** A profile that a login writes: its keys, and how its credentials come about. */
export interface LoginProfile {
  readonly profile: string;
  readonly keys: ManagedSection['keys'];
  readonly recipe: Recipe;
}

/** Whose profiles go where. */
export interface ProfileTarget {
  readonly paths: LoginPaths;
  readonly job: string;
  readonly overwriteProfile: boolean;
  /** What earlier logins of this job left. */
  readonly record: JobRecord | undefined;
}

/** A config file's new text, with what undoes each profile. */
export interface EditedProfiles {
  readonly text: string;
  readonly recorded: readonly RecordedProfile[];
  readonly warnings: readonly ProfileWarning[];
}

/**
 * Edits the text of a config file (undefined: there is none) for all profiles; other jobs' markers are read. Throws `profile-…` failures,
 * which speak of `readFrom`, the file that the text stands in.
 */
export function editProfiles(
  before: string | undefined,
  readFrom: string,
  profiles: readonly LoginProfile[],
  target: ProfileTarget,
  files: Pick<Files, 'readPrivate'>,
): EditedProfiles {
  let text = before ?? '';
  const recorded: RecordedProfile[] = [];
  const warnings: ProfileWarning[] = [];
  for (const { profile, keys, recipe } of profiles) {
    const { config, isolation } = target.paths;
    const earlier = earlierProfileOf(profile, text, target, files);
    const earlierUndo = earlier && undoFor(earlier, text);
    // A private copy harms nobody.
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
      undoEarlier: earlierUndo?.job === target.job ? earlierUndo : null,
      recipe,
    });
  }
  return { text, recorded, warnings };
}

// Another job that overwrote a user's section knows what stood there; its record has to live on in ours.
function earlierProfileOf(
  profile: string,
  text: string,
  { paths, job, record }: ProfileTarget,
  files: Pick<Files, 'readPrivate'>,
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
