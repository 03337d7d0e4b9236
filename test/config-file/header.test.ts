import { describe, expect, test } from 'vitest';
import { parseSectionHeader } from '../../src/config-file/header.ts';

describe('a header names', () => {
  test.each<readonly [header: string, type: string, name: string, clear: boolean, canonical: boolean]>([
    ['[default]', 'profile', 'default', true, true],
    ['[profile default]', 'profile', 'default', true, true],
    ['[profile deploy]', 'profile', 'deploy', true, true],
    ['[profile deploy] # comment', 'profile', 'deploy', true, true],
    ['[profile deploy]\t;comment', 'profile', 'deploy', true, true],
    ['[sso-session x]', 'sso-session', 'x', true, true],
    ['[services x]', 'services', 'x', true, true],
    ['[preview]', 'other', 'preview', true, true],
    ['[ default ]', 'profile', 'default', true, false],
    ['[profile  deploy]', 'profile', 'deploy', true, false],
    ['[profile\tdeploy]', 'profile', 'deploy', true, false],
    ['[profile "x y"]', 'profile', 'x y', true, false],
    ["[profile 'x \"y']", 'profile', 'x "y', true, false],
    ['[profile "a\\"b\\\\c\\d"]', 'profile', 'a"b\\c\\d', true, false],
    ['[profile de"pl"o\\y]', 'profile', 'deploy', true, false],
    ['[profile ""]', 'profile', '', true, false],
    ['[profile.deploy]', 'profile', 'deploy', true, false],
    ['[profiles deploy]', 'profile', 'deploy', true, false],
    ['[profile deploy] # [1]', 'profile', 'deploy', true, false],
    ['[profile deploy]# comment', 'profile', 'deploy', false, false],
    ['[profile deploy] junk', 'profile', 'deploy', false, false],
    ['[profile a #b]', 'other', 'profile a #b', false, false],
    ['[Profile deploy]', 'other', 'Profile deploy', true, true],
    ['[profile]', 'other', 'profile', true, true],
    ['[profile x y]', 'other', 'profile x y', true, true],
    ['[a]', 'other', 'a', true, true],
    ['[ ]', 'other', ' ', true, true],
    ['[] # ]', 'other', '', false, false],
    ['[profile\xc2\xa0\xc2\xa0deploy]', 'profile', 'deploy', true, false],
    ['[profile\x0b\x0cdeploy]', 'profile', 'deploy', true, false],
    ['[pro"file" deploy]', 'profile', 'deploy', true, false],
    ['[a]]', 'other', 'a', false, false],
    ['[a[b]', 'other', 'a[b', false, false],
    ['[a] [b]', 'other', 'a', false, false],
    ['[default]\xc2\xa0', 'profile', 'default', true, true],
    ['[\xc2\xa0default]', 'profile', 'default', true, false],
    ['[profile\xe3\x80\x80deploy]', 'profile', 'deploy', true, false],
    ['[services "x"]', 'services', 'x', true, false],
    ['[sso-session x y]', 'other', 'sso-session x y', true, true],
    ['[my profile]', 'other', 'my profile', true, true],
    ['[profile a.b]', 'profile', 'a.b', true, true],
    ['[profile.]', 'profile', '', true, false],
    ['[profile é]', 'profile', 'é', true, true],
    ['[profile a-b_C1 ]', 'profile', 'a-b_C1', true, false],
    ['[ profile a]', 'profile', 'a', true, false],
    ['[x profile a]', 'other', 'x profile a', true, true],
    [`[profile ''x'']`, 'profile', 'x', true, false],
    ['[profile a\\ b]', 'profile', 'a b', true, false],
    ['[profile "a b\\]', 'other', 'profile "a b\\', true, true],
    ['[profile "x]', 'other', 'profile "x', true, true],
    ["[profile 'x]", 'other', "profile 'x", true, true],
    ['[profile x\\]', 'other', 'profile x\\', true, true],
  ])('%s', (header, type, name, clear, canonical) => {
    expect(parseSectionHeader(header)).toMatchObject({ type, name, clear, canonical });
  });

  test.each(['[]', '[profile deploy', '['])('nothing: %s', (line) => {
    expect(parseSectionHeader(line)).toBeUndefined();
  });

  test.each([
    ['[profile a] # b', 'profile a', ' # b'],
    ['[ default ];x', ' default ', ';x'],
    ['[a]b]', 'a', 'b]'],
    ['[a] # [b]', 'a', ' # [b]'],
  ])('%s: the text between its brackets and the rest of the line', (header, headerText, restOfLine) => {
    expect(parseSectionHeader(header)).toMatchObject({ headerText, restOfLine });
  });

  test('one profile, even when it is very long', () => {
    const name = 'a'.repeat(12_000_000);
    expect(parseSectionHeader(`[profile "${name}"]`)?.name).toBe(name);
  });
});
