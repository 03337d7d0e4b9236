import type { ByteText } from './byte-text.ts';
import { readConfig } from './config-file.ts';
import { trimmed } from './config-line.ts';
import { isCredentialKey } from './profile-key.ts';

/** A key in the credentials file that decides about a profile's credentials. */
export type RivalKey = { readonly key: string; readonly line: number };

/**
 * The keys of a profile in the text of a credentials file that win over, or mix with, what the config file says of the
 * same profile: JavaScript's and Rust's SDKs lay this file over the other, Go's takes static keys from it first. The
 * section may be `[name]`, as the format wants it, or `[profile name]`.
 */
export function rivalKeysOf(credentials: ByteText, profile: string): RivalKey[] {
  return readConfig(credentials)
    .sections.filter(({ type, name, inner }) => (type === 'profile' && name === profile) || trimmed(inner) === profile)
    .flatMap((section) => section.keys)
    .filter((key) => isCredentialKey(key.name) && key.value !== '')
    .map((key) => ({ key: key.name, line: key.line }));
}
