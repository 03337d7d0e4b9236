import type { WebIdentityLogin } from '../trust/condition-evaluation.ts';
import { evaluateTrustPolicy } from '../trust/evaluation.ts';
import { parseTrustPolicy, policyTextOf } from '../trust/policy-parser.ts';
import { trustMistakesOf } from '../trust/trust-mistakes.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/**
 * Holds a trust policy, in any of the forms that `aws iam get-role` has it in, against a login. `source` is what the user calls
 * the text. A role that is not given is taken from the answer of `get-role`, where that tells it.
 */
export function checkTrustPolicy(raw: string, source: string, login: WebIdentityLogin): Finding {
  const { text, roleArn, decoded } = policyTextOf(raw);
  const { policy, faults } = parseTrustPolicy(text);
  if (policy === undefined) return fail('trust-policy', 5, { kind: 'policy-faulty', source, decoded, faults });
  const role = login.role ?? roleOf(roleArn);
  const known = role === undefined ? login : { ...login, role };
  const decision = evaluateTrustPolicy(policy, known);
  const mistakes = trustMistakesOf(policy, known);
  const facts = { kind: 'policy-decision', source, decoded, faults, decision, mistakes } as const;
  if (faults.length > 0 || decision.outcome === 'refused') return fail('trust-policy', 5, facts);
  if (decision.outcome === 'unknown' || mistakes.length > 0) return warn('trust-policy', facts);
  return ok('trust-policy', facts);
}

function roleOf(arn: string | undefined): WebIdentityLogin['role'] {
  const [, partition, , , account] = arn?.split(':') ?? [];
  return partition && account ? { partition, account } : undefined;
}
