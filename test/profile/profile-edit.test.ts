import { describe, expect, test } from 'vitest';
import { editProfile, type ManagedSection } from '../../src/profile/profile-edit.ts';
import { applyEdits } from '../../src/profile/text-edit.ts';

const section: ManagedSection = { profile: 'default', job: 'job-1', keys: [['region', 'eu-west-1']] };
const edit = (change: Partial<ManagedSection>) => editProfile('', { ...section, ...change }, { overwrite: false });

describe('what some SDK would misread is refused', () => {
  test.each([
    'a b',
    'a]',
    'a\n[b',
    'a.b',
    'é',
    '',
    'a'.repeat(65),
    // JavaScript's SDK drops the whole file at this name.
    '__proto__',
  ])('as a profile name: %j', (profile) => {
    expect(edit({ profile })).toEqual({ kind: 'refused', reason: 'bad-name' });
  });

  test.each(['', 'a b', 'a\n', '../x', 'a'.repeat(65)])('as a job name: %j', (job) => {
    expect(edit({ job })).toEqual({ kind: 'refused', reason: 'bad-name' });
  });

  test.each([
    '',
    ' a',
    'a ',
    '\u00a0a',
    'a\u0085',
    'a\nb = c',
    'a\rb',
    'a\0',
    'a\tb',
    'a\u2028b',
    'a\ufeffb',
    '\ud800',
    '# a',
    ';a',
    'a # b',
    'a ;b',
    'a\u00a0#b',
  ])('as a value: %j', (value) => {
    expect(edit({ keys: [['role_arn', value]] })).toEqual({ kind: 'refused', reason: 'bad-value', key: 'role_arn' });
  });
});

test.each([
  ['/home/jös/token', '/home/j\xc3\xb6s/token'],
  ['C:\\Users\\x y\\token', 'C:\\Users\\x y\\token'],
  ['a#b;c=[d]', 'a#b;c=[d]'],
  ['/opt/tool "a b" %x $HOME', '/opt/tool "a b" %x $HOME'],
])('the value %j is written as it is, in UTF-8', (value, written) => {
  const change = edit({ keys: [['credential_process', value]] });
  if (change.kind === 'refused') throw new Error(change.reason);
  expect(applyEdits('', change.edits)).toContain(`\ncredential_process = ${written}\n`);
});
