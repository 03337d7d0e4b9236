import { sectionsOf } from '../profile/profile-section.ts';
import type { Environment } from '../world.ts';
import type { AwsFiles } from './aws-files.ts';
import { type Finding, ok, warn } from './finding.ts';

/** With which credentials Semaphore's `cache` command reaches its store, where that is S3. */
export function checkCache(environment: Environment, { config, credentials }: AwsFiles): Finding {
  const backend = environment['SEMAPHORE_CACHE_BACKEND'] || undefined;
  if (backend !== 's3') return ok('cache', { kind: 'cache-elsewhere', backend });
  // https://docs.semaphoreci.com/using-semaphore/optimization/cache: otherwise the default profile and the AWS variables.
  const profile = environment['SEMAPHORE_CACHE_AWS_PROFILE'];
  if (!profile) return warn('cache', { kind: 'cache-uses-default' });
  const inConfig = config.file !== undefined && sectionsOf(config.file, profile).length > 0;
  const inCredentials = credentials.file?.sections.some(({ inner }) => inner.trim() === profile) === true;
  const facts = { kind: inConfig || inCredentials ? 'cache-has-profile' : 'cache-lacks-profile', profile } as const;
  return facts.kind === 'cache-has-profile' ? ok('cache', facts) : warn('cache', facts);
}
