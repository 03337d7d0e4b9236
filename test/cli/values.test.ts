import { describe, expect, test } from 'vitest';
import { parseRoleArn } from '../../src/aws/arn.ts';
import { parseProfileName, parseSessionName } from '../../src/aws/names.ts';
import { parseRegion } from '../../src/aws/region.ts';
import { parseAbsolutePath, parseChoice, parseSeconds, pathVariableOf } from '../../src/cli/values.ts';
import { failureOf } from '../failing.ts';

const given = (value: string) => ({ value, source: '--flag' });

describe('a role ARN', () => {
  test.each([
    ['arn:aws:iam::123456789012:role/deploy', 'aws', '123456789012', 'deploy'],
    ['arn:aws-cn:iam::123456789012:role/deploy', 'aws-cn', '123456789012', 'deploy'],
    ['arn:aws-us-gov:iam::000000000001:role/team/ci/deploy', 'aws-us-gov', '000000000001', 'deploy'],
    ['arn:aws-iso-b:iam::123456789012:role/a', 'aws-iso-b', '123456789012', 'a'],
    ['arn:aws:iam::123456789012:role/we+ir=d,na.me@x-y_z', 'aws', '123456789012', 'we+ir=d,na.me@x-y_z'],
    [`arn:aws:iam::123456789012:role/${'n'.repeat(64)}`, 'aws', '123456789012', 'n'.repeat(64)],
  ])('%s', (text, partition, account, name) => {
    expect(parseRoleArn(given(text))).toEqual({ text, partition, account, name });
  });

  test.each([
    ['deploy', 'it is not an ARN'],
    [' arn:aws:iam::123456789012:role/x', 'white space'],
    ['arn:aws:iam::123456789012:role/x\n', 'white space'],
    ['arn:AWS:iam::123456789012:role/x', '"AWS" is not a partition'],
    ['arn:azure:iam::123456789012:role/x', '"azure" is not a partition'],
    ['arn:aws:sts::123456789012:assumed-role/x/y', 'session of a role'],
    ['arn:aws:s3::123456789012:role/x', 'its service is "s3"'],
    ['arn:aws:iam:eu-west-1:123456789012:role/x', 'it has a region, "eu-west-1"'],
    ['arn:aws:iam:123456789012:role/x', 'it is not an ARN'],
    ['arn:aws:iam::12345678901:role/x', 'twelve digits'],
    ['arn:aws:iam::1234-5678-9012:role/x', 'twelve digits'],
    ['arn:aws:iam::<ACCOUNT>:role/x', 'twelve digits'],
    ['arn:aws:iam::123456789012:user/x', 'not a role'],
    ['arn:aws:iam::123456789012:roles/x', 'not a role'],
    ['arn:aws:iam::123456789012:role/', 'name is ""'],
    ['arn:aws:iam::123456789012:role/a b', 'name is "a b"'],
    [`arn:aws:iam::123456789012:role/${'n'.repeat(65)}`, 'name is'],
    ['arn:aws:iam::123456789012:role/pa th/x', 'path is "pa th/"'],
    [`arn:aws:iam::123456789012:role/${'p'.repeat(511)}/x`, 'path is'],
  ])('%j is refused for its part', (text, problem) => {
    expect(failureOf(() => parseRoleArn(given(text)))).toMatchObject({
      kind: 'value-invalid',
      source: '--flag',
      problem: expect.stringContaining(problem),
    });
  });
});

describe('a role ARN that only needs a correction', () => {
  const arn = 'arn:aws:iam::123456789012:role/deploy';
  test.each([
    [`"${arn}"`, 'the quotes are part of the value'],
    [`'${arn}'`, 'the quotes are part of the value'],
    [`\u201c${arn}\u201d`, 'the quotes are part of the value'],
    [` "${arn} "\n`, 'the quotes are part of the value'],
    [` ${arn}`, 'white space around it'],
    [`${arn}\r\n`, 'white space around it'],
    [`\u200b${arn}`, 'white space around it'],
    ['arn:aws:iam::123456789012:\n  role/deploy', 'a line break in it'],
  ])('%j is refused with the ARN that was meant', (value, problem) => {
    const facts = failureOf(() => parseRoleArn(given(value)));
    expect(facts).toMatchObject({ value, problem: expect.stringContaining(problem), meant: arn });
  });

  test.each(['"deploy"', ' deploy', '"'])('%j is refused without one, since it is not an ARN', (value) => {
    expect(failureOf(() => parseRoleArn(given(value)))).not.toHaveProperty('meant');
  });
});

