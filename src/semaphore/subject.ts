import type { Environment } from '../world/world.ts';

/** The parts of a token's subject. */
export interface Subject {
  readonly organization: string;
  readonly projectId: string;
  readonly repository: string;
  /** `branch`, `tag`, `pull-request`, or empty for the debug session of a project. */
  readonly refType: string;
  readonly ref: string;
}

/** Takes a `sub` apart; undefined for one of another form. */
export function parseSubject(text: string): Subject | undefined {
  const shape = /^org:([\w.-]+):project:([^:]+):repo:([^:]*):ref_type:([^:]*):ref:([^:]*)$/;
  const parts = shape.exec(text);
  if (parts === null) return undefined;
  const [, organization = '', projectId = '', repository = '', refType = '', ref = ''] = parts;
  return { organization, projectId, repository, refType, ref };
}

/**
 * The repository (`owner/name`) that this job's pull request comes from, if that is a fork; undefined for everything else. Nothing in
 * the token tells a fork. The variables are the agent's word, which a pipeline may overwrite: good for advice, not for a decision.
 */
export function forkOf(environment: Environment): string | undefined {
  const from = environment['SEMAPHORE_GIT_PR_SLUG'];
  const project = environment['SEMAPHORE_GIT_REPO_SLUG'];
  if (!from || !project) return undefined;
  // GitHub and Bitbucket do not regard case in a slug.
  return from.toLowerCase() === project.toLowerCase() ? undefined : from;
}
