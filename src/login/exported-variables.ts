import { createHash } from 'node:crypto';
import type { Environment } from '../world/world.ts';
import { type JobEnvironment, staticKeyNames } from './env-file.ts';
import type { ExportedVariables } from './job-record.ts';

/** Returns what a job's environment changes, without the secrets, for the record. */
export function exportedVariablesOf({ unset, exports, secrets }: JobEnvironment): ExportedVariables {
  const values = Object.fromEntries(secrets);
  const hash = keysHashOf(values);
  const expires = new Date(values['AWS_CREDENTIAL_EXPIRATION'] ?? Number.NaN);
  const keys = hash === undefined || Number.isNaN(expires.getTime()) ? undefined : { hash, expires };
  return { unset, exports, keys };
}

/**
 * Returns a hash of the session keys in an environment; undefined if it has none. The keys cannot
 * be derived from it.
 */
export function keysHashOf(environment: Environment): string | undefined {
  const keys = staticKeyNames.map((name) => environment[name] ?? '');
  if (keys.every((key) => key === '')) return undefined;
  return createHash('sha256').update(JSON.stringify(keys)).digest('hex');
}
