import type { FailureFacts } from '../failure.ts';
import type { Explanation } from '../text/explanation.ts';
import { awsFailures } from './aws-failures.ts';
import { fileFailures } from './file-failures.ts';
import type { GivenLine, WordsFor } from './given-line.ts';
import { tokenFailures } from './token-failures.ts';
import { usageFailures } from './usage-failures.ts';

const catalogue = {
  ...usageFailures,
  ...tokenFailures,
  ...fileFailures,
  ...awsFailures,
} satisfies WordsFor<FailureFacts>;

/** Returns a failure in words, with commands made from the given command line. */
export function explanationOf<F extends FailureFacts>(facts: F, given?: GivenLine): Explanation {
  // Each entry takes the facts of its own kind, which the compiler loses in a look-up by a union.
  return (catalogue[facts.kind] as (facts: F, given: GivenLine | undefined) => Explanation)(facts, given);
}
