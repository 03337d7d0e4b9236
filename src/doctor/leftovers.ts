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

/** The check of what ended jobs left on this machine. */
export const leftoversFindings = makeFindings('leftovers', {
  'no-leftovers': () => ({ headline: 'No other job has left files of sem-aws-login' }),
  'leftover-directories': ({ paths }: { readonly paths: readonly string[] }) => ({
    headline: `Ended jobs left ${paths.length === 1 ? 'a directory' : `${paths.length} directories`}`,
    cause: `${joinWords(paths.map(quote))}.`,
    remedies: ['None needed: the next login removes them and their profiles.'],
  }),
  'foreign-section': ({ path, profile, line, job }: SectionFacts) => ({
    headline: `Profile ${quote(profile)} in ${quote(path)}, line ${line}, belongs to another job`,
    cause: `${job === undefined ? 'An unknown job' : `Job ${quote(job)}`} wrote it, with the path of its own token. Jobs on this machine share the file.`,
    remedies: ['Log in without --shared-config, so that each job gets a private config file.'],
  }),
});

/** Checks for directories of ended jobs, and for profiles with files of another job. */
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
  return (
    sectionsPointingInto(file, jobs)
      // A credential_process names the directory itself.
      .filter(({ line, job }) => !ours.has(line) && (ownJob === undefined || job !== ownJob))
      .map(({ profile, line, job }) => leftoversFindings.warn('foreign-section', { path, profile, line, job }))
  );
}
