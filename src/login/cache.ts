import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parsedJson, recordOf } from '../text/json.ts';
import type { RoleChain, SessionKeys } from '../world/sts.ts';
import type { World } from '../world/world.ts';
import type { LoginPlan } from './plan.ts';

export type SessionCache = ReadonlyMap<string, CachedKeys>;

interface CachedKeys extends SessionKeys {
  /** Undefined if an earlier version stored the keys. */
  readonly obtained: Date | undefined;
}

export const cacheFileName = 'credentials.json';

const minute = 60 * 1000;

/**
 * How early (ms) to treat keys as expired. boto3 asks at each call for keys with less than 15
 * minutes left; a short session would be renewed for most of its life.
 * https://github.com/boto/botocore/blob/develop/botocore/credentials.py (_advisory_refresh_timeout)
 */
function renewalLeadOf({ expiration, obtained }: CachedKeys): number {
  const life = obtained === undefined ? 0 : expiration.getTime() - obtained.getTime();
  // A minute less than half an hour allows for the request and for different clocks.
  return life >= 29 * minute ? 16 * minute : 5 * minute;
}

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
  return keys !== undefined && keys.expiration.getTime() - renewalLeadOf(keys) > now.getTime() ? keys : undefined;
}

/** Returns the cache's text with other keys added and expired ones removed. */
export function makeCacheText(cache: SessionCache, added: SessionCache, now: Date): string {
  const alive = [...cache].filter(([, { expiration }]) => expiration > now);
  return `${JSON.stringify({ form: format, sessions: Object.fromEntries([...alive, ...added]) })}\n`;
}

/**
 * Returns the cache's text with the sessions of profiles that use `credential_process`, so that the
 * first client sends STS no request. Undefined if there are none.
 */
export function makeSeededCacheText(
  { roles, endpoint }: Pick<LoginPlan, 'roles' | 'endpoint'>,
  { token, directory }: { readonly token: string; readonly directory: string },
  { files, clock }: Pick<World, 'files' | 'clock'>,
): string | undefined {
  const obtained = clock.now();
  const added = roles.flatMap(({ webIdentity, session, chain }) =>
    webIdentity === undefined && session !== undefined
      ? [[cacheKeyOf(chain, endpoint.url, token), { ...session.keys, obtained }] as const]
      : [],
  );
  if (added.length === 0) return undefined;
  const existing = parseCache(files.readPrivate(join(directory, cacheFileName)));
  return makeCacheText(existing, new Map(added), obtained);
}

/** Parses a cache; an invalid one is empty. */
export function parseCache(text: string | undefined): SessionCache {
  const raw = recordOf(parsedJson(text ?? ''));
  if (raw['form'] !== format) return new Map();
  const sessions = Object.entries(recordOf(raw['sessions'])).map(([key, value]) => [key, parseKeys(value)] as const);
  return new Map(sessions.flatMap(([key, keys]) => (keys === undefined ? [] : [[key, keys]])));
}

function parseKeys(value: unknown): CachedKeys | undefined {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, obtained } = recordOf(value);
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string') return undefined;
  if (typeof sessionToken !== 'string' || typeof expiration !== 'string') return undefined;
  const date = parseDate(expiration);
  return date && { accessKeyId, secretAccessKey, sessionToken, expiration: date, obtained: parseDate(obtained) };
}

function parseDate(value: unknown): Date | undefined {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
