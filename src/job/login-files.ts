import { join } from 'node:path';
import { Failure } from '../failure.ts';
import { toByteText } from '../profile/byte-text.ts';
import type { ProfileNote } from '../profile/profile-note.ts';
import type { Files, Replacement } from '../world.ts';
import { withConfigLock } from './config-lock.ts';
import { readLeniently } from './lenient-read.ts';
import { editProfiles, type LoginProfile, type ProfilesEdited } from './login-profiles.ts';
import { type JobMarker, makeMarkerText, markerName, markerOf } from './marker.ts';
import type { Place } from './place.ts';

/** What a login writes, decided; only the config file's present text is still to be read. */
export interface LoginFiles {
  readonly place: Place;
  readonly job: string;
  readonly profiles: readonly LoginProfile[];
  readonly overwriteProfile: boolean;
  /** Undefined for a token file that is used where it lies. */
  readonly token: string | undefined;
  /** To be sourced; undefined where nobody will. */
  readonly envFile: { readonly name: string; readonly text: string } | undefined;
  /** The job's own values of what the env file changes, for `logout`. */
  readonly environmentBefore: Readonly<Record<string, string>>;
  readonly expires: Date;
}

/** What writing told. */
export interface Written {
  readonly notes: readonly ProfileNote[];
  /** The profiles that earlier logins of the same job had made, the latest last. */
  readonly earlierProfiles: readonly string[];
  /** The user's config file, where it could not be read and a private one starts empty instead. */
  readonly uncopied: string | undefined;
}

/** The names of this login's files in the job's directory. */
export const tokenName = 'token';

/** Writes everything or nothing. Throws `Failure` of the file kinds. */
export async function writeLoginFiles(login: LoginFiles, files: Files): Promise<Written> {
  return await withConfigLock(login.place.config, files, () => {
    const { replacements, written } = planOf(login, files);
    return files.replace(replacements) ? written : undefined;
  });
}

function planOf(login: LoginFiles, files: Files): { replacements: Replacement[]; written: Written } {
  const { place, job, expires } = login;
  const own = (name: string, text: string): Replacement => ({
    own: true,
    path: join(place.directory, name),
    text: toByteText(text),
  });
  const marker = markerOf(place.directory, files);
  const { before, edited, uncopied } = configOf(login, marker, files);
  const { text, marked, notes } = edited;
  const isSame = (one: { config: string; profile: string }) =>
    one.config === place.config && marked.some(({ profile }) => profile === one.profile);
  const others = marker?.profiles.filter((one) => !isSame(one)) ?? [];
  const environmentBefore = marker?.environmentBefore ?? login.environmentBefore;
  const config: Replacement =
    place.isolation === undefined
      ? { own: false, path: place.config, text, expected: before }
      : { own: true, path: place.config, text };
  return {
    replacements: [
      // The marker first and the config last: whatever a kill leaves behind is known to the marker, and no profile names what is not there.
      own(markerName, makeMarkerText({ job, expires, profiles: [...others, ...marked], environmentBefore })),
      ...(login.token === undefined ? [] : [own(tokenName, login.token)]),
      ...(login.envFile === undefined ? [] : [own(login.envFile.name, login.envFile.text)]),
      config,
    ],
    written: { notes, earlierProfiles: marker?.profiles.map(({ profile }) => profile) ?? [], uncopied },
  };
}

interface ConfigEdited {
  readonly before: string | undefined;
  readonly edited: ProfilesEdited;
  readonly uncopied: string | undefined;
}

// A private config file starts as a copy of the user's; once there, it is the job's own.
function configOf(login: LoginFiles, marker: JobMarker | undefined, files: Files): ConfigEdited {
  const { config, isolation, userConfig } = login.place;
  const edit = (before: string | undefined, readFrom: string): ConfigEdited => {
    const edited = editProfiles(before, readFrom, login.profiles, { ...login, marker }, files);
    return { before, edited, uncopied: undefined };
  };
  if (isolation === undefined) return edit(files.read(config)?.text, config);
  const own = files.readOwn(config);
  if (own !== undefined || userConfig === undefined) return edit(own, config);
  // Elsewhere a login without the user's other profiles would be a surprise.
  if (isolation !== 'asked') return edit(files.read(userConfig)?.text, userConfig);
  const reading = readLeniently(userConfig, files);
  try {
    if (reading.readable) return edit(reading.text, userConfig);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  return { ...edit(undefined, config), uncopied: userConfig };
}
