import { describe, expect, test } from 'vitest';
import { editProfiles, type LoginProfile } from '../../src/login/write.ts';
import { failureOf } from '../failing.ts';
import { makeMachine, profileOf, sectionOf } from './scratch-home.ts';

/** Edits the text of a shared config file for these profiles of job `j1`. */
function edit(before: string | undefined, ...profiles: readonly LoginProfile[]) {
  const { place, files } = makeMachine();
  const target = { place: place('j1'), job: 'j1', overwriteProfile: false, marker: undefined };
  return editProfiles(before, '/read/from', profiles, target, files);
}

describe('several profiles', () => {
  test('go into one text, each with its own record', () => {
    const { text, marked, notes } = edit('[profile mine]\n', profileOf('j1'), profileOf('j1', 'prod'));
    expect(text).toBe(`[profile mine]\n\n${sectionOf('j1')}\n${sectionOf('j1', '[profile prod]')}`);
    expect(marked.map(({ profile, madeFile, undo }) => [profile, madeFile, undo.profile])).toEqual([
      ['default', false, 'default'],
      ['prod', false, 'prod'],
    ]);
    expect(notes).toEqual([]);
  });

  test('say all that is worth saying', () => {
    const { notes } = edit('[DEFAULT]\naws_access_key_id = a\n', profileOf('j1'), profileOf('j1', 'prod'));
    expect(notes).toMatchObject([{ kind: 'leaks-in' }, { kind: 'leaks-in' }]);
  });
});

describe('a profile that cannot be written is refused, and the file named that its text stands in', () => {
  const stands = (facts: object) => ({ path: '/read/from', profile: 'default', ...facts });
  const withRegion = (region: string) => profileOf('j1', 'default', region);
  test.each<readonly [what: string, before: string, profile: LoginProfile, facts: object]>([
    [
      'for its name',
      '',
      profileOf('j1', '__proto__'),
      { kind: 'profile-value-unwritable', profile: '__proto__', key: undefined },
    ],
    ['for a value', '', withRegion('a # b'), { kind: 'profile-value-unwritable', key: 'region' }],
    ['for the section that stands', '\n[default]\n', profileOf('j1'), { kind: 'profile-not-ours', line: 2 }],
    [
      'for a section that stands twice',
      '[profile prod]\nx = y\n[profile prod]\n',
      profileOf('j1', 'prod'),
      { kind: 'profile-unreadable', profile: 'prod', problem: 'profile-twice', line: 3, lineText: '[profile prod]' },
    ],
  ])('%s', (_what, before, profile, facts) => {
    expect(failureOf(() => edit(before, profile))).toEqual(stands(facts));
  });
});
