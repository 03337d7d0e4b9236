import { isAbsolute, join } from 'node:path';
import { fromByteText } from '../text/byte-text.ts';
import { parsedJson, recordOf } from '../text/json.ts';
import type { World } from '../world/world.ts';
import type { Recipe } from './job-record.ts';

// The AWS CLI's cache, and boto3's where a program turned it on.
// https://github.com/aws/aws-cli/blob/v2/awscli/customizations/assumerole.py
// https://github.com/boto/botocore/blob/develop/botocore/utils.py (JSONFileCache)
const cacheDirectories = [
  ['.aws', 'cli', 'cache'],
  ['.aws', 'boto', 'cache'],
] as const;

/** In milliseconds. No session lives longer than 12 hours. */
const longestSession = 13 * 60 * 60 * 1000;

interface CachingJob {
  readonly profiles: readonly { readonly recipe: Recipe }[];
}

/**
 * Removes the sessions of these jobs that AWS tools keep as JSON below `~/.aws`: the keys would
 * work after the jobs. Returns how many. Ignores file-system errors.
 */
export function removeCachedSessions(
  records: readonly CachingJob[],
  { environment, files, clock, platform }: Pick<World, 'environment' | 'files' | 'clock' | 'platform'>,
): number {
  // As Python's expanduser.
  const home = environment[platform === 'win32' ? 'USERPROFILE' : 'HOME'];
  // Also removes other jobs' entries under a name that they share: each costs one request.
  const names = new Set(records.flatMap(sessionNamesIn));
  if (names.size === 0 || home === undefined || !isAbsolute(home)) return 0;
  const oldest = clock.now().getTime() - longestSession;
  const isOurs = (text: string) => {
    const name = sessionNameOf(text);
    return name !== undefined && names.has(name);
  };
  const removals = cacheDirectories.map((directory) =>
    files.removeMatching(
      join(home, ...directory),
      ({ name, modified, text }) => name.endsWith('.json') && modified.getTime() >= oldest && isOurs(text()),
    ),
  );
  return removals.reduce((sum, count) => sum + count, 0);
}

function sessionNamesIn({ profiles }: CachingJob): string[] {
  return profiles.flatMap(({ recipe: { chain } }) => [chain.first, ...chain.further].map((hop) => hop.sessionName));
}

/** Reads a cache entry, which is STS's response as JSON. */
function sessionNameOf(text: string): string | undefined {
  const arn = recordOf(recordOf(parsedJson(fromByteText(text)))['AssumedRoleUser'])['Arn'];
  return typeof arn === 'string' && arn.includes(':assumed-role/') ? arn.split('/').at(-1) : undefined;
}
