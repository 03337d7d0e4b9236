import { readConfig } from '../profile/config-file.ts';
import { rivalKeysOf } from '../profile/credentials-file.ts';
import { isRegion } from '../request/region.ts';
import type { Files } from '../world.ts';
import { readLeniently } from './lenient-read.ts';
import type { Place } from './place.ts';

type Readable = Pick<Files, 'read' | 'readOwn'>;

/** The region that a section of ours says already, from an earlier login; undefined where there is none, or nothing that could be one. */
export function standingRegionOf(place: Place, profile: string, files: Readable): string | undefined {
  const text = place.isolation === undefined ? files.read(place.config)?.text : files.readOwn(place.config);
  if (text === undefined) return undefined;
  const section = readConfig(text).sections.find(
    ({ type, name, managed }) => type === 'profile' && name === profile && managed !== null,
  );
  const region = section?.keys.find((key) => key.name === 'region')?.value;
  return region !== undefined && isRegion(region) ? region : undefined;
}

/** Keys that stand in the credentials file for the same profile, and before which some SDKs would never see ours. */
export function rivalKeysFor(
  place: Place,
  profile: string,
  files: Readable,
): { readonly path: string; readonly line: number } | undefined {
  const path = place.credentials;
  // One file for both: what stands in the section there is judged when it is edited, and may be our own.
  if (path === undefined || path === place.config) return undefined;
  const { text } = readLeniently(path, files);
  const [first] = text === undefined ? [] : rivalKeysOf(text, profile);
  return first === undefined ? undefined : { path, line: first.line };
}
