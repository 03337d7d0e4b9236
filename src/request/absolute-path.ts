import { Failure } from '../failure.ts';
import type { Environment } from '../world.ts';
import type { GivenValue } from './given-value.ts';

/** Takes a path that means the same in every directory, since what is written is read from others; throws `value-invalid`. */
export function parseAbsolutePath(given: GivenValue): string {
  const { value } = given;
  if (value.startsWith('/') || /^[A-Za-z]:[\\/]/.test(value) || value.startsWith('\\\\')) return value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: value.startsWith('~')
      ? 'only a shell expands "~", and this value did not go through one'
      : 'a relative path means another file in every directory',
    remedy: 'give the absolute path',
  });
}

/** The path that a variable holds, undefined where it is unset or empty; throws `value-invalid` for a relative one. */
export function pathVariableOf(environment: Environment, source: string): string | undefined {
  const value = environment[source];
  return value ? parseAbsolutePath({ value, source }) : undefined;
}
