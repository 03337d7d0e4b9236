import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

/** Takes a whole number of seconds between two limits, both allowed; throws a `value-invalid` failure. */
export function parseSeconds(given: GivenValue, least: number, most: number): number {
  const { value, source } = given;
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (seconds >= least && seconds <= most) return seconds;
  throw new Failure({
    kind: 'value-invalid',
    source,
    value,
    problem: 'it is not a number of seconds in range',
    remedy: `give a whole number from ${least} to ${most}`,
  });
}
