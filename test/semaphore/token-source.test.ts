import { truncateSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readUserText } from '../../src/login/input-files.ts';
import { readJobToken } from '../../src/semaphore/token.ts';
import type { Files } from '../../src/world/world.ts';
import { failureOf } from '../failing.ts';
import { makeScratchHome } from '../login/scratch-home.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = `${encode({ alg: 'RS256' })}.${encode({ jti: 't' })}.c2ln`;

describe('a token in a variable', () => {
  const read = (value: string | undefined, job: Readonly<Record<string, string>> = {}) => {
    const { files } = makeScratchHome();
    return readJobToken({ variable: 'TOKEN' }, { environment: { TOKEN: value, ...job }, files });
  };

  test.each([token, `${token}\n`, ` \t${token}\r\n`])('is read without the white space around it: %j', (value) => {
    expect(read(value)).toMatchObject({ text: token, source: { variable: 'TOKEN' }, claims: { jti: 't' } });
  });

  test.each([undefined, '', ' \n'])('is missing if it is %j', (value) => {
    expect(failureOf(() => read(value))).toEqual({ kind: 'token-missing', variable: 'TOKEN', inJob: false });
    const job = { SEMAPHORE_JOB_ID: '1' };
    expect(failureOf(() => read(value, job))).toEqual({ kind: 'token-missing', variable: 'TOKEN', inJob: true });
  });

  test('is named if it is not a token', () => {
    expect(failureOf(() => read('eyJ'))).toMatchObject({ kind: 'token-malformed', source: 'TOKEN' });
  });
});

describe('a token in a file', () => {
  const machineWith = (text: string) => {
    const { put, files, home } = makeScratchHome();
    return { file: put(join(home, 'token'), text), files };
  };

  test('is read, and used at its path', () => {
    const { file, files } = machineWith(token);
    expect(readJobToken({ file }, { environment: {}, files })).toMatchObject({ text: token, source: { file } });
  });

  // SDKs send it to STS unchanged, and STS rejects it.
  test.each(['\n', '\r', '\r\n', '\n\n'])('is rejected with %j at its end', (end) => {
    const { file, files } = machineWith(token + end);
    const facts = failureOf(() => readJobToken({ file }, { environment: {}, files }));
    expect(facts).toEqual({ kind: 'token-file-newline', path: file });
  });

  test('is rejected as malformed with a line break inside', () => {
    const { file, files } = machineWith(token.replace('.', '\n.'));
    const facts = failureOf(() => readJobToken({ file }, { environment: {}, files }));
    expect(facts).toMatchObject({ kind: 'token-malformed', source: file });
  });

  test.each([
    ['that is missing', 'nothing', 'ENOENT'],
    ['that is a directory', '.', 'EISDIR'],
    ['below a file', 'file/token', 'ENOTDIR'],
    ['that is a device', '/dev/null', 'not a file'],
    ['that is too large', 'large', 'too large'],
  ])('is rejected if it cannot be read: a file %s', (_what, place, code) => {
    const { put, files, home } = makeScratchHome();
    put(join(home, 'file'), token);
    truncateSync(put(join(home, 'large'), ''), 2 ** 30);
    const file = resolve(home, place);
    const facts = failureOf(() => readJobToken({ file }, { environment: {}, files }));
    expect(facts).toEqual({ kind: 'token-file-unusable', path: file, code });
  });

  test('a bug in reading it is reported as a bug', () => {
    const read: Files['read'] = () => {
      throw new TypeError('a bug');
    };
    const { files } = makeScratchHome();
    const world = { environment: {}, files: { ...files, read } };
    expect(() => readJobToken({ file: '/token' }, world)).toThrow('a bug');
  });
});

describe('a file that the user named', () => {
  test('is read as UTF-8', () => {
    const { put, files, home } = makeScratchHome();
    expect(readUserText(put(join(home, 'policy'), '"gr\xc3\xb6\xc3\x9fe"\n'), files)).toBe('"größe"\n');
  });

  test('must exist', () => {
    const { files, home } = makeScratchHome();
    const path = join(home, 'policy');
    const facts = failureOf(() => readUserText(path, files));
    expect(facts).toEqual({ kind: 'file-unusable', path, operation: 'read', code: 'ENOENT' });
  });
});
