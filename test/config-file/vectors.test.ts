import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config-file/read.ts';
import { applyEdits } from '../../src/config-file/text-edit.ts';
import { undoProfile } from '../../src/config-file/undo.ts';
import { fromByteText } from '../../src/text/byte-text.ts';
import { editedCase, publicCases, readableCases } from './public-cases.ts';

test('all cases are read', () => {
  expect(publicCases).toBe(65);
  expect(readableCases.length).toBeGreaterThan(40);
});

describe('each public case that is a readable file', () => {
  test.each(readableCases.filter(({ mixed }) => !mixed))('is read as expected: $name', ({ text, profiles }) => {
    expect(profilesOf(text)).toEqual(profiles);
  });

  test.each(readableCases)('accepts a new profile, and undoes it: $name', ({ text }) => {
    for (const profile of ['deploy', 'ci_1']) expectUndone(text, profile, 'added');
  });

  test.each(readableCases)('has a profile overwritten, or has two of them: $name', ({ text }) => {
    for (const profile of ['foo', 'default']) expectUndone(text, profile, 'any');
  });

  const expectUndone = (text: string, profile: string, how: 'added' | 'any'): void => {
    const edited = editedCase(text, profile, how);
    if (edited === undefined) return;
    const undone = undoProfile(edited.after, edited.change.undo);
    expect(undone.kind === 'undone' && applyEdits(edited.after, undone.edits)).toBe(text);
  };
});

const PROFILE_NAME = /^[\w+/.%@:-]+$/;
const KEY_NAME = /^[\w.%@:/+-]+$/;

/** Reads a config file's profiles by the rules of these cases. */
const profilesOf = (text: string): Record<string, Record<string, string>> => {
  const { sections } = readConfig(text);
  const profiles: Record<string, Record<string, string>> = {};
  const prefixed = sections.some(({ name, headerText }) => name === 'default' && headerText !== 'default');
  for (const { type, name, headerText, keys } of sections) {
    if (type !== 'profile' || !PROFILE_NAME.test(name) || (prefixed && headerText === 'default')) continue;
    const readable = keys.filter((key) => KEY_NAME.test(key.name));
    const read = Object.fromEntries(readable.map((key) => [key.name, fromByteText(key.value)]));
    profiles[name] = { ...profiles[name], ...read };
  }
  return profiles;
};
