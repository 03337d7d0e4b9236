import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

/** Whether a role can have this name: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export function isRoleName(value: string): boolean {
  return /^[\w+=,.@-]{1,64}$/.test(value);
}

/** Takes a role's name, without a path; throws `value-invalid`. */
export function parseRoleName(given: GivenValue): string {
  const { value } = given;
  if (isRoleName(value)) return value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: value.startsWith('arn:')
      ? "it is an ARN, where the role's name is wanted"
      : 'a role has a name of 1 to 64 letters, digits or _+=,.@-',
    remedy: 'give a name such as "deploy"',
  });
}
