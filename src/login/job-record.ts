import { join } from 'node:path';
import type { ProfileUndo } from '../config-file/undo.ts';
import { Failure } from '../failure.ts';
import { parseRoleChain } from '../sts/role-chain.ts';
import { fromByteText } from '../text/byte-text.ts';
import { parsedJson, recordOf } from '../text/json.ts';
import type { RoleChain } from '../world/sts.ts';
import type { Files, ProcessIdentity, World } from '../world/world.ts';

/** The job, its expiry, and the changes made outside its directory. Stored in the directory. */
export interface JobRecord {
  readonly job: string;
  /** When the token expires. The directory can then be removed. */
  readonly expires: Date;
  /** In the order of the logins; the last is the job's current identity. */
  readonly profiles: readonly RecordedProfile[];
  /** Original values of the variables that the env file changes; no secrets. */
  readonly environmentBefore: Readonly<Record<string, string>>;
  /**
   * The job's shell, or `exec` itself. When all have ended, the directory can be removed. Empty if
   * none is known, as in records of version 0.1.0.
   */
  readonly owners: readonly ProcessIdentity[];
  readonly envFileId: string | undefined;
  /** What shells of the job export, for each config file. Empty in records of version 0.1.0. */
  readonly environments: readonly RecordedEnvironment[];
}

/** The changes to a shell's environment by the latest login in a config file. No secrets. */
export interface RecordedEnvironment extends ExportedVariables {
  readonly config: string;
  /** The path of the env file; undefined for `exec`. */
  readonly envFile: string | undefined;
}

export interface ExportedVariables {
  readonly unset: readonly string[];
  readonly exports: readonly (readonly [name: string, value: string])[];
  /** Undefined unless session keys are exported. */
  readonly keys: ExportedKeys | undefined;
}

/** Session keys in the environment: a SHA-256, and when they expire. */
export interface ExportedKeys {
  readonly hash: string;
  readonly expires: Date;
}

export interface RecordedProfile {
  readonly config: string;
  readonly profile: string;
  readonly madeFile: boolean;
  readonly undo: ProfileUndo;
  /** How to undo this job's earlier login in the same profile. */
  readonly undoEarlier: ProfileUndo | undefined;
  readonly recipe: Recipe;
}

/** What a new request for a profile's keys needs. */
export interface Recipe {
  readonly chain: RoleChain;
  readonly tokenFile: string;
  readonly region: string | undefined;
}

/**
 * Returns how to undo a profile in this config text. If a login was killed after it wrote the
 * record, the section is the earlier login's and must not count as the user's.
 */
export function undoFor({ undo, undoEarlier }: RecordedProfile, text: string): ProfileUndo {
  const isEarlier = undoEarlier !== undefined && !text.includes(undo.written) && text.includes(undoEarlier.written);
  return isEarlier ? undoEarlier : undo;
}

export const jobRecordFileName = 'login.json';

const format = 'sem-aws-login job 1';

export function makeJobRecordText(record: JobRecord): string {
  const profiles = record.profiles.map(({ undo, undoEarlier, ...profile }) => ({
    ...profile,
    undo: storedUndo(undo),
    undoEarlier: undoEarlier === undefined ? null : storedUndo(undoEarlier),
  }));
  const stored = { form: format, ...record, expires: record.expires.toISOString(), profiles };
  return `${JSON.stringify(stored, null, 1)}\n`;
}

// Stored names never change: a login must be able to undo another version's changes.
function storedUndo({ original, blankLines, ...undo }: ProfileUndo): object {
  return { ...undo, former: original ?? null, lead: blankLines };
}

/** Reads the record of a job's directory; undefined if missing or invalid. */
export function readJobRecord(directory: string, files: Pick<Files, 'readPrivate'>): JobRecord | undefined {
  const text = files.readPrivate(join(directory, jobRecordFileName));
  return text === undefined ? undefined : parseJobRecord(fromByteText(text));
}

/** Parses a record; undefined if any part is invalid. */
export function parseJobRecord(text: string): JobRecord | undefined {
  const raw = recordOf(parsedJson(text));
  if (raw['form'] !== format) return undefined;
  const { job, expires, profiles } = raw;
  if (typeof job !== 'string' || typeof expires !== 'string' || !Array.isArray(profiles)) return undefined;
  const date = new Date(expires);
  const parsed = profiles.map(parseRecordedProfile).filter((profile) => profile !== undefined);
  if (Number.isNaN(date.getTime()) || parsed.length !== profiles.length) return undefined;
  const { environmentBefore, envFileId, owners, environments } = raw;
  return {
    job,
    expires: date,
    profiles: parsed,
    environmentBefore: stringValuesOf(environmentBefore),
    owners: parseOwners(owners),
    envFileId: typeof envFileId === 'string' ? envFileId : undefined,
    environments: Array.isArray(environments) ? environments.flatMap(parseEnvironment) : [],
  };
}

