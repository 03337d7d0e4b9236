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

/** Milliseconds. No session lives longer than 12 hours, so an older entry is of no use to anyone. */
const longestSession = 13 * 60 * 60 * 1000;

/** The part of a job's record that names its sessions. */
interface CachingJob {
  readonly profiles: readonly { readonly recipe: Recipe }[];
}

/**
 * Removes the sessions of these jobs that AWS tools keep as JSON below `~/.aws`: working keys, which
 * would otherwise survive the jobs. Returns how many. Ignores file-system errors.
 */
export function removeCachedSessions(
  records: readonly CachingJob[],
  { environment, files, clock, platform }: Pick<World, 'environment' | 'files' | 'clock' | 'platform'>,
): number {
  // As Python's expanduser.
  const home = environment[platform === 'win32' ? 'USERPROFILE' : 'HOME'];
  // A name that the user gave to several jobs also removes their entries, which costs each one a request.
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

/** Returns the session name in a cache entry, which is STS's response as JSON. */
function sessionNameOf(text: string): string | undefined {
  const arn = recordOf(recordOf(parsedJson(fromByteText(text)))['AssumedRoleUser'])['Arn'];
  return typeof arn === 'string' && arn.includes(':assumed-role/') ? arn.split('/').at(-1) : undefined;
}
