import type { TokenClaims } from '../semaphore/claims.ts';
import type { WebIdentityLogin } from '../trust/condition-evaluation.ts';
import { evaluateTrustPolicy, type Outcome, type TrustDecision } from '../trust/evaluation.ts';
import type { TrustPolicy } from '../trust/trust-policy.ts';
import type { TrustedJobs } from './plan.ts';

/** A job that a policy is tried with. */
export interface TriedJob {
  readonly name: string;
  readonly claims: TokenClaims;
}

/** What the wanted policy and the standing one each make of a job. */
export interface Trial {
  readonly job: TriedJob;
  readonly wanted: Outcome;
  readonly standing: TrustDecision;
}

/** Holds both policies against the same jobs of the role's account. */
export function tryPolicies(
  jobs: readonly TriedJob[],
  wanted: TrustPolicy,
  standing: TrustPolicy,
  role: WebIdentityLogin['role'],
): Trial[] {
  return jobs.map((job) => {
    const login = { claims: job.claims, ...(role && { role }) };
    return {
      job,
      wanted: evaluateTrustPolicy(wanted, login).outcome,
      standing: evaluateTrustPolicy(standing, login),
    };
  });
}

/** Jobs that are to be let in, and their neighbours that most policies which are wrong let in too. */
export function triedJobsFor(jobs: TrustedJobs): TriedJob[] {
  const { organization, projectId, repository = 'web', references } = jobs;
  const subject = (parts: { project?: string; repository?: string; refType: string; ref: string }) =>
    `org:${organization}:project:${parts.project ?? projectId}:repo:${parts.repository ?? repository}:ref_type:${parts.refType}:ref:${parts.ref}`;
  const tried = (name: string, sub: string): TriedJob => ({ name, claims: claimsOf(jobs, sub) });
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

function otherOrganization(jobs: TrustedJobs, sub: string): TriedJob {
  const { organization, issuer } = jobs;
  const iss = issuer.url.replace('https://', 'https://not-');
  const claims = claimsOf(jobs, sub.replace(`org:${organization}:`, `org:not-${organization}:`));
  return { name: 'another organization, branch main', claims: { ...claims, iss, aud: iss } };
}

function claimsOf({ issuer, audience, sessionTags }: TrustedJobs, sub: string): TokenClaims {
  const tags = sessionTags ? { tags: { repo: ['web'] } } : {};
  return { iss: issuer.url, aud: audience, sub, names: ['iss', 'aud', 'sub'], ...tags };
}

/** A name that is none of those asked for; whether it fits one of their patterns is for the policies to say. */
function unlike(references: TrustedJobs['references']): string {
  const longest = Math.max(0, ...references.map(({ name }) => name.length));
  return 'other'.padEnd(longest + 1, '-');
}
