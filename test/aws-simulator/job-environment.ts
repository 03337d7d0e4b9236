import { issuerOf, type Job, slugOf } from './semaphore-job.ts';

/** The kind of agent; decides the two variables that describe it. */
export type Agent = 'hosted' | 'hosted-container' | 'self-hosted' | 'kubernetes';

const machines = {
  hosted: { SEMAPHORE_AGENT_MACHINE_TYPE: 'e1-standard-2', SEMAPHORE_AGENT_MACHINE_ENVIRONMENT_TYPE: 'VM' },
  'hosted-container': {
    SEMAPHORE_AGENT_MACHINE_TYPE: 'e1-standard-2',
    SEMAPHORE_AGENT_MACHINE_ENVIRONMENT_TYPE: 'container',
  },
  'self-hosted': { SEMAPHORE_AGENT_MACHINE_TYPE: 's1-deploy', SEMAPHORE_AGENT_MACHINE_ENVIRONMENT_TYPE: 'VM' },
  kubernetes: { SEMAPHORE_AGENT_MACHINE_TYPE: 's1-kubernetes', SEMAPHORE_AGENT_MACHINE_ENVIRONMENT_TYPE: 'container' },
} as const satisfies Record<Agent, Readonly<Record<string, string>>>;

function gitVariablesOf(job: Job): Record<string, string> {
  const always = {
    SEMAPHORE_GIT_PROVIDER: 'github',
    SEMAPHORE_GIT_REPO_NAME: job.repository,
    SEMAPHORE_GIT_BRANCH: job.branch,
  };
  if (job.refType === '') return always;
  const withReference = {
    ...always,
    SEMAPHORE_GIT_REPO_SLUG: slugOf(job),
    SEMAPHORE_GIT_REF: job.ref,
    SEMAPHORE_GIT_REF_TYPE: job.refType,
  };
  if (job.refType === 'tag') return { ...withReference, SEMAPHORE_GIT_TAG_NAME: job.tag };
  if (job.refType !== 'pull-request') return withReference;
  return {
    ...withReference,
    SEMAPHORE_GIT_PR_NUMBER: job.pullRequest,
    SEMAPHORE_GIT_PR_BRANCH: job.pullRequestBranch,
    SEMAPHORE_GIT_PR_SLUG: job.pullRequestSlug,
  };
}

/**
 * Returns the job's variables as the agent sets them, with the token. The machine's variables
 * (HOME, PATH) and AWS's are not included.
 */
export function makeJobEnvironment(job: Job, token: string, agent: Agent = 'hosted'): Record<string, string> {
  return {
    CI: 'true',
    SEMAPHORE: 'true',
    SEMAPHORE_JOB_ID: job.jobId,
    SEMAPHORE_JOB_NAME: job.jobName,
    SEMAPHORE_JOB_TYPE: job.jobType,
    SEMAPHORE_PROJECT_ID: job.projectId,
    SEMAPHORE_PROJECT_NAME: job.project,
    SEMAPHORE_ORGANIZATION_URL: issuerOf(job),
    SEMAPHORE_WORKFLOW_ID: job.workflowId,
    SEMAPHORE_PIPELINE_ID: job.pipelineId,
    ...gitVariablesOf(job),
    ...machines[agent],
    SEMAPHORE_OIDC_TOKEN: token,
  };
}
