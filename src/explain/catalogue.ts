import type { ExitCode, FailureFacts } from '../failure.ts';
import type { Explanation } from '../text/explanation.ts';
import { awsFailures } from './aws-failures.ts';
import type { CatalogueOf } from './explanation.ts';
import { fileFailures } from './file-failures.ts';
import { setupFailures } from './setup-failures.ts';
import { tokenFailures } from './token-failures.ts';
import { usageFailures } from './usage-failures.ts';

/** Every expected failure in words; the compiler refuses it while one is missing. */
const catalogue: CatalogueOf<FailureFacts['kind']> = {
  ...usageFailures,
  ...tokenFailures,
  ...fileFailures,
  ...awsFailures,
  ...setupFailures,
};

/** How a failure is told. */
export function explanationOf(facts: FailureFacts): Explanation {
  return entryOf(facts).explain(facts);
}

/** How a failure ends the program. */
export function exitCodeOf(facts: FailureFacts): ExitCode {
  return entryOf(facts).exitCode;
}

// The entry under a kind takes just that kind's facts, which the compiler cannot follow through a look-up by a union.
function entryOf<F extends FailureFacts>(facts: F): { exitCode: ExitCode; explain: (facts: F) => Explanation } {
  return catalogue[facts.kind] as { exitCode: ExitCode; explain: (facts: F) => Explanation };
}
