import { join } from 'node:path';
import type { ProfileUndo } from '../config-file/undo.ts';
import { Failure } from '../failure.ts';
import { parseRoleChain } from '../sts/role-chain.ts';
import { fromByteText } from '../text/byte-text.ts';
import { parsedJson, recordOf } from '../text/json.ts';
import type { RoleChain } from '../world/sts.ts';
import type { Files, World } from '../world/world.ts';

/** What a job's directory says of itself: whose it is, until when, and what was done outside it. */
export interface JobRecord {
  readonly job: string;
  /** When the token ends, and with it everything here. */
  readonly expires: Date;
  /** In the order of the logins; the last one is the job's identity. */
  readonly profiles: readonly RecordedProfile[];
  /** Variables that the env file changes, as they were before the job's first login; no secrets. */
  readonly environmentBefore: Readonly<Record<string, string>>;
}

/** A profile written for the job, and how to take it back. */
export interface RecordedProfile {
  readonly config: string;
  readonly profile: string;
  /** Whether there was no such file before. */
  readonly madeFile: boolean;
  readonly undo: ProfileUndo;
  /** How to take back what this job's earlier login wrote in the same place; null where there was none. */
  readonly undoEarlier: ProfileUndo | null;
  /** How `credentials` comes by this profile's keys. */
  readonly recipe: Recipe;
}

/** What it takes to log in again for one profile. */
export interface Recipe {
  readonly chain: RoleChain;
  readonly tokenFile: string;
  readonly region: string | undefined;
}

/**
 * How to take a marked profile out of this config text. The marker is written before the config file: a login that was killed in between
 * has left the earlier login's section standing, and must not take it for the user's.
 */
export function undoFor({ undo, undoEarlier }: RecordedProfile, text: string): ProfileUndo {
  const earlierStands = undoEarlier !== null && !text.includes(undo.written) && text.includes(undoEarlier.written);
  return earlierStands ? undoEarlier : undo;
}

/** The marker's name in a job's directory. */
export const jobRecordFileName = 'login.json';

const format = 'sem-aws-login job 1';

/** The marker's text. */
export function makeJobRecordText(record: JobRecord): string {
  const profiles = record.profiles.map(({ undo, undoEarlier, ...profile }) => ({
    ...profile,
    undo: storedUndo(undo),
    undoEarlier: undoEarlier && storedUndo(undoEarlier),
  }));
  const stored = { form: format, ...record, expires: record.expires.toISOString(), profiles };
  return `${JSON.stringify(stored, null, 1)}\n`;
}

// The stored names stay as they are: a login can undo what another version of this program wrote.
function storedUndo({ original, blankLines, ...undo }: ProfileUndo): object {
  return { ...undo, former: original ?? null, lead: blankLines };
}

/** The marker of a job's directory; undefined where there is none, or none that can be read. */
export function readJobRecord(directory: string, files: Pick<Files, 'readPrivate'>): JobRecord | undefined {
  const text = files.readPrivate(join(directory, jobRecordFileName));
  return text === undefined ? undefined : parseJobRecord(fromByteText(text));
}

/** Reads a marker back; undefined for anything that is not one of ours, whole. */
export function parseJobRecord(text: string): JobRecord | undefined {
  const raw = recordOf(parsedJson(text));
  if (raw['form'] !== format) return undefined;
  const { job, expires, profiles } = raw;
  if (typeof job !== 'string' || typeof expires !== 'string' || !Array.isArray(profiles)) return undefined;
  const date = new Date(expires);
  const parsed = profiles.map(parseRecordedProfile).filter((profile) => profile !== undefined);
  if (Number.isNaN(date.getTime()) || parsed.length !== profiles.length) return undefined;
  return { job, expires: date, profiles: parsed, environmentBefore: stringValuesOf(raw['environmentBefore']) };
}

function parseRecordedProfile(value: unknown): RecordedProfile | undefined {
  const raw = recordOf(value);
  const undo = parseProfileUndo(raw['undo']);
  const recipe = parseRecipe(raw['recipe']);
  const { config, profile, madeFile } = raw;
  if (typeof config !== 'string' || typeof profile !== 'string' || typeof madeFile !== 'boolean') return undefined;
  const undoEarlier = parseProfileUndo(raw['undoEarlier']) ?? null;
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
  return { profile, job, keys: keys.filter(isKey), written, original: former ?? undefined, blankLines: lead };
}

function isKey(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}

function stringValuesOf(value: unknown): Record<string, string> {
  const texts = Object.entries(recordOf(value)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(texts);
}

/** Milliseconds after its last sign of life that a directory counts as left behind by a kill. */
const keepAliveLifetime = 10 * 60 * 1000;
const keepAliveInterval = 2 * 60 * 1000;

/** Until when a directory that shows signs of life counts as alive. */
export function keepAliveExpiry(now: Date): Date {
  return new Date(now.getTime() + keepAliveLifetime);
}

/** Waits for the work to end, and puts off the end in the directory's marker again and again, so that no other login sweeps it. */
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
    // A full disk is no reason to leave the work alone; the next sign may come through.
    if (!(error instanceof Failure)) throw error;
  }
}
