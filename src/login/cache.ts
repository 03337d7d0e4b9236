import { createHash } from 'node:crypto';
import { parsedJson, recordOf } from '../text/json.ts';
import type { RoleChain, SessionKeys } from '../world/sts.ts';

/** Session keys by `cacheKeyOf`. */
export type SessionCache = ReadonlyMap<string, SessionKeys>;

export const cacheFileName = 'credentials.json';

/** Treat keys as expired this early (ms), so that they do not expire in use. */
const renewBefore = 5 * 60 * 1000;

const format = 'sem-aws-login credentials 1';

/** Returns a hash of everything that the keys depend on. The token cannot be derived from it. */
export function cacheKeyOf(chain: RoleChain, endpoint: string, token: string): string {
  const tokenHash = createHash('sha256').update(token).digest('hex');
  return createHash('sha256')
    .update(JSON.stringify([chain, endpoint, tokenHash]))
    .digest('hex');
}

/** Returns the cached keys; undefined if missing or about to expire. */
export function freshKeysOf(cache: SessionCache, key: string, now: Date): SessionKeys | undefined {
  const keys = cache.get(key);
  return keys !== undefined && keys.expiration.getTime() - renewBefore > now.getTime() ? keys : undefined;
}

/** Returns the cache's text with these keys added and expired ones removed. */
export function makeCacheText(cache: SessionCache, key: string, keys: SessionKeys, now: Date): string {
  const alive = [...cache].filter(([, { expiration }]) => expiration > now);
  return `${JSON.stringify({ form: format, sessions: Object.fromEntries([...alive, [key, keys]]) })}\n`;
}

/** Parses a cache; an invalid one is empty. */
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
