import { expect } from 'vitest';
import { isCredentialKey, type ManagedSection } from '../../src/config-file/managed-section.ts';
import type { MadeConfig } from './nasty-config.ts';
import type { Reader, Reading } from './readers/reader.ts';

type Before = Pick<MadeConfig, 'text' | 'readable'>;

/**
 * Expects of one reader that an edited file gives our profile just what was wanted, with its other keys as they were,
 * and every other of the named profiles as before. A file that it refused before is not its matter.
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
  // In nasty files what one reader takes for a key of the section is to another part of a value that we replace.
  const ownBefore = ownIn(before, section);
  if (!made.readable || ownBefore === undefined) return;
  expect({ [reader.name]: kept(own, section) }).toEqual({ [reader.name]: kept(ownBefore, section) });
};

/** Whether this reader takes a section of another name for part of the profile, which an edit only can warn of. */
const leaks = ({ name }: Reader, { text }: Before, { profile }: ManagedSection): boolean =>
  (name === 'Ruby' && profile !== 'default' && text.includes(`[${profile}]`)) ||
  (name === 'botocore' && text.includes('[DEFAULT]'));

/** The profiles other than ours, under whatever spelling of its name a reader knows it. */
const othersIn = (reading: Reading, { profile }: ManagedSection): unknown =>
  reading === 'refused'
    ? reading
    : Object.fromEntries(Object.entries(reading).filter(([name]) => plainName(name) !== profile));

/**
 * A reading of a nasty file without what our section cannot help but change: Ruby's SDK hangs a stray indented line on
 * the last block of any section before it, and reads `s3 =` as a key when CRLF follows; Go's keeps a CR that ends the
 * file, but not when an LF follows.
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

type Keys = { readonly [key: string]: unknown };

const ownIn = (reading: Reading, { profile }: ManagedSection): Keys | undefined =>
  reading === 'refused' ? { refused: true } : reading[profile];

// As the reader gives it: to those that tell upper from lower case, `Region` is no key that decides anything.
const isOurs = (name: string): boolean => isCredentialKey(name) || ['region', 'sts_regional_endpoints'].includes(name);

/** The keys that decide about credentials, and the ones that we write beside them. */
const deciding = (keys: Keys = {}): Keys => Object.fromEntries(Object.entries(keys).filter(([name]) => isOurs(name)));

/** The other keys, which an edit leaves as they are. */
const kept = (keys: Keys = {}, { keys: wanted }: ManagedSection): Keys => {
  const names = new Set<string>(wanted.map(([name]) => name));
  return Object.fromEntries(
    Object.entries(keys).filter(([name]) => !isCredentialKey(name.toLowerCase()) && !names.has(name.toLowerCase())),
  );
};

const wantedBy = (reader: Reader, { keys }: ManagedSection): Keys =>
  // Go's has no field for it.
  Object.fromEntries(keys.filter(([name]) => reader.name !== 'Go v2' || name !== 'sts_regional_endpoints'));
