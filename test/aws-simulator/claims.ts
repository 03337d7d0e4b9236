import { randomUUID } from 'node:crypto';
import { issuerOf, type Job, shortSubjectOf, slugOf, subjectOf } from './semaphore-job.ts';

export interface Claims {
  readonly [claim: string]: unknown;
}

/** The claim that AWS turns into session tags. */
export const awsTagsClaim = 'https://aws.amazon.com/tags';

const dayInSeconds = 24 * 60 * 60;

function awsTagsOf(job: Job): Claims {
  const tags: { readonly [key: string]: string } = {
    prj_id: job.projectId,
    repo: job.repository,
    branch: job.branch,
    ref_type: job.refType,
    job_type: job.jobType,
    pr_branch: job.pullRequestBranch,
    repo_slug: slugOf(job),
    trg: job.trigger,
  };
  return {
    principal_tags: Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, [value]])),
    transitive_tag_keys: Object.keys(tags),
  };
}

/**
 * Returns the claims of this job's token, issued at `now` (seconds since 1970) and valid for 24
 * hours. With `tags`, it includes the claim for session tags.
 */
export function claimsOf(job: Job, now: number, tags: boolean): Claims {
  return {
    iss: issuerOf(job),
    aud: issuerOf(job),
    sub: subjectOf(job),
    sub127: shortSubjectOf(job),
    iat: now,
    nbf: now,
    exp: now + dayInSeconds,
    jti: randomUUID().replaceAll('-', '').slice(0, 25),
    org: job.organization,
    org_id: job.organizationId,
    prj: job.project,
    prj_id: job.projectId,
    wf_id: job.workflowId,
    ppl_id: job.pipelineId,
    job_id: job.jobId,
    repo: job.repository,
    repo_slug: slugOf(job),
    actor: job.actor,
    // Semaphore reads this claim from `SEMAPHORE_GIT_TAG`, which no job has, so it is always empty.
    tag: '',
    ref: job.ref,
    ref_type: job.refType,
    branch: job.branch,
    pr: job.pullRequest,
    pr_branch: job.pullRequestBranch,
    job_type: job.jobType,
    trg: job.trigger,
    ...(tags ? { [awsTagsClaim]: awsTagsOf(job) } : {}),
  };
}
