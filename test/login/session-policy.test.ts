import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { readSessionPolicy } from '../../src/login/input-files.ts';
import { failureOf } from '../failing.ts';

const path = 'policy.json';
const fileOf = (text: string) => ({
  read: () => Buffer.from(text).toString('latin1'),
});
const nothing = { read: () => undefined };
const padded = (length: number, filling = ' ') => {
  const [head, tail] = ['{"Statement":[],"Id":"', '"}'];
  const room = length - head.length - tail.length;
  return filling === ' ' ? `${head}${tail}${' '.repeat(room)}` : head + filling.repeat(room) + tail;
};

test('no policy is sent without a file', () => {
  expect(readSessionPolicy(undefined, nothing)).toBeUndefined();
});

describe('a session policy is sent unchanged', () => {
  test.each([
    ['{"Statement":[]}'],
    ['{\r\n\t"Version": "2012-10-17",\n\t"Statement": []\n}\n'],
    ['{"Statement":[],"Id":"größe ÿ"}'],
    [padded(2048)],
  ])('%j', (text) => {
    expect(readSessionPolicy(path, fileOf(text))).toBe(text);
  });
});

describe('a session policy that STS does not allow is rejected', () => {
  test.each([
    ['', 'it is not JSON'],
    ['Statement: []', 'it is not JSON'],
    ['\ufeff{"Statement":[]}', 'it is not JSON'],
    ['null', 'it has no "Statement"'],
    ['[]', 'it has no "Statement"'],
    ['{"Version":"2012-10-17"}', 'it has no "Statement"'],
    ['{"Statement":[],"Id":"😀"}', /^it has the character "😀", and STS takes those up to U\+00FF only/],
    ['{"Statement":[],"Id":"Ā"}', /^it has the character "Ā"/],
    [padded(2049), /^it has 2049 characters, and STS takes 2048; without white space it would have 24 /],
    [`${padded(2048, 'x')} `, /without white space it would have 2048 \(jq -c \. FILE\)$/],
    [padded(2100, 'x'), 'it has 2100 characters, and STS takes 2048; even without white space it has 2100'],
  ])('%j', (text, problem) => {
    expect(failureOf(() => readSessionPolicy(path, fileOf(text)))).toEqual({
      kind: 'session-policy-invalid',
      path,
      problem: typeof problem === 'string' ? problem : expect.stringMatching(problem),
    });
  });

  test.each([
    ['a missing file', nothing, 'it does not exist'],
    [
      'a file without permission',
      {
        read: () => {
          throw new Failure({ kind: 'file-unusable', path, operation: 'read', code: 'EACCES' });
        },
      },
      'it cannot be read (EACCES)',
    ],
    [
      'a pipe',
      {
        read: () => {
          throw new Failure({ kind: 'file-unsafe', path, reason: 'not-a-file' });
        },
      },
      'it cannot be read (it is not a file)',
    ],
    [
      'a file that is too large',
      {
        read: () => {
          throw new Failure({ kind: 'file-too-large', path, megabytes: 8 });
        },
      },
      'it cannot be read (it is too large)',
    ],
  ])('%s', (_title, files, problem) => {
    expect(failureOf(() => readSessionPolicy(path, files))).toEqual({ kind: 'session-policy-invalid', path, problem });
  });
});

test('a bug while reading is rethrown', () => {
  const read = () => {
    throw new TypeError('a bug');
  };
  expect(() => readSessionPolicy(path, { read })).toThrow('a bug');
});
