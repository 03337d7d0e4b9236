import { describe, expect, it } from 'vitest';
import { evaluateTrustPolicy } from '../../src/trust/evaluation.ts';
import { claimsOfMain, decidingOf, loginOfMain, policyOf, policyText } from './semaphore-policy.ts';
import { ROWS } from './table/index.ts';
import { RULE } from './table/rows.ts';

describe('a trust policy, evaluated for a token', () => {
  it.each(ROWS)('$rule · $name: $outcome', ({ rule, statements, version, claims, outcome, deciding }) => {
    const policy = policyOf(policyText(statements, version));
    const decision = evaluateTrustPolicy(policy, { ...loginOfMain(), claims: claims ?? claimsOfMain() });
    expect({ outcome: decision.outcome, deciding: decidingOf(decision) }, RULE[rule]).toEqual({ outcome, deciding });
  });
});
