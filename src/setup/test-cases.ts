import type { TokenClaims } from '../semaphore/claims.ts';
import type { WebIdentityLogin } from '../trust/condition-evaluation.ts';
import { evaluateTrustPolicy, type Outcome, type TrustDecision } from '../trust/evaluation.ts';
import type { TrustPolicy } from '../trust/trust-policy.ts';
import type { TrustedJobs } from './plan.ts';

/** A job to evaluate policies with. */
export interface TestJob {
  readonly name: string;
  readonly claims: TokenClaims;
}

/** How the wanted policy and the existing one decide on a job. */
export interface TestCase {
  readonly job: TestJob;
  readonly wanted: Outcome;
  readonly existing: TrustDecision;
}

/** Evaluates both policies for the same jobs. */
export function evaluateTestCases(
  jobs: readonly TestJob[],
  wanted: TrustPolicy,
  existing: TrustPolicy,
  role: WebIdentityLogin['role'],
): TestCase[] {
  return jobs.map((job) => {
    const login = { claims: job.claims, ...(role && { role }) };
    return {
      job,
      wanted: evaluateTrustPolicy(wanted, login).outcome,
      existing: evaluateTrustPolicy(existing, login),
    };
  });
}

/** Returns the jobs to allow, and near misses that a wrong policy usually allows. */
export function testJobsFor(jobs: TrustedJobs): TestJob[] {
  const { organization, projectId, repository = 'web', references } = jobs;
  const subject = (parts: { project?: string; repository?: string; refType: string; ref: string }) =>
    `org:${organization}:project:${parts.project ?? projectId}:repo:${parts.repository ?? repository}:ref_type:${parts.refType}:ref:${parts.ref}`;
  const tried = (name: string, sub: string): TestJob => ({ name, claims: claimsOf(jobs, sub) });
  const branch = { refType: 'branch', ref: 'refs/heads/main' };
  return [
    ...references.map(({ kind, name, pattern }) => {
      const one = name.replaceAll('*', 'x');
      const ref = `${kind === 'branch' ? 'refs/heads' : 'refs/tags'}/${one}`;
      return tried(`${kind} ${one}${pattern ? `, for ${name}` : ''}`, subject({ refType: kind, ref }));
    }),
    tried('another branch', subject({ refType: 'branch', ref: `refs/heads/${unlike(references)}` })),
    tried('another tag', subject({ refType: 'tag', ref: `refs/tags/${unlike(references)}` })),
    tried(
      "a pull request, a fork's too",
      subject({ refType: 'pull-request', ref: `refs/semaphoreci/${'0'.repeat(40)}` }),
    ),
    tried('a debug session of the project', subject({ refType: '', ref: '' })),
    tried('another project, branch main', subject({ ...branch, project: `00000000${projectId.slice(8)}` })),
    otherOrganization(jobs, subject(branch)),
  ];
}

function otherOrganization(jobs: TrustedJobs, sub: string): TestJob {
  const { organization, issuer } = jobs;
  const iss = issuer.url.replace('https://', 'https://not-');
  const claims = claimsOf(jobs, sub.replace(`org:${organization}:`, `org:not-${organization}:`));
  return { name: 'another organization, branch main', claims: { ...claims, iss, aud: iss } };
}

function claimsOf({ issuer, audience, sessionTags }: TrustedJobs, sub: string): TokenClaims {
  const tags = sessionTags ? { tags: { repo: ['web'] } } : {};
  return { iss: issuer.url, aud: audience, sub, names: ['iss', 'aud', 'sub'], ...tags };
}

/** Returns a name that differs from all requested names. It can match one of their patterns. */
function unlike(references: TrustedJobs['references']): string {
  const longest = Math.max(0, ...references.map(({ name }) => name.length));
  return 'other'.padEnd(longest + 1, '-');
}
