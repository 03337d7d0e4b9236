import { describe, expect, test } from 'vitest';
import { editProfile, type ProfileChange } from '../../src/config-file/edit.ts';
import { applyEdits } from '../../src/config-file/text-edit.ts';
import { type ProfileUndo, undoProfile, undoWithoutRecord } from '../../src/config-file/undo.ts';
import { byProcess, webIdentity } from './wanted-section.ts';

const edited = (
  text: string,
  job = 'job-1',
  earlier?: ProfileUndo,
  make = webIdentity,
): { text: string; change: ProfileChange } => {
  const change = editProfile(text, make('default', job), { overwrite: true, earlier });
  if (change.kind === 'refused') throw new Error(JSON.stringify(change));
  return { text: applyEdits(text, change.edits), change };
};

const undone = (text: string, undo: ProfileUndo): string => {
  const result = undoProfile(text, undo);
  if (result.kind !== 'undone') throw new Error(JSON.stringify(result));
  return applyEdits(text, result.edits);
};

const users = '# mine\n[default]\nregion = us-east-1 # Virginia\nsso_session = corp\noutput = json\n';
const others = '[profile a]\nregion = x\n';

const allOfOurs =
  '[default]\nrole_arn = a\nweb_identity_token_file = b\nrole_session_name = c\nregion = d\nsts_regional_endpoints = e\n';

describe('undo keeps what another program wrote in our section:', () => {
  test.each<readonly [what: string, before: string, write: (text: string) => string, after: string]>([
    [
      'a key added to a section that we added',
      others,
      (text) => `${text}output = json\n`,
      `${others}\n[default]\noutput = json\n`,
    ],
    [
      'a key of ours with another value',
      others,
      (text) => text.replace('region = eu-central-1', 'region = us-west-2'),
      `${others}\n[default]\nregion = us-west-2\n`,
    ],
    [
      'a comment between our keys',
      others,
      (text) => text.replace('region = eu', '# why\nregion = eu'),
      `${others}\n[default]\n# why\n`,
    ],
    [
      'a further line added to a value of ours',
      others,
      (text) => text.replace('role_session_name = semaphore-job-job-1', '$&\n  -x'),
      `${others}\n[default]\nrole_session_name = semaphore-job-job-1\n  -x\n`,
    ],
    [
      'a key added to a section that we overwrote',
      users,
      (text) => text.replace('output = json', '$&\ncli_pager ='),
      '# mine\n[default]\nregion = us-east-1 # Virginia\noutput = json\ncli_pager =\nsso_session = corp\n',
    ],
    [
      'a kept key, removed',
      users,
      (text) => text.replace('output = json\n', ''),
      '# mine\n[default]\nregion = us-east-1 # Virginia\nsso_session = corp\n',
    ],
    [
      'a key added after indented ones',
      '[default]\n  region = us-east-1\n  output = json\n',
      (text) => `${text}cli_pager =\n`,
      '[default]\n  output = json\nregion = us-east-1\ncli_pager =\n',
    ],
    [
      'a comment after the last key, extended',
      `${allOfOurs}# note\nsso_session = corp\n`,
      (text) => text.replace('# note', '# noted'),
      `${allOfOurs}sso_session = corp\n# noted\n`,
    ],
    [
      'a key that we removed, added with another value',
      users,
      (text) => `${text}sso_session = other\n`,
      '# mine\n[default]\nregion = us-east-1 # Virginia\noutput = json\nsso_session = other\n',
    ],
    [
      'a key of the same value as one of ours',
      others,
      (text) => `${text}output = eu-central-1\n`,
      `${others}\n[default]\noutput = eu-central-1\n`,
    ],
    ['an empty section that we overwrote', '[default]\n', (text) => text.replace(/^region.*\n/m, ''), '[default]\n'],
    [
      'a blank line before a key that we set',
      '[default]\noutput = json\n\nregion = us-east-1\n',
      (text) => `${text}cli_pager =\n`,
      '[default]\noutput = json\n\nregion = us-east-1\ncli_pager =\n',
    ],
    [
      'a comment equal to the comment of a kept key',
      '[default]\n# n\noutput = json # n\nregion = us-east-1\n',
      (text) => `${text}cli_pager =\n`,
      '[default]\n# n\noutput = json # n\nregion = us-east-1\ncli_pager =\n',
    ],
    [
      'a header that we rewrote',
      '[ default ]\nregion = us-east-1\n',
      (text) => `${text}cli_pager =\n`,
      '[ default ]\nregion = us-east-1\ncli_pager =\n',
    ],
    [
      'CRLF around a removed key',
      users.replaceAll('\n', '\r\n'),
      (text) => `${text}cli_pager =\r\n`,
      '# mine\r\n[default]\r\nregion = us-east-1 # Virginia\r\noutput = json\r\ncli_pager =\r\nsso_session = corp\r\n',
    ],
    [
      'a header changed by others',
      users,
      (text) => text.replace('[default]', '[default] # ours'),
      '# mine\n[default] # ours\nregion = us-east-1 # Virginia\noutput = json\nsso_session = corp\n',
    ],
  ])('%s', (_, before, write, after) => {
    const login = edited(before);
    const written = write(login.text);
    expect(written).not.toBe(login.text);
    expect(undoProfile(written, login.change.undo)).toMatchObject({ kind: 'undone' });
    expect(undone(written, login.change.undo)).toBe(after);
  });
});

