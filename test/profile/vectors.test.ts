import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fromByteText, toByteText } from '../../src/profile/byte-text.ts';
import { readConfig } from '../../src/profile/config-file.ts';
import { editProfile } from '../../src/profile/profile-edit.ts';
import { undoProfile } from '../../src/profile/profile-undo.ts';
import { applyEdits } from '../../src/profile/text-edit.ts';
import { expectReadRight } from './read-right.ts';
import { installedReaders, type Reader } from './readers/reader.ts';
import { webIdentity } from './wanted-section.ts';

type Profiles = { readonly [profile: string]: { readonly [key: string]: string } };
type Vector = {
  readonly name: string;
  readonly input: { readonly configFile?: string; readonly credentialsFile?: string };
  readonly output: { readonly config?: { readonly profiles: Profiles }; readonly errorContaining?: string };
};

const { tests }: { tests: Vector[] } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'vectors/profile-parser-tests.json'), 'utf8'),
);
const accepted = tests.flatMap(({ name, input, output }) =>
  output.config === undefined || input.configFile === undefined
    ? []
    : [{ name, text: toByteText(input.configFile), mixed: input.credentialsFile !== undefined, ...output.config }],
);

test('the cases are all there', () => {
  expect(tests).toHaveLength(65);
  expect(accepted.length).toBeGreaterThan(40);
});

describe('each public case that is a readable file', () => {
  let readers: readonly Reader[];
  beforeAll(async () => {
    readers = await installedReaders('public test cases of the config file');
  });
  afterAll(() => {
    for (const reader of readers) reader.end();
  });

  test.each(accepted.filter(({ mixed }) => !mixed))('is read as it says: $name', ({ text, profiles }) => {
    expect(profilesOf(text)).toEqual(profiles);
  });

  test.each(accepted)('takes a new profile, and gives it back: $name', async ({ text }) => {
    for (const profile of ['deploy', 'ci_1']) await expectEdited(text, profile, 'added');
  });

  test.each(accepted)('lets a profile of its own be overwritten, or has two of them: $name', async ({ text }) => {
    for (const profile of ['foo', 'default']) await expectEdited(text, profile, 'any');
  });

  const expectEdited = async (text: string, profile: string, how: 'added' | 'any'): Promise<void> => {
    const section = webIdentity(profile, 'job-1');
    const change = editProfile(text, section, { overwrite: true });
    if (change.kind === 'refused') {
      expect(how).toBe('any');
      expect(['stands-twice', 'key-twice', 'odd-header']).toContain(change.reason);
      return;
    }
    const after = applyEdits(text, change.edits);
    for (const reader of readers) {
      await expectReadRight(reader, { text, readable: true }, after, section, ['foo', 'bar', 'default', profile]);
    }
    const undone = undoProfile(after, change.undo);
    expect(undone.kind === 'undone' && applyEdits(after, undone.edits)).toBe(text);
  };
});

const PROFILE_NAME = /^[\w+/.%@:-]+$/;
const KEY_NAME = /^[\w.%@:/+-]+$/;

/** A config file's profiles, from its sections, by the rules that these cases state. */
const profilesOf = (text: string): Profiles => {
  const { sections } = readConfig(text);
  const profiles: Record<string, Record<string, string>> = {};
  const prefixed = sections.some(({ name, inner }) => name === 'default' && inner !== 'default');
  for (const { type, name, inner, keys } of sections) {
    if (type !== 'profile' || !PROFILE_NAME.test(name) || (prefixed && inner === 'default')) continue;
    const readable = keys.filter((key) => KEY_NAME.test(key.name));
    const read = Object.fromEntries(readable.map((key) => [key.name, fromByteText(key.value)]));
    profiles[name] = { ...profiles[name], ...read };
  }
  return profiles;
};
