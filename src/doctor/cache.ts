import { sectionsOf } from '../config-file/find.ts';
import { printable, quote } from '../text/quote.ts';
import type { Environment } from '../world/world.ts';
import { type AwsFiles, isInCredentials } from './aws-files.ts';
import { type FindingOf, makeFindings } from './finding.ts';

/** The check of Semaphore's `cache` command. */
export const cacheFindings = makeFindings('cache', {
  'cache-elsewhere': ({ backend }: { readonly backend: string | undefined }) => ({
    headline:
      backend === undefined
        ? '"cache" does not use S3'
        : `"cache" uses ${quote(backend)}, which needs no AWS credentials`,
  }),
  'cache-has-profile': ({ profile }: { readonly profile: string }) => ({
    headline: `"cache" uses S3 with profile ${quote(profile)}`,
  }),
  'cache-lacks-profile': ({ profile }: { readonly profile: string }) => ({
    headline: `"cache" uses S3 with profile ${quote(profile)}, which does not exist`,
    cause: 'SEMAPHORE_CACHE_AWS_PROFILE sets the profile. "cache" can end without an error and store nothing.',
    steps: [
      {
        intro: `Log in with ${`--profile ${printable(profile)}`}, or let "cache" use the job's login:`,
        lines: ['unset SEMAPHORE_CACHE_AWS_PROFILE'],
      },
    ],
  }),
  'cache-uses-default': () => ({
    headline: '"cache" uses S3 with the role of this job',
    cause: 'Without SEMAPHORE_CACHE_AWS_PROFILE it uses the default profile and the AWS variables.',
    remedies: ['Allow the role to use the bucket, or set SEMAPHORE_CACHE_AWS_PROFILE to another profile.'],
  }),
});

/** Checks which credentials Semaphore's `cache` command uses, if it stores in S3. */
export function checkCache(environment: Environment, awsFiles: AwsFiles): FindingOf<typeof cacheFindings> {
  const backend = environment['SEMAPHORE_CACHE_BACKEND'] || undefined;
  if (backend !== 's3') return cacheFindings.ok('cache-elsewhere', { backend });
  // https://docs.semaphoreci.com/using-semaphore/optimization/cache: otherwise the default profile and the AWS variables.
  const profile = environment['SEMAPHORE_CACHE_AWS_PROFILE'];
  if (!profile) return cacheFindings.warn('cache-uses-default');
  const { file } = awsFiles.config;
  const inConfig = file !== undefined && sectionsOf(file, profile).length > 0;
  return inConfig || isInCredentials(awsFiles, profile)
    ? cacheFindings.ok('cache-has-profile', { profile })
    : cacheFindings.warn('cache-lacks-profile', { profile });
}
