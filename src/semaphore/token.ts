import { decodeJwt, decodeProtectedHeader } from 'jose';
import { tokenLength } from '../aws/limits.ts';
import { Failure, type FailureFacts } from '../failure.ts';
import type { World } from '../world/world.ts';
import { parseClaims, type TokenClaims } from './claims.ts';

export type TokenPlace = { readonly variable: string } | { readonly file: string };

/** A token that is not verified. `text` is secret. */
export interface JobToken {
  readonly text: string;
  readonly claims: TokenClaims;
  readonly source: { readonly variable: string } | { readonly file: string };
}

/**
 * Parses a token and its claims; STS verifies it. Throws `token-malformed`, without the token's
 * text.
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
    // jose's message can contain the token.
    return refuse('its header or payload is not JSON in base64url');
  }
}

/** Reads the token from a variable or file. Throws the failures of tokens and files. */
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
    throw new Failure({ kind: 'token-file-unusable', path, code: whyUnreadable(error.facts) });
  }
}

function whyUnreadable(facts: FailureFacts): string {
  if (facts.kind === 'file-unusable') return facts.code;
  return facts.kind === 'file-too-large' ? 'too large' : 'not a file';
}

/** Difference of clocks (ms) that this program allows when it checks a token's times. */
export const clockLeeway = 5 * 60 * 1000;

/** Remaining life of a token (ms) below which its job can run longer than that. */
export const shortLife = 60 * 60 * 1000;

/** Life of Semaphore's tokens (ms). */
const longestTokenLife = 24 * 60 * 60 * 1000;

/**
 * Returns the instant of a claim in seconds since the epoch; undefined if it is absent or no date.
 */
export function instantOf(seconds: number | undefined): Date | undefined {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Returns when a token expires; a token without `exp` counts as just issued. */
export function endOf(claims: TokenClaims, now: Date): Date {
  return instantOf(claims.exp) ?? new Date(now.getTime() + longestTokenLife);
}

/** Returns a token's remaining life (ms): negative if it has expired, infinite without `exp`. */
export function lifeLeftOf(claims: TokenClaims, now: Date): number {
  return (instantOf(claims.exp)?.getTime() ?? Number.POSITIVE_INFINITY) - now.getTime();
}

/**
 * Throws `token-expired` or `token-not-yet-valid` beyond the leeway. For `--no-verify`: STS does
 * not check the token then.
 */
export function refuseOutOfTime(claims: TokenClaims, now: Date): void {
  const expired = instantOf(claims.exp);
  if (expired !== undefined && now.getTime() > expired.getTime() + clockLeeway)
    throw new Failure({ kind: 'token-expired', expired, now });
  const validFrom = instantOf(claims.nbf);
  if (validFrom !== undefined && now.getTime() < validFrom.getTime() - clockLeeway)
    throw new Failure({ kind: 'token-not-yet-valid', validFrom, now });
}
