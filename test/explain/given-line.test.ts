import { describe, expect, it, test } from 'vitest';
import { type GivenLine, givenValue, type LineChanges, lineToPaste, stepToRun } from '../../src/explain/given-line.ts';

const bash = (...argv: string[]): GivenLine => ({ argv, shell: 'bash' });
const role = 'arn:aws:iam::123456789012:role/deploy';
const login = bash('--role-arn', role, '--region=eu-west-1', '--quiet');

describe('the line to paste for', () => {
  it.each<[what: string, given: GivenLine, changes: LineChanges, line: string]>([
    ['a login', login, {}, `source "$(sem-aws-login --role-arn ${role} --region eu-west-1 --quiet)"`],
    ['a login that names its command', bash('login', '--quiet'), {}, 'source "$(sem-aws-login --quiet)"'],
    [
      'another value',
      login,
      { set: { region: 'us-east-1' } },
      `source "$(sem-aws-login --role-arn ${role} --quiet --region us-east-1)"`,
    ],
    [
      'a further value of an option that can be repeated',
      bash('--session-policy-arn', 'a'),
      { set: { 'session-policy-arn': 'b' } },
      'source "$(sem-aws-login --session-policy-arn a --session-policy-arn b)"',
    ],
    [
      'a switch that is given already',
      bash('--isolated'),
      { set: { isolated: true } },
      'source "$(sem-aws-login --isolated)"',
    ],
    [
      'an option less',
      login,
      { drop: ['region', 'quiet', 'duration'] },
      `source "$(sem-aws-login --role-arn ${role})"`,
    ],
    [
      'another command, which lacks an option',
      login,
      { command: 'doctor' },
      `sem-aws-login doctor --role-arn ${role} --region eu-west-1`,
    ],
    ['a logout', bash('logout', '--quiet'), {}, 'source "$(sem-aws-login logout --quiet)"'],
    ['values to quote', bash('--session-tag', "a=it's"), {}, `source "$(sem-aws-login --session-tag 'a=it'"'"'s')"`],
    ['an option that does not exist', bash('--regin', 'x', '--quiet'), {}, 'source "$(sem-aws-login --quiet)"'],
    ['an option without its value', bash('--quiet', '--region'), {}, 'source "$(sem-aws-login --quiet)"'],
  ])('%s', (_, given, changes, line) => {
    expect(lineToPaste(given, changes)).toBe(line);
  });

  it("exec, without the user's command: it can contain secrets", () => {
    const given = bash('exec', '--role-arn', role, '--', 'psql', '--password', 'hunter2', '--region', 'x');
    expect(lineToPaste(given)).toBe(`sem-aws-login exec --role-arn ${role} -- COMMAND`);
  });

  it('PowerShell', () => {
    const given: GivenLine = { argv: ['--role-arn', role, '--token-file', "C:\\it's"], shell: 'powershell' };
    expect(lineToPaste(given)).toBe(`. (sem-aws-login --role-arn ${role} --token-file 'C:\\it''s')`);
  });
});

describe('no line', () => {
  it.each<[what: string, given: GivenLine | undefined, changes: LineChanges]>([
    ['without a command line', undefined, {}],
    ['for an option that the command lacks', bash('exec', '--quiet'), { set: { isolated: true } }],
    ['with a token in it', bash('--session-name', 'eyJhbGciOiJSUzI1NiJ9.e30.c2ln'), {}],
    ['with a character that a terminal does not show', bash('--session-name', 'a\u202eb'), {}],
  ])('%s', (_, given, changes) => {
    expect(lineToPaste(given, changes)).toBeUndefined();
  });
});

test('a step without a line names the option, or is left out for a command that lacks it', () => {
  const changes = { set: { isolated: true } } as const;
  expect(stepToRun(undefined, 'Use a private file', changes)).toEqual([
    { intro: 'Use a private file: --isolated', lines: [] },
  ]);
  expect(stepToRun(undefined, 'Leave out --duration', { drop: ['duration'] })).toEqual([
    { intro: 'Leave out --duration.', lines: [] },
  ]);
  expect(stepToRun(bash('exec'), 'Use a private file', changes)).toEqual([]);
});

test('the last value of an option counts', () => {
  expect(givenValue(bash('--region', 'a', '--region=b'), 'region')).toBe('b');
  expect(givenValue(bash('exec', '--', '--region', 'c'), 'region')).toBeUndefined();
});
