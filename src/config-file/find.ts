import { type ByteText, toByteText } from '../text/byte-text.ts';
import { trimmed } from './line.ts';
import type { ConfigFile, ConfigSection } from './model.ts';
import { readConfig } from './read.ts';

/** The sections that some SDK takes for this profile, in the order of the file. */
export function sectionsOf(file: ConfigFile, profile: string): ConfigSection[] {
  return file.sections.filter((section) => section.type === 'profile' && section.name === profile);
}

/** Where a profile stands: nowhere, in one section, or in several of which no reader-independent one can be told. */
export type ProfileLocation =
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
export function locateProfile(file: ConfigFile, profile: string): ProfileLocation {
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
  const place = locateProfile(file, profile);
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

/** A key in the credentials file that decides about a profile's credentials. */
export type CredentialKey = { readonly key: string; readonly line: number };

/**
 * The keys of a profile in the text of a credentials file that win over, or mix with, what the config file says of the
 * same profile: JavaScript's and Rust's SDKs lay this file over the other, Go's takes static keys from it first. The
 * section may be `[name]`, as the format wants it, or `[profile name]`.
 */
export function credentialKeysIn(credentials: ByteText, profile: string): CredentialKey[] {
  return readConfig(credentials)
    .sections.filter(({ type, name, inner }) => (type === 'profile' && name === profile) || trimmed(inner) === profile)
    .flatMap((section) => section.keys)
    .filter((key) => isCredentialKey(key.name) && key.value !== '')
    .map((key) => ({ key: key.name, line: key.line }));
}

const managedKeys = [
  'role_arn',
  'web_identity_token_file',
  'role_session_name',
  'region',
  'sts_regional_endpoints',
  'credential_process',
] as const;

/** The keys that we write into a profile. */
export type ManagedKey = (typeof managedKeys)[number];

/** Whether a key, in lower case, is one that we may have written. */
export function isManagedKey(name: string): name is ManagedKey {
  return managedKeys.some((key) => key === name);
}

// Each is a way to credentials of its own, or changes whose credentials a role's keys give.
const rivalKeys: ReadonlySet<string> = new Set([
  'role_arn',
  'web_identity_token_file',
  'role_session_name',
  'source_profile',
  'credential_source',
  'external_id',
  'mfa_serial',
  'duration_seconds',
  'credential_process',
  'login_session',
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_security_token',
  'aws_account_id',
]);

/** Whether a key, in lower case, decides about credentials, so that it may not stand beside ours unless we wrote it. */
export function isCredentialKey(name: string): boolean {
  return rivalKeys.has(name) || name.startsWith('sso_');
}
