import { createHash, randomUUID } from 'node:crypto';

/** The kinds of jobs that a token can distinguish. */
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

/** The facts of one job; the token's claims and the environment follow from them. */
export interface Job {
  readonly organization: string;
  readonly organizationId: string;
  /** `semaphoreci.com`, or the domain of an Enterprise installation. */
  readonly domain: string;
  readonly project: string;
  readonly projectId: string;
  readonly owner: string;
  readonly repository: string;
  /** `branch`, `tag` or `pull-request`; empty in a debug session of a project. */
  readonly refType: string;
  readonly ref: string;
  /** The claim `branch`: the branch, the tag's full ref, or the base of a pull request. */
  readonly branch: string;
  readonly tag: string;
  readonly pullRequest: string;
  readonly pullRequestBranch: string;
  /** `owner/name` of a pull request's source; differs from the project's for a fork. */
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

/** A context by name, or with some facts changed; a complete job is also valid. */
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
 * Returns a job in this context (default: `branch`), of organization `acme`, project and repository
 * `web`, with a new id. The description's facts take precedence.
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

/** Returns the repository's `owner/name`; empty in a debug session, which has no Git reference. */
export function slugOf(job: Job): string {
  return job.refType === '' ? '' : `${job.owner}/${job.repository}`;
}

/** Returns the organization's URL, which is both `iss` and `aud`. */
export function issuerOf(job: Job): string {
  return `https://${job.organization}.${job.domain}`;
}

export function subjectOf(job: Job): string {
  return `org:${job.organization}:project:${job.projectId}:repo:${job.repository}:ref_type:${job.refType}:ref:${job.ref}`;
}

/** Returns the `sub127` claim: the subject with each part cut, to fit 127 characters. */
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
