import { join } from 'node:path';
import { Failure, type FailureFacts } from '../failure.ts';
import { readConfig } from '../profile/config-file.ts';
import { editProfile, type ManagedSection, type ProfileChange, type ProfileRefusal } from '../profile/profile-edit.ts';
import type { ProfileNote } from '../profile/profile-note.ts';
import { managingJobOfProfile } from '../profile/profile-section.ts';
import type { ProfileUndo } from '../profile/profile-undo.ts';
import { applyEdits } from '../profile/text-edit.ts';
import type { Files, Replacement } from '../world.ts';
import { withConfigLock } from './config-lock.ts';
import { readLeniently } from './lenient-read.ts';
import { type JobMarker, type MarkedProfile, makeMarkerText, markerName, parseMarker, undoOf } from './marker.ts';
import type { Place } from './place.ts';

/** What a login writes, decided; only the config file's present text is still to be read. */
export interface LoginFiles {
  readonly place: Place;
  readonly job: string;
  readonly profile: string;
  readonly keys: ManagedSection['keys'];
  readonly overwriteProfile: boolean;
  /** Undefined for a token file that is used where it lies. */
  readonly token: string | undefined;
  readonly envFileName: string;
  readonly envFileText: string;
  /** The job's own values of what the env file changes, for `logout`. */
  readonly environmentBefore: Readonly<Record<string, string>>;
  readonly expires: Date;
}

/** What writing told. */
export interface Written {
  readonly notes: readonly ProfileNote[];
  /** The job's identity until now, where an earlier login of the same job had made one. */
  readonly earlierProfile: string | undefined;
  /** The user's config file, where it could not be read and a private one starts empty instead. */
  readonly uncopied: string | undefined;
  /** Absolute path of the env file. */
  readonly envFile: string;
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
  const { place, job, profile } = login;
  const own = (name: string, text: string): Replacement => ({ own: true, path: join(place.directory, name), text });
  const marker = markerOf(place.directory, files);
  const { before, readFrom, uncopied } = configBefore(login, files);
  const earlier = earlierEntryOf(login, before ?? '', marker, files);
  const earlierUndo = earlier && undoOf(earlier, before ?? '');
  const change = editOf(login, before ?? '', earlierUndo);
  if (change.kind !== 'change') throw new Failure(failureOf(change, readFrom, profile));
  const madeFile = earlier?.madeFile ?? before === undefined;
  const entry: MarkedProfile = {
    config: place.config,
    profile,
    madeFile,
    undo: change.undo,
    undoEarlier: earlierUndo?.job === job ? earlierUndo : null,
  };
  const others = (marker?.profiles ?? []).filter((one) => one.config !== place.config || one.profile !== profile);
  const configText = applyEdits(before ?? '', change.edits);
  const config: Replacement =
    place.isolation === undefined
      ? { own: false, path: place.config, text: configText, expected: before }
      : { own: true, path: place.config, text: configText };
  return {
    replacements: [
      // The marker first and the config last: whatever a kill leaves behind is known to the marker, and no profile names what is not there.
      own(
        markerName,
        makeMarkerText({
          job,
          expires: login.expires,
          profiles: [...others, entry],
          environmentBefore: marker?.environmentBefore ?? login.environmentBefore,
        }),
      ),
      ...(login.token === undefined ? [] : [own(tokenName, login.token)]),
      own(login.envFileName, login.envFileText),
      config,
    ],
    written: {
      notes: change.notes,
      earlierProfile: marker?.profiles.at(-1)?.profile,
      uncopied,
      envFile: join(place.directory, login.envFileName),
    },
  };
}

function editOf(login: LoginFiles, text: string, earlier?: ProfileUndo): ProfileChange | ProfileRefusal {
  const { place, profile, job, keys } = login;
  return editProfile(
    text,
    { profile, job, keys },
    {
      // A private copy harms nobody.
      overwrite: login.overwriteProfile || place.isolation !== undefined,
      earlier,
    },
  );
}

// Another job that overwrote a user's section knows what stood there; its record has to live on in ours.
function earlierEntryOf(
  login: LoginFiles,
  text: string,
  marker: JobMarker | undefined,
  files: Files,
): MarkedProfile | undefined {
  const { place, profile, job } = login;
  const other = managingJobOfProfile(readConfig(text), profile);
  if (other === undefined || other === null) return undefined;
  const theirs = other === job ? marker : markerOf(join(place.jobs, other), files);
  return theirs?.profiles.find((one) => one.config === place.config && one.profile === profile);
}

function failureOf(refusal: ProfileRefusal, path: string, profile: string): FailureFacts {
  switch (refusal.reason) {
    case 'bad-name':
      return { kind: 'profile-value-unwritable', path, profile, key: undefined };
    case 'bad-value':
      return { kind: 'profile-value-unwritable', path, profile, key: refusal.key };
    case 'not-ours':
      return { kind: 'profile-not-ours', path, profile, line: refusal.line };
    default:
      return {
        kind: 'profile-unreadable',
        path,
        profile,
        problem: refusal.reason,
        line: refusal.line,
        lineText: refusal.lineText,
      };
  }
}

/** The marker of a job's directory; undefined where there is none, or none that can be read. */
export function markerOf(directory: string, files: Pick<Files, 'readOwn'>): JobMarker | undefined {
  const text = files.readOwn(join(directory, markerName));
  return text === undefined ? undefined : parseMarker(text);
}

interface ConfigBefore {
  readonly before: string | undefined;
  /** Where that text stands. */
  readonly readFrom: string;
  readonly uncopied: string | undefined;
}

// A private config file starts as a copy of the user's; once there, it is the job's own.
function configBefore(login: LoginFiles, files: Files): ConfigBefore {
  const { config, isolation, userConfig } = login.place;
  if (isolation === undefined) return { before: files.read(config)?.text, readFrom: config, uncopied: undefined };
  const own = files.readOwn(config);
  if (own !== undefined || userConfig === undefined) return { before: own, readFrom: config, uncopied: undefined };
  // Elsewhere a login without the user's other profiles would be a surprise.
  if (isolation === 'asked' && !isCopyable(login, userConfig, files))
    return { before: undefined, readFrom: config, uncopied: userConfig };
  return { before: files.read(userConfig)?.text, readFrom: userConfig, uncopied: undefined };
}

function isCopyable(login: LoginFiles, userConfig: string, files: Files): boolean {
  const reading = readLeniently(userConfig, files);
  return !('unreadable' in reading) && editOf(login, reading.text ?? '').kind === 'change';
}