describe('undo keeps what another program wrote around our section:', () => {
  test.each<readonly [what: string, before: string, write: (text: string) => string, after: string]>([
    ['a section after ours', others, (text) => `${text}[profile z]\n`, `${others}[profile z]\n`],
    [
      'a section after ours, in a file that had no newline at the end',
      '[profile a]',
      (text) => `${text}[profile z]\n`,
      '[profile a]\n[profile z]\n',
    ],
    ['a comment above ours', others, (text) => text.replace('# Managed', '# theirs\n$&'), `${others}\n# theirs`],
    ['all before ours, removed', others, (text) => text.slice(text.indexOf('# Managed')), ''],
    ['the blank line before ours, removed', others, (text) => text.replace('\n\n', '\n'), others.trimEnd()],
    ['the last newline, removed', others, (text) => text.trimEnd(), others],
    [
      'LF for every CRLF, as the AWS CLI writes',
      '[profile a]\r\n\r\n[default]\r\nregion = x\r\n',
      (text) => text.replaceAll('\r\n', '\n'),
      '[profile a]\n\n[default]\nregion = x\n',
    ],
    [
      'LF for every CRLF around a section that we added',
      '[profile a]\r\n',
      (text) => text.replaceAll('\r\n', '\n'),
      '[profile a]\n',
    ],
    ['CRLF for every LF', others, (text) => text.replaceAll('\n', '\r\n'), others.replaceAll('\n', '\r\n')],
    ['every comment removed, ours too', others, (text) => text.replace(/^#.*\n/m, ''), others],
  ])('%s', (_, before, write, after) => {
    const login = edited(before);
    expect(undone(write(login.text), login.change.undo)).toBe(after);
  });
});

test.each(['\n', '\r\n'])(
  'a section after ours stays when the last key, without newline (%j), followed a blank line',
  (eol) => {
    const before = `[default]${eol}region = a${eol}credential_process = b${eol}${eol}sso_start_url = c`;
    const { text, change } = edited(before, 'job-1', undefined, byProcess);
    expect(undone(text, change.undo)).toBe(before);
    expect(undone(`${text}[profile z]${eol}`, change.undo)).toBe(`${before}${eol}[profile z]${eol}`);
    expect(undone(`${text}# theirs`, change.undo)).toBe(`${before}${eol}# theirs`);
    const second = edited(`${text}[profile z]${eol}`, 'job-2', change.undo, byProcess);
    expect(undone(second.text, second.change.undo)).toBe(`${before}${eol}[profile z]${eol}`);
  },
);

describe('undo leaves a section that is no longer this job’s:', () => {
  test('another job has overwritten it', () => {
    const login = edited(users);
    const second = edited(login.text, 'job-2', login.change.undo);
    expect(undoProfile(second.text, login.change.undo)).toEqual({ kind: 'left', line: 3, by: 'job-2' });
    expect(undone(second.text, second.change.undo)).toBe(users);
  });

  test('the user has written a new one', () => {
    expect(undoProfile(users, edited(users).change.undo)).toEqual({ kind: 'left', line: 2, by: undefined });
  });

  test('the section is gone', () => {
    expect(undoProfile(others, edited(users).change.undo)).toEqual({ kind: 'not-there' });
  });
});

test('a section that a tool rewrote with LF is restored with its comments', () => {
  const before = users.replace('sso_session', '# before sso\nsso_session').replaceAll('\n', '\r\n');
  const login = edited(before);
  const rewritten = login.text.replaceAll('\r\n', '\n');
  expect(undoProfile(rewritten, login.change.undo)).toMatchObject({ kind: 'undone' });
  expect(undone(rewritten, login.change.undo)).toBe(before.replaceAll('\r\n', '\n'));
});

describe('a section without our comment is ours if it has all our keys,', () => {
  const uncommented = (text: string) => text.replace(/^# Managed.*\n/m, '');

  test('not when one value differs', () => {
    const { text, change } = edited(others);
    const changed = uncommented(text).replace('eu-central-1', 'us-west-2');
    expect(undoProfile(changed, change.undo)).toEqual({ kind: 'left', line: 4, by: undefined });
  });

  test('not without a record of our keys', () => {
    expect(undoProfile(users, undoWithoutRecord('default', 'job-1'))).toEqual({ kind: 'left', line: 2, by: undefined });
  });
});

test('of two sections the managed one is reported', () => {
  const { text } = edited('', 'job-2');
  const both = `[default]\nregion = x\n${text.replace('[default]', '[profile default]')}`;
  expect(undoProfile(both, edited(others).change.undo)).toEqual({ kind: 'left', line: 4, by: 'job-2' });
});

test('the undo of a lost login has only its names', () => {
  expect(undoWithoutRecord('prod', 'job-1')).toEqual({
    profile: 'prod',
    job: 'job-1',
    keys: [],
    written: '',
    original: undefined,
    blankLines: '',
  });
});

describe('a login over a login', () => {
  test('of the same job keeps the section from before the first', () => {
    const first = edited(users);
    const second = edited(first.text, 'job-1', first.change.undo, byProcess);
    expect(second.change.warnings).toEqual([]);
    expect(undone(second.text, second.change.undo)).toBe(users);
  });

  test('keeps lines that another program wrote between the two', () => {
    const first = edited(others);
    const second = edited(`${first.text}output = json\n`, 'job-2', first.change.undo);
    expect(undone(second.text, second.change.undo)).toBe(`${others}\n[default]\noutput = json\n`);
  });

  test('whose record is lost is removed with the first one', () => {
    const first = edited(others);
    const second = edited(first.text, 'job-2');
    expect(undone(second.text, second.change.undo)).toBe(`${others}\n`);
  });

  test('whose record is lost keeps the user’s keys', () => {
    const first = edited(users);
    const second = edited(first.text, 'job-2');
    expect(undone(second.text, second.change.undo)).toBe('# mine\n[default]\n# Virginia\noutput = json\n');
  });

  test('ignores the record of another profile or job', () => {
    const first = edited(others);
    const stranger = { ...first.change.undo, job: 'job-9', original: '[default]\nregion = stolen' };
    expect(edited(first.text, 'job-2', stranger).change.undo.original).toBeUndefined();
    const namesake = { ...first.change.undo, profile: 'prod', original: '[default]\nregion = stolen' };
    expect(edited(first.text, 'job-2', namesake).change.undo.original).toBeUndefined();
  });
});

test('without its record a section of ours is removed with every key that we can have written', () => {
  const { text } = edited(others);
  expect(undone(text, undoWithoutRecord('default', 'job-1'))).toBe(`${others}\n`);
  expect(undone(`${text}output = json\n`, undoWithoutRecord('default', 'job-1'))).toBe(
    `${others}\n[default]\noutput = json\n`,
  );
});