describe('a region', () => {
  test.each(['eu-west-1', 'us-gov-west-1', 'cn-north-1', 'us-iso-east-1', 'eusc-de-east-1', 'ap-southeast-10'])(
    '%s',
    (region) => {
      expect(parseRegion(given(region))).toBe(region);
    },
  );

  test('an availability zone is refused with its region', () => {
    expect(failureOf(() => parseRegion(given('eu-west-1a')))).toMatchObject({ remedy: 'give the region, "eu-west-1"' });
  });

  test.each(['EU-WEST-1', 'euwest1', 'eu-west', 'eu_west_1', 'eu-west-1.evil.example', 'eu-west-1/', ' eu-west-1', ''])(
    '%j is refused',
    (region) => {
      expect(failureOf(() => parseRegion(given(region)))).toMatchObject({ kind: 'value-invalid' });
    },
  );
});

describe('a session name', () => {
  test.each(['ab', 'semaphore-job-1', 'a_b+c=d,e.f@g-h', 'x'.repeat(64)])('%s', (name) => {
    expect(parseSessionName(given(name))).toBe(name);
  });

  test.each([
    ['a', 'at least 2', 'use a valid name: --session-name semaphore-job'],
    ['my session', '" " is not allowed', 'use a valid name: --session-name my-session'],
    ['feature/x', '"/" is not allowed', 'use a valid name: --session-name feature-x'],
    ['déploy', '"é" is not allowed', 'use a valid name: --session-name deploy'],
    ['x'.repeat(65), '65 characters', `use a valid name: --session-name ${'x'.repeat(64)}`],
    ['semaphore-job-../../etc', '"/" is not allowed', 'use a valid name: --session-name semaphore-job-..-..-etc'],
  ])('%j is refused with a legal suggestion', (name, problem, remedy) => {
    const facts = failureOf(() => parseSessionName(given(name)));
    expect(facts).toMatchObject({ problem: expect.stringContaining(problem), remedy });
  });
});

describe('a profile name', () => {
  test.each(['default', 'prod', 'a_B-9', 'x'.repeat(64)])('%s', (name) => {
    expect(parseProfileName(given(name))).toBe(name);
  });
  test.each(['', 'a b', 'a]', 'a.b', 'a/b', 'a\n[default]', 'é', 'x'.repeat(65)])('%j is refused', (name) => {
    expect(failureOf(() => parseProfileName(given(name)))).toMatchObject({ kind: 'value-invalid' });
  });
});

describe('seconds, choices and paths', () => {
  test.each(['1', '30', '900'])('%s seconds are in range', (value) => {
    expect(parseSeconds(given(value), 1, 900)).toBe(Number(value));
  });
  test.each(['0', '901', '-1', '1.5', '1e2', ' 5', '', '99999999999'])('%j seconds are refused', (value) => {
    const facts = failureOf(() => parseSeconds(given(value), 1, 900));
    expect(facts).toMatchObject({ remedy: 'give a whole number from 1 to 900' });
  });

  test.each([
    ['15m', '900'],
    ['1h', '900'],
    ['30 s', '30'],
    ['5sec', '5'],
    ['1200', '900'],
  ])('%j seconds are refused with what was meant, in range: %s', (value, meant) => {
    expect(failureOf(() => parseSeconds(given(value), 1, 900))).toMatchObject({ value, meant });
  });
  test.each(['0', '0m', '-5', '1d', 'long'])('%j seconds are refused without a guess', (value) => {
    expect(failureOf(() => parseSeconds(given(value), 1, 900))).not.toHaveProperty('meant');
  });

  test('a choice is one of its words', () => {
    expect(parseChoice(given('static'), ['profile', 'static'])).toBe('static');
    expect(failureOf(() => parseChoice(given('Static'), ['profile', 'static']))).toMatchObject({
      remedy: 'give one of profile, static',
    });
  });

  test.each(['/a', 'C:\\a', 'c:/a', '\\\\host\\share'])('%s is absolute', (path) => {
    expect(parseAbsolutePath(given(path))).toBe(path);
  });
  test.each([
    ['~/.aws/config', 'only a shell expands "~"'],
    ['aws/config', 'a relative path'],
    ['./x', 'a relative path'],
  ])('%s is not', (path, problem) => {
    expect(failureOf(() => parseAbsolutePath(given(path)))).toMatchObject({
      problem: expect.stringContaining(problem),
    });
  });

  test('an unset and an empty variable hold no path', () => {
    expect(pathVariableOf({}, 'X')).toBeUndefined();
    expect(pathVariableOf({ X: '' }, 'X')).toBeUndefined();
    expect(failureOf(() => pathVariableOf({ X: 'a' }, 'X'))).toMatchObject({ source: 'X', value: 'a' });
  });
});
