import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

/** Takes a role's name, without a path; throws `value-invalid`. */
export function parseRoleName(given: GivenValue): string {
  const { value } = given;
  if (/^[\w+=,.@-]{1,64}$/.test(value)) return value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: value.startsWith('arn:')
      ? "it is an ARN, where the role's name is wanted"
      : 'a role has a name of 1 to 64 letters, digits or _+=,.@-',
    remedy: 'give a name such as "deploy"',
  });
}
