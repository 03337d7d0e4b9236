import { toByteText } from './byte-text.ts';
import type { ConfigFile, ConfigSection } from './config-file.ts';
import { isCredentialKey } from './profile-key.ts';

/** The sections that some SDK takes for this profile, in the order of the file. */
export function sectionsOf(file: ConfigFile, profile: string): ConfigSection[] {
  return file.sections.filter((section) => section.type === 'profile' && section.name === profile);
}

/** Where a profile stands: nowhere, in one section, or in several of which no reader-independent one can be told. */
export type ProfilePlace =
  | { readonly kind: 'absent' }
  | { readonly kind: 'one'; readonly section: ConfigSection }
  | { readonly kind: 'twice'; readonly second: ConfigSection };

/**
 * The section in which every SDK looks for a profile.
 *
 * Only `[default]` followed by `[profile default]` may stand together: boto3 takes the later, most others the one with
 * the prefix. Ruby's SDK takes both as one, so the first must hold nothing that decides about credentials; and when we
 * manage it, somebody has put the second there since.
 */
export function placeOf(file: ConfigFile, profile: string): ProfilePlace {
  const [first, second, ...more] = sectionsOf(file, profile);
  if (first === undefined) return { kind: 'absent' };
  if (second === undefined) return { kind: 'one', section: first };
  const paired = more.length === 0 && first.inner === 'default' && second.inner === 'profile default';
  const harmless =
    first.managed === null &&
    hiddenBehind(file, first) === null &&
    !first.keys.some((key) => isCredentialKey(key.name));
  return paired && harmless ? { kind: 'one', section: second } : { kind: 'twice', second };
}

/** The header behind a section that some reader does not see, so that the keys below it are this section's too; null for none. */
export function hiddenBehind(file: ConfigFile, section: ConfigSection): ConfigSection | null {
  const next = file.sections[file.sections.indexOf(section) + 1];
  return next === undefined || next.clear ? null : next;
}

/** The job whose managed comment marks a profile's section; null when it stands unmarked, undefined when it does not stand. */
export function managingJobOfProfile(file: ConfigFile, profile: string): string | null | undefined {
  const place = placeOf(file, profile);
  if (place.kind === 'absent') return undefined;
  return (place.kind === 'one' ? place.section : place.second).managed?.job ?? null;
}

/** A profile with a key whose value names a file below some directory. */
export type PointingSection = {
  readonly profile: string;
  /** The job of the managed comment, null when the section bears none. */
  readonly job: string | null;
  readonly line: number;
  readonly key: string;
};

/** The profiles that point into a directory, given by its absolute path as the values spell it; the first such key of each. */
export function sectionsPointingInto(file: ConfigFile, directory: string): PointingSection[] {
  const path = toByteText(directory);
  const found: PointingSection[] = [];
  for (const { type, name, managed, line, keys } of file.sections) {
    const key = keys.find(({ raw }) => raw.includes(`${path}/`) || raw.includes(`${path}\\`));
    if (type === 'profile' && key !== undefined) {
      found.push({ profile: name, job: managed?.job ?? null, line, key: key.name });
    }
  }
  return found;
}
