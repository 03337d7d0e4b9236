import { join } from 'node:path';
import { Failure, type FailureFacts } from '../failure.ts';
import { readConfig } from '../profile/config-file.ts';
import { editProfile, type ManagedSection, type ProfileRefusal } from '../profile/profile-edit.ts';
import type { ProfileNote } from '../profile/profile-note.ts';
import { managingJobOfProfile } from '../profile/profile-section.ts';
import { applyEdits } from '../profile/text-edit.ts';
import type { Files } from '../world.ts';
import { type JobMarker, type MarkedProfile, markerOf, type Recipe, undoOf } from './marker.ts';
import type { Place } from './place.ts';

/** A profile that a login writes: its keys, and how its credentials come about. */
export interface LoginProfile {
  readonly profile: string;
  readonly keys: ManagedSection['keys'];
  readonly recipe: Recipe;
}

/** Whose profiles go where. */
export interface ProfileTarget {
  readonly place: Place;
  readonly job: string;
  readonly overwriteProfile: boolean;
  /** What earlier logins of this job left. */
  readonly marker: JobMarker | undefined;
}

/** A config file's new text, with what undoes each profile. */
export interface ProfilesEdited {
  readonly text: string;
  readonly marked: readonly MarkedProfile[];
  readonly notes: readonly ProfileNote[];
}

/**
 * Edits the text of a config file (undefined: there is none) for all profiles; other jobs' markers are read. Throws `profile-…` failures,
 * which speak of `readFrom`, the file that the text stands in.
 */
export function editProfiles(
  before: string | undefined,
  readFrom: string,
  profiles: readonly LoginProfile[],
  target: ProfileTarget,
  files: Pick<Files, 'readOwn'>,
): ProfilesEdited {
  let text = before ?? '';
  const marked: MarkedProfile[] = [];
  const notes: ProfileNote[] = [];
  for (const { profile, keys, recipe } of profiles) {
    const { config, isolation } = target.place;
    const earlier = earlierEntryOf(profile, text, target, files);
    const earlierUndo = earlier && undoOf(earlier, text);
    // A private copy harms nobody.
    const overwrite = target.overwriteProfile || isolation !== undefined;
    const change = editProfile(text, { profile, job: target.job, keys }, { overwrite, earlier: earlierUndo });
    if (change.kind === 'refused') throw new Failure(failureOf(change, readFrom, profile));
    text = applyEdits(text, change.edits);
    notes.push(...change.notes);
    marked.push({
      config,
      profile,
      madeFile: earlier?.madeFile ?? before === undefined,
      undo: change.undo,
      undoEarlier: earlierUndo?.job === target.job ? earlierUndo : null,
      recipe,
    });
  }
  return { text, marked, notes };
}

// Another job that overwrote a user's section knows what stood there; its record has to live on in ours.
function earlierEntryOf(
  profile: string,
  text: string,
  { place, job, marker }: ProfileTarget,
  files: Pick<Files, 'readOwn'>,
): MarkedProfile | undefined {
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
