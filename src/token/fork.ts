import type { Environment } from '../world.ts';

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
