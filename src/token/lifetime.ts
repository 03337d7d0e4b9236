import { Failure } from '../failure.ts';
import type { TokenClaims } from './job-token.ts';

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
