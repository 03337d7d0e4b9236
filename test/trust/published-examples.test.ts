import { describe, expect, it } from 'vitest';
import { evaluateTrustPolicy } from '../../src/trust/evaluation.ts';
import { parseTrustPolicy } from '../../src/trust/policy-parser.ts';
import { trustMistakesOf } from '../../src/trust/trust-mistakes.ts';
import { EXAMPLES, policyAround } from './published-policies.ts';
import { claimsOfMain, decidingOf, loginOfMain, subjectOf } from './semaphore-policy.ts';

describe("the examples of Semaphore's guide, evaluated for a job on the branch main", () => {
  it.each(EXAMPLES)('$name', ({ condition, faults, outcome, deciding, mistakes }) => {
    const reading = parseTrustPolicy(policyAround(condition));
    expect(reading.faults).toEqual(faults);
    const policy = reading.policy ?? expect.fail('the policy can be read');
    const decision = evaluateTrustPolicy(policy, loginOfMain());
    expect({ outcome: decision.outcome, deciding: decidingOf(decision) }).toEqual({ outcome, deciding });
    expect(trustMistakesOf(policy, loginOfMain()).map((mistake) => mistake.kind)).toEqual(mistakes);
  });

  it('the one with URLs as names is fixed in one step', () => {
    const { policy } = parseTrustPolicy(policyAround(EXAMPLES[4].condition));
    const corrected = policy ? trustMistakesOf(policy, loginOfMain()).map((mistake) => mistake.corrected) : [];
    expect(new Set(corrected)).toEqual(
      new Set([`"acme.semaphoreci.com:sub": "${subjectOf('branch', 'refs/heads/*')}"`]),
    );
  });

  it('the one with an exact subject and a pattern allows no other branch', () => {
    const { policy } = parseTrustPolicy(policyAround(EXAMPLES[2].condition));
    const login = { ...loginOfMain(), claims: claimsOfMain({ sub: subjectOf('branch', 'refs/heads/dev') }) };
    expect(policy && evaluateTrustPolicy(policy, login).outcome).toBe('refused');
  });
});
