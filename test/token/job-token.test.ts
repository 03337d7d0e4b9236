import { describe, expect, test } from 'vitest';
import { parseJobToken } from '../../src/token/job-token.ts';
import { instantOf, refuseOutOfTime } from '../../src/token/lifetime.ts';
import { failureOf } from '../failing.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const makeToken = (payload: unknown, header: unknown = { alg: 'RS256', kid: 'k1' }) =>
  `${encode(header)}.${encode(payload)}.c2lnbmF0dXJl`;
const parse = (text: string) => parseJobToken(text, { variable: 'SEMAPHORE_OIDC_TOKEN' });

describe("a token's claims", () => {
  test('are read as they are', () => {
    const claims = {
      iss: 'https://acme.semaphoreci.com',
      aud: 'https://acme.semaphoreci.com',
      sub: 'org:acme:project:p:repo:web:ref_type:branch:ref:refs/heads/main',
      exp: 20,
      iat: 10,
      nbf: 11,
      job_id: 'j',
      job_type: 'pipeline_job',
      jti: 't',
      'https://aws.amazon.com/tags': { principal_tags: { branch: ['main'] }, transitive_tag_keys: ['branch'] },
    };
    expect(parse(makeToken(claims)).claims).toEqual({
      iss: claims.iss,
      aud: claims.aud,
      sub: claims.sub,
      exp: 20,
      iat: 10,
      nbf: 11,
      jobId: 'j',
      jti: 't',
      tags: { branch: ['main'] },
      kid: 'k1',
      jobType: 'pipeline_job',
      names: Object.keys(claims),
    });
  });

  test('may all be absent, or of a type that nobody expects', () => {
    const none = { iss: undefined, aud: undefined, sub: undefined, exp: undefined, jobId: undefined, tags: undefined };
    expect(parse(makeToken({})).claims).toMatchObject(none);
    const odd = { iss: 1, aud: 2, sub: null, exp: 'soon', job_id: {}, 'https://aws.amazon.com/tags': 'x' };
    expect(parse(makeToken(odd)).claims).toMatchObject(none);
  });

  test('the audience may be a list', () => {
    expect(parse(makeToken({ aud: ['a', 'b'] })).claims.aud).toEqual(['a', 'b']);
  });

  test.each([
    [{ principal_tags: { a: ['1'], b: '2' } }, { a: ['1'], b: ['2'] }],
    [{ principal_tags: {} }, {}],
    [{ principal_tags: null }, undefined],
    [{}, undefined],
    [null, undefined],
  ])('tags %j are %j', (claim, tags) => {
    expect(parse(makeToken({ 'https://aws.amazon.com/tags': claim })).claims.tags).toEqual(tags);
  });
});

describe('what is not a token is refused, and not quoted', () => {
  const long = `${makeToken({ filler: 'x'.repeat(20_000) })}`;
  test.each([
    ['abc', 'it has 3 characters, and STS takes 4 to 20000'],
    [long, `it has ${long.length} characters`],
    ['plain-text', 'it has 1 part between dots, and a JWT has 3'],
    ['aa.bb', 'it has 2 parts'],
    ['a.b.c.d', 'it has 4 parts'],
    ['not.json.atall', 'not JSON in base64url'],
    [`${encode({ alg: 'RS256' })}.${encode(['list'])}.x`, 'not JSON in base64url'],
    [`${encode({ alg: 'RS256' })}.${encode('text')}.x`, 'not JSON in base64url'],
    [`!!!.${encode({})}.x`, 'a character that no JWT has'],
    [`${encode({ alg: 'RS256' })}.${encode({})}.x\ny`, 'a line break'],
    [`xyz.${encode({})}.x`, 'not JSON in base64url'],
  ])('%j', (text, problem) => {
    const facts = failureOf(() => parse(text));
    expect(facts).toMatchObject({ kind: 'token-malformed', source: 'SEMAPHORE_OIDC_TOKEN' });
    expect(facts).toMatchObject({ problem: expect.stringContaining(problem) });
    expect(JSON.stringify(facts)).not.toContain(text.slice(0, 40));
  });
});

describe('without STS to judge it, a token out of its time is refused beyond five minutes', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const at = (minutes: number) => now.getTime() / 1000 + minutes * 60;
  const claims = (times: object) => parse(makeToken(times)).claims;
  const judge = (times: object) => () => refuseOutOfTime(claims(times), now);

  test.each([[{}], [{ exp: at(1) }], [{ exp: at(-5) }], [{ nbf: at(5) }], [{ exp: 1e300 }]])('%j passes', (times) => {
    expect(judge(times)).not.toThrow();
  });
  test.each([
    [{ exp: at(-5) - 1 }, 'token-expired'],
    [{ nbf: at(5) + 1 }, 'token-not-yet-valid'],
  ])('%j does not', (times, kind) => {
    expect(failureOf(judge(times))).toMatchObject({ kind, now });
  });

  test('no date can be made of a claim beyond all dates', () => {
    expect(instantOf(1e300)).toBeUndefined();
    expect(instantOf(undefined)).toBeUndefined();
    expect(instantOf(0)).toEqual(new Date(0));
  });
});
