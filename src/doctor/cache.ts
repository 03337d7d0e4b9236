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
        : `"cache" uses ${quote(backend)}, which AWS credentials do not matter to`,
  }),
  'cache-has-profile': ({ profile }: { readonly profile: string }) => ({
    headline: `"cache" uses S3 with the profile ${quote(profile)}`,
  }),
  'cache-lacks-profile': ({ profile }: { readonly profile: string }) => ({
    headline: `"cache" uses S3 with the profile ${quote(profile)}, which does not exist`,
    cause: 'SEMAPHORE_CACHE_AWS_PROFILE names it; the command may end without an error and store nothing.',
    remedies: [`Log in with that name (--profile ${printable(profile)}), or unset SEMAPHORE_CACHE_AWS_PROFILE.`],
  }),
  'cache-uses-default': () => ({
    headline: '"cache" uses S3 with whatever this job is logged in as',
    cause: 'It follows the default profile and the AWS variables, so it needs the role to reach its bucket.',
    remedies: ['To keep its own profile: SEMAPHORE_CACHE_AWS_PROFILE=NAME'],
  }),
});

/** Checks with which credentials Semaphore's `cache` command accesses its store, if that is S3. */
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
