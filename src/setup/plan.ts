import { Failure } from '../failure.ts';
import type { PolicyArn } from '../request/policy-arn.ts';
import { isRoleName } from '../request/role-name.ts';
import type { GivenRole } from '../request/setup-request.ts';
import { partitionOfRegion } from '../sts/partition.ts';
import type { TrustedJobs } from './trusted-jobs.ts';

/** All that a format has to write, and what the pipeline needs to know of it. */
export interface SetupPlan {
  readonly jobs: TrustedJobs;
  readonly roleName: string;
  /** Undefined where nobody said: formats that can leave it to AWS do. */
  readonly account: string | undefined;
  /** As the region or a policy says, else `aws`. */
  readonly partition: string;
  readonly region: string | undefined;
  readonly existingProvider: boolean;
  readonly thumbprints: readonly string[];
  readonly policies: readonly PolicyArn[];
  /** Seconds. */
  readonly maxSessionDuration: number | undefined;
}

/** Makes the plan for a role. Throws `value-invalid` for a policy that the role could not have. */
export function makeSetupPlan(jobs: TrustedJobs, role: GivenRole): SetupPlan {
  const regional = role.region === undefined ? undefined : partitionOfRegion(role.region).name;
  const partition = regional ?? role.policies[0]?.partition ?? 'aws';
  for (const policy of role.policies) refuseForeign(policy, partition, role.account);
  return { ...role, jobs, partition, roleName: role.name ?? roleNameFor(jobs.repository) };
}

/** The role's ARN; `ACCOUNT_ID` stands for an account that is not known. */
export function roleArnOf({ partition, account = 'ACCOUNT_ID', roleName }: SetupPlan): string {
  return `arn:${partition}:iam::${account}:role/${roleName}`;
}

/** The provider's ARN in an account. */
export function providerArnOf({ partition, jobs }: SetupPlan, account: string): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${jobs.issuer.host}`;
}

function roleNameFor(repository: string | undefined): string {
  const name = `semaphore-${repository}`;
  return repository !== undefined && isRoleName(name) ? name : 'semaphore';
}

function refuseForeign(policy: PolicyArn, partition: string, account: string | undefined): void {
  const refuse = (problem: string, remedy: string): never => {
    throw new Failure({
      kind: 'value-invalid',
      source: '--permissions-policy-arn',
      value: policy.text,
      problem,
      remedy,
    });
  };
  if (policy.partition !== partition)
    refuse(
      `it is of the partition "${policy.partition}", and the role will be of "${partition}"`,
      `give the policy's ARN there, or with --region a region of "${policy.partition}"`,
    );
  if (account !== undefined && policy.account !== undefined && policy.account !== account)
    refuse(
      `it is of the account ${policy.account}, and the role will be of ${account}`,
      `make the policy in ${account} too`,
    );
}
