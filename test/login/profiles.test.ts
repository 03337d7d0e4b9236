import { describe, expect, test } from 'vitest';
import type { LoginProfile } from '../../src/login/plan.ts';
import { editProfiles } from '../../src/login/write.ts';
import { failureOf } from '../failing.ts';
import { makeScratchHome, profileOf, sectionOf } from './scratch-home.ts';

/** Edits the text of a shared config file for these profiles of job `j1`. */
function edit(before: string | undefined, ...profiles: readonly LoginProfile[]) {
  const { paths, files } = makeScratchHome();
  const target = { paths: paths('j1'), job: 'j1', overwriteProfile: false, record: undefined };
  return editProfiles(before, '/read/from', profiles, target, files);
}

describe('several profiles', () => {
  test('are written to one text, each with a record', () => {
    const { text, recorded, warnings } = edit('[profile mine]\n', profileOf('j1'), profileOf('j1', 'prod'));
    expect(text).toBe(`[profile mine]\n\n${sectionOf('j1')}\n${sectionOf('j1', '[profile prod]')}`);
    expect(recorded.map(({ profile, madeFile, undo }) => [profile, madeFile, undo.profile])).toEqual([
      ['default', false, 'default'],
      ['prod', false, 'prod'],
    ]);
    expect(warnings).toEqual([]);
  });

  test('return all warnings', () => {
    const { warnings } = edit('[DEFAULT]\naws_access_key_id = a\n', profileOf('j1'), profileOf('j1', 'prod'));
    expect(warnings).toMatchObject([{ kind: 'leaks-in' }, { kind: 'leaks-in' }]);
  });
});

describe('a profile that cannot be written is rejected, and the failure names the file', () => {
  const factsWith = (facts: object) => ({ path: '/read/from', profile: 'default', ...facts });
  const withRegion = (region: string) => profileOf('j1', 'default', region);
  test.each<readonly [what: string, before: string, profile: LoginProfile, facts: object]>([
    [
      'for its name',
      '',
      profileOf('j1', '__proto__'),
      { kind: 'profile-value-unwritable', profile: '__proto__', key: undefined },
    ],
    ['for a value', '', withRegion('a # b'), { kind: 'profile-value-unwritable', key: 'region' }],
    ['for an existing section', '\n[default]\n', profileOf('j1'), { kind: 'profile-not-ours', line: 2 }],
    [
      'for a section that exists twice',
      '[profile prod]\nx = y\n[profile prod]\n',
      profileOf('j1', 'prod'),
      { kind: 'profile-unreadable', profile: 'prod', problem: 'profile-twice', line: 3, lineText: '[profile prod]' },
    ],
  ])('%s', (_what, before, profile, facts) => {
    expect(failureOf(() => edit(before, profile))).toEqual(factsWith(facts));
  });
});
