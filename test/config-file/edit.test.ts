import { describe, expect, test } from 'vitest';
import { editProfile } from '../../src/config-file/edit.ts';
import type { ManagedSection } from '../../src/config-file/managed-section.ts';
import { applyEdits } from '../../src/config-file/text-edit.ts';

const section: ManagedSection = { profile: 'default', job: 'job-1', keys: [['region', 'eu-west-1']] };
const edit = (change: Partial<ManagedSection>) => editProfile('', { ...section, ...change }, { overwrite: false });

describe('a text that some SDK would misread is rejected', () => {
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
])('the value %j is written unchanged, in UTF-8', (value, written) => {
  const change = edit({ keys: [['credential_process', value]] });
  if (change.kind === 'refused') throw new Error(change.reason);
  expect(applyEdits('', change.edits)).toContain(`\ncredential_process = ${written}\n`);
});

describe('a reported line', () => {
  const refused = (text: string) => editProfile(text, section, { overwrite: true });

  test('has its secrets redacted', () => {
    const secret = '[default]\naws_secret_access_key: abc\n';
    expect(refused(secret)).toEqual({
      kind: 'refused',
      reason: 'junk-line',
      line: 2,
      lineText: 'aws_secret_access_key: ***',
    });
    expect(refused(secret.replace('default', 'profile a'))).toMatchObject({
      warnings: [{ kind: 'unreadable-elsewhere', why: 'junk-line', line: 2 }],
    });
  });

  test.each<readonly [what: string, text: string, line: number, lineText: string]>([
    ['a NUL', '[default]\nregion = x\n\nou\0t = y\0\n', 4, 'ou'],
    ['a NUL in the first line', 'ab\0', 1, 'ab'],
    ['a NUL at the start', '\0ab', 1, ''],
    ['UTF-16, its low byte first', '\xff\xfe[', 1, ''],
    ['UTF-16, its high byte first', '\xfe\xff[', 1, ''],
  ])('is the first one that is not text: %s', (_what, text, line, lineText) => {
    expect(refused(text)).toEqual({ kind: 'refused', reason: 'not-text', line, lineText });
  });

  test('is the first of its kind', () => {
    const text = '[profile a]\njunk\njunk\n[profile a]\n';
    expect(refused(text)).toMatchObject({
      warnings: [
        { kind: 'unreadable-elsewhere', why: 'junk-line', line: 2 },
        { kind: 'unreadable-elsewhere', why: 'section-twice', line: 4 },
      ],
    });
  });
});

test('bytes in another encoding are accepted', () => {
  expect(editProfile('# caf\xe9 \xfe\xff\n', section, { overwrite: false })).toMatchObject({ kind: 'change' });
});

describe('the rest of the file', () => {
  const region = [['region', 'eu-west-1']] as const;
  const change = (text: string, profile = 'default', keys: ManagedSection['keys'] = region) =>
    editProfile(text, { profile, job: 'job-1', keys }, { overwrite: true });

  test('is not an obstacle if only another kind of section is hidden under the name', () => {
    expect(change('[profile a]\nb = c\n  [sso-session default]\n')).toMatchObject({ kind: 'change' });
    expect(change('[profile a]\nb = c\n  [default]\n')).toMatchObject({ reason: 'odd-header', line: 3 });
  });

  test('is an obstacle if a value hides a key that we write', () => {
    const text = '[default]\noutput = a\n  region = x\n';
    expect(change(text)).toMatchObject({ kind: 'refused', reason: 'junk-line', line: 3 });
    expect(change(text, 'default', [['role_arn', 'x']])).toMatchObject({ kind: 'change' });
  });

  test('causes a warning if Ruby or boto3 reads it into the profile', () => {
    const leaks = (section: string) => {
      const made = change(`[${section}]\nregion = x\noutput = json\nsso_session = y\n`, 'deploy');
      return made.kind === 'change' && made.warnings.map((note) => ('key' in note ? note.key : note.kind));
    };
    expect(leaks('deploy')).toEqual(['region', 'sso_session']);
    expect(leaks('DEFAULT')).toEqual(['sso_session']);
    expect(leaks('other')).toEqual([]);
  });
});

test.each([
  ['[ default ]', '[default]'],
  ['[default] # x', '[default] # x'],
  ['[profile  default]', '[profile default]'],
  ['[profile default]', '[profile default]'],
])('the header %s becomes %s when the section is overwritten', (before, after) => {
  const change = editProfile(`${before}\n`, section, { overwrite: true });
  if (change.kind === 'refused') throw new Error(change.reason);
  expect(applyEdits(`${before}\n`, change.edits)).toContain(`\n${after}\nregion = eu-west-1\n`);
  expect(change.undo).toMatchObject({ original: before, blankLines: '' });
});
