import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

/** Takes the number of an AWS account; throws `value-invalid`. */
export function parseAccountId(given: GivenValue): string {
  if (/^\d{12}$/.test(given.value)) return given.value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: "an account's id has twelve digits",
    remedy: 'give the number without blanks or dashes: 123456789012',
  });
}
