import { join } from 'node:path';
import { sectionsPointingInto } from '../config-file/find.ts';
import { isJobOver, readJobRecord } from '../login/job-record.ts';
import { joinWords, quote } from '../text/quote.ts';
import type { World } from '../world/world.ts';
import type { FoundFile } from './aws-files.ts';
import { type FindingOf, failureIn, makeFindings } from './finding.ts';

interface SectionFacts {
  readonly path: string;
  readonly profile: string;
  readonly line: number;
  readonly job: string | undefined;
}

type JobInputs = Pick<World, 'files' | 'clock' | 'processTable'>;

/** The check of what other jobs left on this machine. */
export const leftoversFindings = makeFindings('leftovers', {
  'no-leftovers': () => ({ headline: 'No other job has left anything of sem-aws-login here' }),
  'leftover-directories': ({ paths }: { readonly paths: readonly string[] }) => ({
    headline: `Ended jobs have left ${paths.length === 1 ? 'a directory' : `${paths.length} directories`}`,
    cause: `${joinWords(paths.map(quote))}. These jobs are over.`,
    remedies: ['The next login removes them, together with the profiles that point there.'],
  }),
  'foreign-section': ({ path, profile, line, job }: SectionFacts) => ({
    headline: `${quote(path)}, line ${line}: the profile ${quote(profile)} is another job's`,
    cause: `It was written ${job === undefined ? 'by an unknown job' : `for the job ${quote(job)}`}, and points to that job's token: jobs on this machine share the file.`,
    remedies: ['Give each job its own file: leave out --shared-config.'],
  }),
});

/** Checks for directories of jobs that are over, and for profiles that point to another job's files. */
export function checkLeftovers(
  roots: readonly string[],
  ownJob: string | undefined,
  config: FoundFile,
  world: JobInputs,
): FindingOf<typeof leftoversFindings>[] {
  try {
    const paths = roots.flatMap((root) => overIn(join(root, 'jobs'), ownJob, world));
    const foreign = roots.flatMap((root) => foreignSections(join(root, 'jobs'), ownJob, config));
    const found = [
      ...(paths.length === 0 ? [] : [leftoversFindings.warn('leftover-directories', { paths })]),
      ...foreign,
    ];
    return found.length === 0 ? [leftoversFindings.ok('no-leftovers')] : found;
  } catch (error) {
    return [leftoversFindings.failed(failureIn(error))];
  }
}

function overIn(jobs: string, ownJob: string | undefined, world: JobInputs): string[] {
  const others = world.files.listPrivateDirectories(jobs).filter((name) => name !== ownJob);
  return others
    .map((name) => join(jobs, name))
    .filter((directory) => {
      const record = readJobRecord(directory, world.files);
      return record !== undefined && isJobOver(record, world);
    });
}

function foreignSections(
  jobs: string,
  ownJob: string | undefined,
  { path, file }: FoundFile,
): FindingOf<typeof leftoversFindings>[] {
  if (file === undefined || path === undefined) return [];
  const own = ownJob === undefined ? undefined : join(jobs, ownJob);
  const ours = new Set(own === undefined ? [] : sectionsPointingInto(file, own).map(({ line }) => line));
  return sectionsPointingInto(file, jobs)
    .filter(({ line }) => !ours.has(line))
    .map(({ profile, line, job }) => leftoversFindings.warn('foreign-section', { path, profile, line, job }));
}
