import { decodeJwt, decodeProtectedHeader } from 'jose';
import { tokenLength } from '../aws/limits.ts';
import { Failure } from '../failure.ts';
import type { World } from '../world/world.ts';
import { parseClaims, type TokenClaims } from './claims.ts';

/** Where the token is read from. */
export type TokenPlace = { readonly variable: string } | { readonly file: string };

/** A token as read, before AWS has judged it. `text` is secret. */
export interface JobToken {
  readonly text: string;
  readonly claims: TokenClaims;
  /** Where it came from: a variable's name, or a file that is used where it lies. */
  readonly source: { readonly variable: string } | { readonly file: string };
}

/**
 * Takes the token's text and where it came from, and reads its claims. Nothing is verified here: that is STS's part.
 * Throws `token-malformed`, without any of the token in it.
 */
export function parseJobToken(text: string, source: JobToken['source']): JobToken {
  const refuse = (problem: string): never => {
    throw new Failure({
      kind: 'token-malformed',
      source: 'variable' in source ? source.variable : source.file,
      problem,
    });
  };
  const { least, most } = tokenLength;
  if (text.length < least || text.length > most)
    return refuse(`it has ${text.length} characters, and STS takes ${least} to ${most}`);
  const parts = text.split('.').length;
  if (parts !== 3) return refuse(`it has ${parts} ${parts === 1 ? 'part' : 'parts'} between dots, and a JWT has 3`);
  if (!/^[\w.-]*$/.test(text))
    return refuse('it has a character that no JWT has, such as a blank, a quote or a line break');
  try {
    return { text, source, claims: parseClaims(decodeJwt(text), decodeProtectedHeader(text).kid) };
  } catch {
    // jose's own message may quote what it could not decode, which is the token.
    return refuse('its header or payload is not JSON in base64url');
  }
}

/** Reads the token from where the request says. Throws `Failure` of the token and file kinds. */
export function readJobToken(place: TokenPlace, world: Pick<World, 'environment' | 'files'>): JobToken {
  if ('variable' in place) {
    const text = world.environment[place.variable]?.trim();
    if (!text) {
      const inJob = world.environment['SEMAPHORE_JOB_ID'] !== undefined;
      throw new Failure({ kind: 'token-missing', variable: place.variable, inJob });
    }
    return parseJobToken(text, place);
  }
  const path = place.file;
  const text = readTokenFile(path, world.files);
  if (/[\r\n]$/.test(text)) throw new Failure({ kind: 'token-file-newline', path });
  return parseJobToken(text, place);
}

function readTokenFile(path: string, files: Pick<World['files'], 'read'>): string {
  const text = attemptToRead(path, files);
  if (text === undefined) throw new Failure({ kind: 'token-file-unusable', path, code: 'ENOENT' });
  return text;
}

function attemptToRead(path: string, files: Pick<World['files'], 'read'>): string | undefined {
  try {
    return files.read(path);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { facts } = error;
    throw new Failure({
      kind: 'token-file-unusable',
      path,
      code: facts.kind === 'file-unusable' ? facts.code : 'not a file',
    });
  }
}

/** How far clocks may differ before a token is held to be out of its time, where we and not STS decide. Milliseconds. */
export const clockLeeway = 5 * 60 * 1000;

/** A token's remaining life below which a job may outlast it. Milliseconds. */
export const shortLife = 60 * 60 * 1000;

/** How long Semaphore's tokens live, for one that does not say. Milliseconds. */
const longestTokenLife = 24 * 60 * 60 * 1000;

/** The instant of a claim in seconds since the epoch, or undefined where it is absent or no date can be made of it. */
export function instantOf(seconds: number | undefined): Date | undefined {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** When a token ends; a token that does not say is held to have just been issued. */
export function endOf(claims: TokenClaims, now: Date): Date {
  return instantOf(claims.exp) ?? new Date(now.getTime() + longestTokenLife);
}

/** Milliseconds that a token lives on, negative once it has ended; endless for one that does not say. */
export function lifeLeftOf(claims: TokenClaims, now: Date): number {
  return (instantOf(claims.exp)?.getTime() ?? Number.POSITIVE_INFINITY) - now.getTime();
}

/** Throws `token-expired` or `token-not-yet-valid` beyond the leeway: for `--no-verify`, where nobody else looks. */
export function refuseOutOfTime(claims: TokenClaims, now: Date): void {
  const expired = instantOf(claims.exp);
  if (expired !== undefined && now.getTime() > expired.getTime() + clockLeeway)
    throw new Failure({ kind: 'token-expired', expired, now });
  const validFrom = instantOf(claims.nbf);
  if (validFrom !== undefined && now.getTime() < validFrom.getTime() - clockLeeway)
    throw new Failure({ kind: 'token-not-yet-valid', validFrom, now });
}
