import { type ByteText, toByteText } from '../text/byte-text.ts';
import { trimmed } from './line.ts';
import { isCredentialKey } from './managed-section.ts';
import type { ConfigFile, ConfigKey, ConfigSection } from './model.ts';
import { readConfig } from './read.ts';

/** Returns the sections that some SDK reads as this profile, in the order of the file. */
export function sectionsOf(file: ConfigFile, profile: string): ConfigSection[] {
  return file.sections.filter((section) => section.type === 'profile' && section.name === profile);
}

/** `ambiguous`: in several sections, of which SDKs choose different ones. */
export type ProfileLocation =
  | { readonly kind: 'absent' }
  | { readonly kind: 'found'; readonly section: ConfigSection }
  | { readonly kind: 'ambiguous'; readonly second: ConfigSection };

/**
 * Finds the section that every SDK reads as this profile. Of two, the second must be `[profile
 * default]`: boto3 reads the later one, most others the prefixed one; Ruby's SDK merges in the
 * first's credentials.
 */
export function locateProfile(file: ConfigFile, profile: string): ProfileLocation {
  const [first, second, ...more] = sectionsOf(file, profile);
  if (first === undefined) return { kind: 'absent' };
  if (second === undefined) return { kind: 'found', section: first };
  const paired = more.length === 0 && first.headerText === 'default' && second.headerText === 'profile default';
  // If the first section is ours, another program has added the second.
  const harmless =
    first.managed === undefined &&
    unclearHeaderAfter(file, first) === undefined &&
    !first.keys.some((key) => isCredentialKey(key.name));
  return paired && harmless ? { kind: 'found', section: second } : { kind: 'ambiguous', second };
}

/**
 * Returns the next section if some reader adds its keys to this one, since it does not see its
 * header.
 */
export function unclearHeaderAfter(file: ConfigFile, section: ConfigSection): ConfigSection | undefined {
  const next = file.sections[file.sections.indexOf(section) + 1];
  return next?.clear ? undefined : next;
}

/** Returns the job whose login wrote a profile's section; undefined if no login did. */
export function managingJobOfProfile(file: ConfigFile, profile: string): string | undefined {
  const location = locateProfile(file, profile);
  if (location.kind === 'absent') return undefined;
  return (location.kind === 'found' ? location.section : location.second).managed?.job;
}

export interface PointingSection {
  readonly profile: string;
  readonly job: string | undefined;
  readonly line: number;
}

/** Returns the profiles with a key that names a file in this directory (an absolute path). */
export function sectionsPointingInto(file: ConfigFile, directory: string): PointingSection[] {
  const path = toByteText(directory);
  return file.sections
    .filter(({ type }) => type === 'profile')
    .filter(({ keys }) => keys.some(({ raw }) => raw.includes(`${path}/`) || raw.includes(`${path}\\`)))
    .map(({ name, managed, line }) => ({ profile: name, job: managed?.job, line }));
}

/**
 * Returns a credentials file's keys that override the config file's for a profile: JavaScript's and
 * Rust's SDKs prefer this file, and Go's reads static keys here first.
 */
export function credentialKeysIn(credentials: ByteText, profile: string): ConfigKey[] {
  // The format says `[name]` here; SDKs accept `[profile name]` too.
  return readConfig(credentials)
    .sections.filter(
      ({ type, name, headerText }) => (type === 'profile' && name === profile) || trimmed(headerText) === profile,
    )
    .flatMap((section) => section.keys)
    .filter((key) => isCredentialKey(key.name) && key.value !== '');
}
