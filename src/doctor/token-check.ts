import { exitCodeOf } from '../explain/catalogue.ts';
import { Failure } from '../failure.ts';
import type { JobToken } from '../token/job-token.ts';
import { lifeLeftOf, refuseOutOfTime, shortLife } from '../token/lifetime.ts';
import { type Finding, failed, ok, warn } from './finding.ts';

/** Whether the token is within its time, and for how long. */
export function checkToken(token: JobToken, now: Date): Finding {
  const { claims } = token;
  try {
    refuseOutOfTime(claims, now);
  } catch (error) {
    if (error instanceof Failure) return failed('token', exitCodeOf(error.facts), error.facts);
    throw error;
  }
  const source = 'variable' in token.source ? token.source.variable : token.source.file;
  return lifeLeftOf(claims, now) < shortLife
    ? warn('token', { kind: 'token-ends-soon', source, claims, now })
    : ok('token', { kind: 'token-good', source, claims, now });
}
