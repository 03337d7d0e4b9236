import { createHash, randomUUID } from 'node:crypto';

/** The situations in which Semaphore runs a job, as far as its token can tell them apart. */
export type JobContext =
  | 'branch'
  | 'tag'
  | 'pull-request'
  | 'fork-pull-request'
  | 'debug-job'
  | 'debug-project'
  | 'promotion'
  | 'auto-promotion'
  | 'scheduled'
  | 'manual-task';

/** What there is to know about one job; the token's claims and the environment both follow from it. */
export interface Job {
  readonly organization: string;
  readonly organizationId: string;
  /** `semaphoreci.com`, or the domain of an Enterprise installation. */
  readonly domain: string;
  readonly project: string;
  readonly projectId: string;
  readonly owner: string;
  readonly repository: string;
  /** `branch`, `tag` or `pull-request`; empty when a project is debugged. */
  readonly refType: string;
  readonly ref: string;
  /** The branch claim: the branch, the tag's full ref, or a pull request's base. */
  readonly branch: string;
  readonly tag: string;
  readonly pullRequest: string;
  readonly pullRequestBranch: string;
  /** `owner/name` of where a pull request comes from; another one than the project's for a fork. */
  readonly pullRequestSlug: string;
  readonly jobType: string;
  /** `<workflow trigger>:<rerun>-<pipeline trigger>:<rebuild>`. */
  readonly trigger: string;
  readonly actor: string;
  readonly workflowId: string;
  readonly pipelineId: string;
  readonly jobId: string;
  readonly jobName: string;
}

/** A context by its name, or with some of its facts changed; a whole job describes itself. */
export type JobDescription = JobContext | ({ readonly context?: JobContext } & Partial<Job>);

const sha = createHash('sha1').update('a merge commit').digest('hex');

const ofNoPipeline = { workflowId: '', pipelineId: '' };

function factsOf(context: JobContext): Partial<Job> {
  const pullRequest = {
    refType: 'pull-request',
    ref: `refs/semaphoreci/${sha}`,
    pullRequest: '7',
    pullRequestBranch: 'feature',
  };
  switch (context) {
    case 'branch':
      return {};
    case 'tag':
      return { refType: 'tag', ref: 'refs/tags/v1', branch: 'refs/tags/v1', tag: 'v1' };
    case 'pull-request':
      return { ...pullRequest, pullRequestSlug: 'acme/web' };
    case 'fork-pull-request':
      return { ...pullRequest, pullRequestSlug: 'mallory/web' };
    case 'debug-job':
      return { ...ofNoPipeline, jobType: 'debug_job' };
    case 'debug-project':
      return { ...ofNoPipeline, jobType: 'project_debug_job', refType: '', ref: '', branch: 'master', trigger: '' };
    case 'promotion':
      return { trigger: 'h:f-n:f', actor: 'c64a20bb-9a1f-4f0c-8d8d-d50a5b1d9f6d' };
    case 'auto-promotion':
      return { trigger: 'h:f-u:f' };
    case 'scheduled':
      return { trigger: 's:f-i:f' };
    case 'manual-task':
      return { trigger: 'm:f-i:f' };
  }
}

/**
 * A job in the given context, of the organization `acme`, project and repository `web`, branch `main`, with an id
 * of its own. Facts given in the description win; without a context it is `branch`.
 */
export function makeJob(description: JobDescription): Job {
  const { context = 'branch', ...given } = typeof description === 'string' ? { context: description } : description;
  return {
    organization: 'acme',
    organizationId: 'd7dd33ad-9317-498c-9cc6-51c250749be7',
    domain: 'semaphoreci.com',
    project: 'web',
    projectId: '936a5312-a3b8-4921-8b3f-2cec8baac574',
    owner: 'acme',
    repository: 'web',
    refType: 'branch',
    ref: 'refs/heads/main',
    branch: 'main',
    tag: '',
    pullRequest: '',
    pullRequestBranch: '',
    pullRequestSlug: '',
    jobType: 'pipeline_job',
    trigger: 'h:f-i:f',
    actor: '',
    workflowId: randomUUID(),
    pipelineId: randomUUID(),
    jobId: randomUUID(),
    jobName: 'Deploy',
    ...factsOf(context),
    ...given,
  };
}

/** `owner/name` of the project's repository; unknown where no Git reference is, that is when a project is debugged. */
export function slugOf(job: Job): string {
  return job.refType === '' ? '' : `${job.owner}/${job.repository}`;
}

/** The organization's URL, which is both `iss` and `aud`. */
export function issuerOf(job: Job): string {
  return `https://${job.organization}.${job.domain}`;
}

/** The `sub` claim. */
export function subjectOf(job: Job): string {
  return `org:${job.organization}:project:${job.projectId}:repo:${job.repository}:ref_type:${job.refType}:ref:${job.ref}`;
}

/** The `sub127` claim: a subject cut to fit 127 characters, part by part. */
export function shortSubjectOf(job: Job): string {
  const shortTypes: { readonly [type: string]: string } = { branch: 'br', tag: 'tg', 'pull-request': 'pr' };
  const parts: readonly (readonly [string, number])[] = [
    [job.organization, 25],
    [job.projectId, 36],
    [job.repository, 25],
    [shortTypes[job.refType] ?? job.refType, 2],
    [job.ref.replace(/^refs\//, ''), 35],
  ];
  return parts.map(([text, limit]) => text.replaceAll(':', '').slice(0, limit)).join(':');
}
