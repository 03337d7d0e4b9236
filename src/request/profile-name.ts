import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

/**
 * Takes a profile's name of the characters that every SDK reads alike; others (spaces, dots, slashes) break some client.
 * Throws a `value-invalid` failure.
 */
export function parseProfileName(given: GivenValue): string {
  const { value, source } = given;
  if (/^[A-Za-z0-9_-]{1,64}$/.test(value)) return value;
  throw new Failure({
    kind: 'value-invalid',
    source,
    value,
    problem: 'some AWS SDKs cannot read a profile of this name',
    remedy: 'give 1 to 64 letters, digits, "_" or "-"',
  });
}
