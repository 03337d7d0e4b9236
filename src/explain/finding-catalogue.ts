import type { FindingFacts } from '../doctor/finding-facts.ts';
import { explanationOf } from './catalogue.ts';
import { clientFindings } from './client-findings.ts';
import { fileFindings } from './file-findings.ts';
import type { FindingText, FindingTextsOf } from './finding-text.ts';
import { networkFindings } from './network-findings.ts';
import { policyFindings } from './policy-findings.ts';
import { tokenFindings } from './token-findings.ts';

/** Every finding in words; the compiler refuses it while one is missing. */
const catalogue: FindingTextsOf<FindingFacts['kind']> = {
  failure: ({ failure }) => explanationOf(failure),
  ...tokenFindings,
  ...policyFindings,
  ...networkFindings,
  ...fileFindings,
  ...clientFindings,
};

/** How a finding is told. */
export function findingTextOf<F extends FindingFacts>(facts: F): FindingText {
  // The entry under a kind takes just that kind's facts, which the compiler cannot follow through a look-up by a union.
  return (catalogue[facts.kind] as (facts: F) => FindingText)(facts);
}
