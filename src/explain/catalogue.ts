import type { FailureFacts } from '../failure.ts';
import type { Explanation, WordsFor } from '../text/explanation.ts';
import { awsFailures } from './aws-failures.ts';
import { fileFailures } from './file-failures.ts';
import { tokenFailures } from './token-failures.ts';
import { usageFailures } from './usage-failures.ts';

const catalogue = {
  ...usageFailures,
  ...tokenFailures,
  ...fileFailures,
  ...awsFailures,
} satisfies WordsFor<FailureFacts>;

/** Returns a failure in words. */
export function explanationOf<F extends FailureFacts>(facts: F): Explanation {
  // Each entry takes the facts of its own kind, which the compiler loses in a look-up by a union.
  return (catalogue[facts.kind] as (facts: F) => Explanation)(facts);
}
