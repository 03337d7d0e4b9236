import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import { suggestionFor } from '../text/suggestion.ts';
import type { Environment } from '../world/world.ts';

/** Parses one of the allowed words. Throws a `value-invalid` failure that lists them. */
export function parseChoice<T extends string>(given: GivenValue, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === given.value);
  if (chosen !== undefined) return chosen;
  const meant = suggestionFor(given.value, choices);
  throw new Failure({
    kind: 'value-invalid',
    source: given.source,
    value: given.value,
    problem: 'it is not one of the allowed values',
    remedy: `give one of ${choices.join(', ')}`,
    ...(meant === undefined ? {} : { meant }),
  });
}

/**
 * Parses an absolute path: a profile is read from other directories, too. Throws `value-invalid`.
 */
export function parseAbsolutePath(given: GivenValue): string {
  const { value } = given;
  if (value.startsWith('/') || /^[A-Za-z]:[\\/]/.test(value) || value.startsWith('\\\\')) return value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: value.startsWith('~')
      ? 'only a shell expands "~", and this value did not go through one'
      : 'a relative path is a different file in each directory',
    remedy: 'give the absolute path',
  });
}

/**
 * Returns the path in a variable; undefined if the variable is unset or empty. Throws
 * `value-invalid` for a relative path.
 */
export function pathVariableOf(environment: Environment, source: string): string | undefined {
  const value = environment[source];
  return value ? parseAbsolutePath({ value, source }) : undefined;
}

/** Parses a whole number of seconds from `least` to `most`. Throws `value-invalid`. */
export function parseSeconds(given: GivenValue, least: number, most: number): number {
  const { value, source } = given;
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (seconds >= least && seconds <= most) return seconds;
  const meant = Math.min(most, Math.max(least, secondsMeantBy(value)));
  throw new Failure({
    kind: 'value-invalid',
    source,
    value,
    problem: 'it is not a number of seconds in the allowed range',
    remedy: `give a whole number from ${least} to ${most}`,
    ...(Number.isNaN(meant) ? {} : { meant: String(meant) }),
  });
}

/** Returns the seconds of a value with a unit or none, such as `15m` or `1 hour`; NaN for zero and any other text. */
function secondsMeantBy(value: string): number {
  const [, number, unit = 's'] = /^0*([1-9]\d{0,8})\s*(?:([smh])[a-z]*)?$/i.exec(value) ?? [];
  return Number(number) * (unitSeconds.get(unit.toLowerCase()) ?? Number.NaN);
}

const unitSeconds: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['m', 60],
  ['h', 3600],
]);

/**
 * Parses the SHA-1 of a certificate, with or without colons, into the form that IAM uses. Throws
 * `value-invalid`.
 */
export function parseThumbprint(given: GivenValue): string {
  const digits = given.value.replaceAll(':', '').toLowerCase();
  if (/^[0-9a-f]{40}$/.test(digits)) return digits;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'a thumbprint is the SHA-1 of a certificate, 40 hexadecimal digits',
    remedy: 'take it from: openssl x509 -in CA.pem -fingerprint -sha1 -noout',
  });
}
