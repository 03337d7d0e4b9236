import type { TokenClaims } from '../semaphore/claims.ts';
import { makeRef, makeSubject, mergeCommitRef, pullRequestType, type Subject } from '../semaphore/subject.ts';
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

/** Returns the jobs to allow, and similar jobs that a wrong policy usually allows. */
export function testJobsFor(jobs: TrustedJobs): TestJob[] {
  const { organization, projectId, repository = 'web', references } = jobs;
  const subject = (parts: Pick<Subject, 'refType' | 'ref'> & Partial<Subject>) =>
    makeSubject({ organization, projectId, repository, ...parts });
  const tried = (name: string, sub: string): TestJob => ({ name, claims: claimsOf(jobs, sub) });
  const main = makeRef('branch', 'main');
  return [
    ...references.map(({ kind, name, pattern }) => {
      const one = name.replaceAll('*', 'x');
      return tried(`${kind} ${one}${pattern ? `, for ${name}` : ''}`, subject(makeRef(kind, one)));
    }),
    tried('another branch', subject(makeRef('branch', unlike(references)))),
    tried('another tag', subject(makeRef('tag', unlike(references)))),
    tried('a pull request, also from a fork', subject({ refType: pullRequestType, ref: mergeCommitRef })),
    tried('a debug session of the project', subject({ refType: '', ref: '' })),
    tried('another project, branch main', subject({ ...main, projectId: `00000000${projectId.slice(8)}` })),
    otherOrganization(jobs, subject({ ...main, organization: `not-${organization}` })),
  ];
}

function otherOrganization(jobs: TrustedJobs, sub: string): TestJob {
  const iss = jobs.issuer.url.replace('https://', 'https://not-');
  return { name: 'another organization, branch main', claims: { ...claimsOf(jobs, sub), iss, aud: iss } };
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
