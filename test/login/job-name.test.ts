import { describe, expect, test } from 'vitest';
import { jobIdentityOf, sessionNameFor } from '../../src/login/paths.ts';
import { parseJobToken } from '../../src/semaphore/token.ts';
import type { Environment } from '../../src/world/world.ts';
import { failureOf } from '../failing.ts';

describe("a job's name", () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (claims: object) =>
    parseJobToken(`${encode({ alg: 'RS256' })}.${encode(claims)}.x`, { variable: 'SEMAPHORE_OIDC_TOKEN' });
  const identity = (environment: Environment, claims: object) => jobIdentityOf(environment, () => token(claims));

  test.each([
    [{ SEMAPHORE_JOB_ID: 'a-1' }, { job_id: 'b', jti: 'c' }, 'a-1'],
    [{ SEMAPHORE_JOB_ID: '' }, { job_id: 'b', jti: 'c' }, 'b'],
    [{}, { job_id: '', jti: 'c' }, 'c'],
    [{ SEMAPHORE_JOB_ID: 'x'.repeat(64) }, {}, 'x'.repeat(64)],
  ])('%j and %j: %s', (environment, claims, id) => {
    expect(identity(environment, claims)).toEqual({ id, name: id });
  });

  test.each(['../../etc', 'a/b', 'a b', '.', 'x'.repeat(65), 'ä'])(
    'is the SHA-256 of the id if that is unsafe for a directory: %j',
    (id) => {
      expect(identity({ SEMAPHORE_JOB_ID: id }, {})).toMatchObject({
        id,
        name: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    },
  );

  test('is a hash of the token without an id, and makes a valid session name', () => {
    const nameless = identity({}, {});
    expect(nameless).toEqual({ id: undefined, name: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(identity({}, { exp: 1 }).name).not.toBe(nameless.name);
    expect(identity({}, { jti: '' })).toMatchObject({ id: undefined });
    expect(sessionNameFor(nameless)).toMatch(/^semaphore-job-[0-9a-f]{32}$/);
    expect(sessionNameFor(identity({ SEMAPHORE_JOB_ID: 'j' }, {}))).toBe('semaphore-job-j');
  });

  test('differs for two unsafe ids', () => {
    const nameOf = (id: string) => identity({ SEMAPHORE_JOB_ID: id }, {}).name;
    expect(nameOf('a/b')).not.toBe(nameOf('a/c'));
  });

  test('is rejected if it makes an invalid session name', () => {
    expect(failureOf(() => sessionNameFor(identity({ SEMAPHORE_JOB_ID: 'a b' }, {})))).toMatchObject({
      kind: 'value-invalid',
      value: 'semaphore-job-a b',
      source: "the session name made from the job's id",
    });
  });

  test('comes from the variable without reading the token', () => {
    expect(jobIdentityOf({ SEMAPHORE_JOB_ID: 'j' }, () => expect.unreachable()).name).toBe('j');
  });
});
