import { expect } from 'vitest';
import { isCredentialKey, type ManagedSection } from '../../src/config-file/managed-section.ts';
import type { MadeConfig } from './nasty-config.ts';
import type { Reader, Reading } from './readers/reader.ts';

type Before = Pick<MadeConfig, 'text' | 'readable'>;

/**
 * Expects one reader to read our profile as wanted in an edited file, with its other keys unchanged, and every other
 * named profile as before. Skips a file that the reader refused before.
 */
export const expectReadRight = async (
  reader: Reader,
  made: Before,
  edited: string,
  section: ManagedSection,
  names: readonly string[],
): Promise<void> => {
  const [before, after] = await Promise.all([reader.read(made.text, names), reader.read(edited, names)]);
  if (before === 'refused') return;
  // A faulty block in [DEFAULT] shows once there is a section that inherits it.
  if (after === 'refused' && leaks(reader, made, section)) return;
  const others = (reading: Reading): unknown => othersIn(made.readable ? reading : flat(reading), section);
  expect({ [reader.name]: others(after) }).toEqual({ [reader.name]: others(before) });
  if (leaks(reader, made, section)) return;
  const own = ownIn(after, section);
  expect({ [reader.name]: deciding(own) }).toEqual({ [reader.name]: wantedBy(reader, section) });
  // In nasty files, one reader's key of the section is part of a value that we replace for another reader.
  const ownBefore = ownIn(before, section);
  if (!made.readable || ownBefore === undefined) return;
  expect({ [reader.name]: kept(own, section) }).toEqual({ [reader.name]: kept(ownBefore, section) });
};

/** Whether this reader merges a section of another name into the profile; an edit can only warn of it. */
const leaks = ({ name }: Reader, { text }: Before, { profile }: ManagedSection): boolean =>
  (name === 'Ruby' && profile !== 'default' && text.includes(`[${profile}]`)) ||
  (name === 'botocore' && text.includes('[DEFAULT]'));

/** The profiles other than ours, in any spelling of its name. */
const othersIn = (reading: Reading, { profile }: ManagedSection): unknown =>
  reading === 'refused'
    ? reading
    : Object.fromEntries(Object.entries(reading).filter(([name]) => plainName(name) !== profile));

/**
 * A reading of a nasty file without the parts that any new section changes: Ruby's SDK adds a stray indented line to the
 * last nested block before it, and reads `s3 =` as a key before CRLF; Go's keeps a CR at the end of the file only.
 */
const flat = (reading: Reading): Reading => {
  if (reading === 'refused') return reading;
  const profiles = Object.entries(reading).map(([profile, keys]) => [profile, textsIn(keys)] as const);
  return Object.fromEntries(profiles.filter(([, keys]) => Object.keys(keys).length > 0));
};

const textsIn = (keys: { readonly [key: string]: unknown }): Record<string, string> => {
  const texts = Object.entries(keys).map(([key, value]) => [key, typeof value === 'string' ? value.trimEnd() : '']);
  return Object.fromEntries(texts.filter(([, value]) => value !== ''));
};

const plainName = (name: string): string => name.replace(/^\s*profiles?[\s.]+/, '').replace(/["'\s]/g, '');

interface Keys {
  readonly [key: string]: unknown;
}

const ownIn = (reading: Reading, { profile }: ManagedSection): Keys | undefined =>
  reading === 'refused' ? { refused: true } : reading[profile];

// As spelled: for readers that distinguish case, `Region` has no effect.
const isOurs = (name: string): boolean => isCredentialKey(name) || ['region', 'sts_regional_endpoints'].includes(name);

/** The keys that affect credentials, and the others that we write. */
const deciding = (keys: Keys = {}): Keys => Object.fromEntries(Object.entries(keys).filter(([name]) => isOurs(name)));

/** The other keys, which an edit does not change. */
const kept = (keys: Keys = {}, { keys: wanted }: ManagedSection): Keys => {
  const names = new Set<string>(wanted.map(([name]) => name));
  return Object.fromEntries(
    Object.entries(keys).filter(([name]) => !isCredentialKey(name.toLowerCase()) && !names.has(name.toLowerCase())),
  );
};

const wantedBy = (reader: Reader, { keys }: ManagedSection): Keys =>
  // Go's has no field for it.
  Object.fromEntries(keys.filter(([name]) => reader.name !== 'Go v2' || name !== 'sts_regional_endpoints'));
