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

describe('a line that is told of', () => {
  const refused = (text: string) => editProfile(text, section, { overwrite: true });

  test('has its secrets masked', () => {
    const secret = '[default]\naws_secret_access_key: abc\n';
    expect(refused(secret)).toEqual({
      kind: 'refused',
      reason: 'junk-line',
      line: 2,
      lineText: 'aws_secret_access_key: ***',
    });
    expect(refused(secret.replace('default', 'profile a'))).toMatchObject({
      notes: [{ kind: 'unreadable-elsewhere', why: 'junk-line', line: 2, lineText: 'aws_secret_access_key: ***' }],
    });
  });

  test.each<readonly [what: string, text: string, line: number, lineText: string]>([
    ['a NUL', '[default]\nregion = x\n\nou\0t = y\0\n', 4, 'ou'],
    ['a NUL in the first line', 'ab\0', 1, 'ab'],
    ['UTF-16, its low byte first', '\xff\xfe[', 1, ''],
    ['UTF-16, its high byte first', '\xfe\xff[', 1, ''],
  ])('is where a file stops being text: %s', (_what, text, line, lineText) => {
    expect(refused(text)).toEqual({ kind: 'refused', reason: 'not-text', line, lineText });
  });

  test('is the first of its kind, and their number is told', () => {
    const text = '[profile a]\njunk\njunk\n[profile a]\n';
    expect(refused(text)).toMatchObject({
      notes: [
        { kind: 'unreadable-elsewhere', why: 'junk-line', line: 2, lineText: 'junk', count: 2 },
        { kind: 'unreadable-elsewhere', why: 'section-twice', line: 4, lineText: '[profile a]', count: 1 },
      ],
    });
  });
});

test('the bytes of another encoding are text', () => {
  expect(editProfile('# caf\xe9 \xfe\xff\n', section, { overwrite: false })).toMatchObject({ kind: 'change' });
});
