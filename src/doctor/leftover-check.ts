import { join } from 'node:path';
import { exitCodeOf } from '../explain/catalogue.ts';
import { Failure } from '../failure.ts';
import { markerOf } from '../job/marker.ts';
import { sectionsPointingInto } from '../profile/profile-section.ts';
import type { Files } from '../world.ts';
import type { FoundFile } from './aws-files.ts';
import { type Finding, failed, ok, warn } from './finding.ts';

/** What other jobs left on this machine: directories whose token has ended, and profiles that point to another job's files. */
export function checkLeftovers(
  roots: readonly string[],
  ownJob: string | undefined,
  config: FoundFile,
  { files, now }: { readonly files: Pick<Files, 'listOwnDirectories' | 'readOwn'>; readonly now: Date },
): Finding[] {
  try {
    const paths = roots.flatMap((root) => endedIn(join(root, 'jobs'), ownJob, files, now));
    const foreign = roots.flatMap((root) => foreignSections(join(root, 'jobs'), ownJob, config));
    const found = [
      ...(paths.length === 0 ? [] : [warn('leftovers', { kind: 'leftover-directories', paths })]),
      ...foreign,
    ];
    return found.length === 0 ? [ok('leftovers', { kind: 'no-leftovers' })] : found;
  } catch (error) {
    if (error instanceof Failure) return [failed('leftovers', exitCodeOf(error.facts), error.facts)];
    throw error;
  }
}

function endedIn(
  jobs: string,
  ownJob: string | undefined,
  files: Pick<Files, 'listOwnDirectories' | 'readOwn'>,
  now: Date,
): string[] {
  const others = files.listOwnDirectories(jobs).filter((name) => name !== ownJob);
  return others
    .map((name) => join(jobs, name))
    .filter((directory) => {
      const marker = markerOf(directory, files);
      return marker !== undefined && marker.expires < now;
    });
}

function foreignSections(jobs: string, ownJob: string | undefined, { path, file }: FoundFile): Finding[] {
  if (file === undefined || path === undefined) return [];
  const own = ownJob === undefined ? undefined : join(jobs, ownJob);
  const ours = new Set(own === undefined ? [] : sectionsPointingInto(file, own).map(({ line }) => line));
  return sectionsPointingInto(file, jobs)
    .filter(({ line }) => !ours.has(line))
    .map(({ profile, line, job }) =>
      warn('leftovers', { kind: 'foreign-section', path, profile, line, job: job ?? undefined }),
    );
}
