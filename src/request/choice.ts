import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

/** Takes one of the words allowed; throws a `value-invalid` failure that lists them. */
export function parseChoice<T extends string>(given: GivenValue, choices: readonly T[]): T {
  const chosen = choices.find((choice) => choice === given.value);
  if (chosen !== undefined) return chosen;
  throw new Failure({
    kind: 'value-invalid',
    source: given.source,
    value: given.value,
    problem: 'it is none of the words known here',
    remedy: `give one of ${choices.join(', ')}`,
  });
}
