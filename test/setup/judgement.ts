import { hostOf, providerArnOf } from '../aws-simulator/arn.ts';
import { awsTagsClaim, claimsOf } from '../aws-simulator/claims.ts';
import { issuerOf, type Job } from '../aws-simulator/semaphore-job.ts';
import { tagContextOf, tagsOfToken } from '../aws-simulator/session-tags.ts';
import { denialReasonOf, type TrustPolicy } from '../aws-simulator/trust-policy.ts';
import { account } from './wanted-jobs.ts';

/**
 * Returns why the simulator's matcher denies a job by a trust policy; undefined if it allows the job. The provider of the
 * job's organization is assumed to exist, so that the policy alone decides.
 */
export function refusalOf(
  policy: TrustPolicy,
  job: Job,
  sessionTags: boolean,
  audience: string = issuerOf(job),
): string | undefined {
  const issuer = issuerOf(job);
  const claims = claimsOf(job, 0, sessionTags);
  const context = new Map<string, readonly string[]>([
    [`${hostOf(issuer)}:aud`, [audience]],
    [`${hostOf(issuer)}:sub`, [String(claims['sub'])]],
    ...tagContextOf(tagsOfToken(claims)),
  ]);
  const principal = { kind: 'Federated', names: [providerArnOf(issuer, account, 'aws')] } as const;
  const actions = ['sts:AssumeRoleWithWebIdentity', ...(claims[awsTagsClaim] === undefined ? [] : ['sts:TagSession'])];
  return actions.map((action) => denialReasonOf(policy, { action, principal, context })).find(Boolean);
}