// Only `status` reads it, and works without.
function parseEnvironment(value: unknown): RecordedEnvironment[] {
  const { config, envFile, unset, exports, keys } = recordOf(value);
  if (typeof config !== 'string' || !Array.isArray(unset) || !Array.isArray(exports)) return [];
  return [
    {
      config,
      envFile: typeof envFile === 'string' ? envFile : undefined,
      unset: unset.filter((name) => typeof name === 'string'),
      exports: exports.filter(isPair),
      keys: parseExportedKeys(keys),
    },
  ];
}

function parseExportedKeys(value: unknown): ExportedKeys | undefined {
  const { hash, expires } = recordOf(value);
  if (typeof hash !== 'string' || typeof expires !== 'string') return undefined;
  const date = new Date(expires);
  return Number.isNaN(date.getTime()) ? undefined : { hash, expires: date };
}

// An owner that cannot be read could be alive: then only the expiry counts.
function parseOwners(value: unknown): readonly ProcessIdentity[] {
  if (!Array.isArray(value)) return [];
  const owners = value.map(parseOwner).filter((owner) => owner !== undefined);
  return owners.length === value.length ? owners : [];
}

function parseOwner(value: unknown): ProcessIdentity | undefined {
  const { pid, startTime, bootId, pidNamespace, machine } = recordOf(value);
  if (!Number.isInteger(pid) || typeof pid !== 'number' || typeof startTime !== 'string') return undefined;
  if (typeof bootId !== 'string' || typeof pidNamespace !== 'string' || typeof machine !== 'string') return undefined;
  return { pid, startTime, bootId, pidNamespace, machine };
}

/** Returns the owners after another login. */
// A shell inside the job (of `script`, say) can end before the job's own.
export function ownersWith(
  owner: ProcessIdentity | undefined,
  earlier: readonly ProcessIdentity[],
): readonly ProcessIdentity[] {
  const isKnown = earlier.some(({ pid, startTime }) => pid === owner?.pid && startTime === owner.startTime);
  return owner === undefined || isKnown ? earlier : [...earlier, owner];
}

/**
 * Whether the job is over: its token has expired, or all processes that the login is for have
 * ended.
 */
/** Whether the token has expired or all owners have ended. */
export function isJobOver(
  { expires, owners }: JobRecord,
  { clock, processTable }: Pick<World, 'clock' | 'processTable'>,
): boolean {
  if (expires < clock.now()) return true;
  return owners.length > 0 && owners.every((owner) => processTable.hasEnded(owner));
}

function parseRecordedProfile(value: unknown): RecordedProfile | undefined {
  const raw = recordOf(value);
  const undo = parseProfileUndo(raw['undo']);
  const recipe = parseRecipe(raw['recipe']);
  const { config, profile, madeFile } = raw;
  if (typeof config !== 'string' || typeof profile !== 'string' || typeof madeFile !== 'boolean') return undefined;
  const undoEarlier = parseProfileUndo(raw['undoEarlier']);
  return undo && recipe && { config, profile, madeFile, undo, undoEarlier, recipe };
}

function parseRecipe(value: unknown): Recipe | undefined {
  const { chain, tokenFile, region } = recordOf(value);
  const parsed = parseRoleChain(chain);
  if (parsed === undefined || typeof tokenFile !== 'string') return undefined;
  return { chain: parsed, tokenFile, region: typeof region === 'string' ? region : undefined };
}

function parseProfileUndo(value: unknown): ProfileUndo | undefined {
  const { profile, job, keys, written, former, lead } = recordOf(value);
  if (typeof profile !== 'string' || typeof job !== 'string' || typeof written !== 'string') return undefined;
  if (typeof lead !== 'string' || (typeof former !== 'string' && former !== null) || !Array.isArray(keys))
    return undefined;
  return { profile, job, keys: keys.filter(isPair), written, original: former ?? undefined, blankLines: lead };
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}

function stringValuesOf(value: unknown): Record<string, string> {
  const texts = Object.entries(recordOf(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

/** Milliseconds after the last keep-alive until a directory counts as abandoned. */
const keepAliveLifetime = 10 * 60 * 1000;
const keepAliveInterval = 2 * 60 * 1000;

export function keepAliveExpiry(now: Date): Date {
  return new Date(now.getTime() + keepAliveLifetime);
}

/**
 * Awaits `work` and extends the record's expiry meanwhile, so that other logins keep the directory.
 */
export async function withKeepAlive<T>(
  directory: string,
  { files, clock }: Pick<World, 'files' | 'clock'>,
  work: Promise<T>,
): Promise<T> {
  const ended = work.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([ended, clock.sleep(keepAliveInterval).then(() => false)]))) {
    extendExpiry(directory, files, keepAliveExpiry(clock.now()));
  }
  return await work;
}

function extendExpiry(directory: string, files: World['files'], expires: Date): void {
  try {
    const record = readJobRecord(directory, files);
    if (record === undefined) return;
    files.replace([
      { kind: 'private', path: join(directory, jobRecordFileName), text: makeJobRecordText({ ...record, expires }) },
    ]);
  } catch (error) {
    // A full disk must not interrupt the work; the next attempt can succeed.
    if (!(error instanceof Failure)) throw error;
  }
}
