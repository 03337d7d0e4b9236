import { join } from 'node:path';
import { Failure, type FailureFacts } from '../failure.ts';
import type { World } from '../world.ts';
import { markerOf } from './marker.ts';
import { undoJob } from './undo-job.ts';

/** What an ended job left and could not be removed. */
export interface Leftover {
  readonly path: string;
  readonly facts: FailureFacts;
}

/**
 * Removes what ended jobs left: epilogues do not run when a job is stopped, so a later login sweeps. Only directories with our marker go,
 * and only when the token they held has ended, so that no running job is touched. One that cannot be removed is told, not thrown.
 */
export async function pruneJobs(
  jobs: string,
  ownJob: string,
  world: Pick<World, 'files' | 'clock'>,
): Promise<readonly Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const name of world.files.listOwnDirectories(jobs)) {
    const path = join(jobs, name);
    try {
      if (name !== ownJob) await pruneJob(path, world);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      leftovers.push({ path, facts: error.facts });
    }
  }
  return leftovers;
}

async function pruneJob(path: string, { files, clock }: Pick<World, 'files' | 'clock'>): Promise<void> {
  const marker = markerOf(path, files);
  if (marker !== undefined && marker.expires < clock.now()) await undoJob(path, marker, files);
}
