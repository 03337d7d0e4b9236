import { Failure } from '../failure.ts';
import { parseRoleArn, type RoleArn } from '../request/role-arn.ts';
import { parseTrustPolicy } from '../trust/policy-parser.ts';
import { policyTextOf } from '../trust/policy-text.ts';
import type { TrustPolicy } from '../trust/trust-policy.ts';

/** A role as it stands in an account. */
export interface StandingRole {
  readonly policy: TrustPolicy;
  /** The policy as JSON gives it. */
  readonly document: unknown;
  /** Undefined where only the policy was given. */
  readonly arn: RoleArn | undefined;
  /** Seconds. */
  readonly maxSessionDuration: number | undefined;
}

/**
 * Takes what `aws iam get-role` printed, or a policy alone, and where it came from. Throws `role-unreadable` with the
 * first thing in it that IAM would not take, and `value-invalid`.
 */
export function parseStandingRole(text: string, source: string): StandingRole {
  const found = policyTextOf(text);
  const { policy, faults } = parseTrustPolicy(found.text);
  const [fault] = faults;
  if (fault !== undefined) throw new Failure({ kind: 'role-unreadable', source, fault });
  if (policy === undefined) throw new Error('a policy without faults could not be read');
  return {
    policy,
    document: JSON.parse(found.text),
    arn: found.roleArn === undefined ? undefined : parseRoleArn({ value: found.roleArn, source: `"Arn" in ${source}` }),
    maxSessionDuration: longestSessionIn(text),
  };
}

// The answer was readable a moment ago, or what it holds is the URL-encoded policy alone.
function longestSessionIn(text: string): number | undefined {
  const found = /"MaxSessionDuration"\s*:\s*(\d+)/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
