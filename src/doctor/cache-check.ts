import { sectionsOf } from '../profile/profile-section.ts';
import type { Environment } from '../world.ts';
import { type AwsFiles, isInCredentials } from './aws-files.ts';
import { type Finding, ok, warn } from './finding.ts';

/** With which credentials Semaphore's `cache` command reaches its store, where that is S3. */
export function checkCache(environment: Environment, awsFiles: AwsFiles): Finding {
  const backend = environment['SEMAPHORE_CACHE_BACKEND'] || undefined;
  if (backend !== 's3') return ok('cache', { kind: 'cache-elsewhere', backend });
  // https://docs.semaphoreci.com/using-semaphore/optimization/cache: otherwise the default profile and the AWS variables.
  const profile = environment['SEMAPHORE_CACHE_AWS_PROFILE'];
  if (!profile) return warn('cache', { kind: 'cache-uses-default' });
  const { file } = awsFiles.config;
  const inConfig = file !== undefined && sectionsOf(file, profile).length > 0;
  const facts = {
    kind: inConfig || isInCredentials(awsFiles, profile) ? 'cache-has-profile' : 'cache-lacks-profile',
    profile,
  } as const;
  return facts.kind === 'cache-has-profile' ? ok('cache', facts) : warn('cache', facts);
}
