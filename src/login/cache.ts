import { createHash } from 'node:crypto';
import { parsedJson, recordOf } from '../text/json.ts';
import type { RoleChain, SessionKeys } from '../world/sts.ts';

/** Keys by what they were asked for. */
export type SessionCache = ReadonlyMap<string, SessionKeys>;

/** The cache's name in a job's directory. */
export const cacheFileName = 'credentials.json';

/** Milliseconds before their end from which keys count as old, so that nobody is given some that end on the way. */
const renewBefore = 5 * 60 * 1000;

const format = 'sem-aws-login credentials 1';

/** Names what keys are for: the roles with all that shapes their sessions, where STS was asked, and the token. Says nothing of the token. */
export function cacheKeyOf(chain: RoleChain, endpoint: string, token: string): string {
  const tokenHash = createHash('sha256').update(token).digest('hex');
  return createHash('sha256')
    .update(JSON.stringify([chain, endpoint, tokenHash]))
    .digest('hex');
}

/** Keys that are there and live long enough; undefined otherwise. */
export function freshKeysOf(cache: SessionCache, key: string, now: Date): SessionKeys | undefined {
  const keys = cache.get(key);
  return keys !== undefined && keys.expiration.getTime() - renewBefore > now.getTime() ? keys : undefined;
}

/** The cache's text with these keys in it, and without those that have ended. */
export function makeCacheText(cache: SessionCache, key: string, keys: SessionKeys, now: Date): string {
  const alive = [...cache].filter(([, { expiration }]) => expiration > now);
  return `${JSON.stringify({ form: format, sessions: Object.fromEntries([...alive, [key, keys]]) })}\n`;
}

/** Reads a cache; one that is broken in any way is empty. */
export function parseCache(text: string | undefined): SessionCache {
  const raw = recordOf(parsedJson(text ?? ''));
  if (raw['form'] !== format) return new Map();
  const sessions = Object.entries(recordOf(raw['sessions'])).map(([key, value]) => [key, parseKeys(value)] as const);
  return new Map(sessions.flatMap(([key, keys]) => (keys === undefined ? [] : [[key, keys]])));
}

function parseKeys(value: unknown): SessionKeys | undefined {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = recordOf(value);
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') return undefined;
  if (typeof sessionToken !== 'string' || typeof expiration !== 'string') return undefined;
  const date = new Date(expiration);
  return Number.isNaN(date.getTime()) ? undefined : { accessKeyId, secretAccessKey, sessionToken, expiration: date };
}
