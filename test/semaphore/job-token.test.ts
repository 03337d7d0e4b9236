import { describe, expect, test } from 'vitest';
import { parseJobToken } from '../../src/semaphore/token.ts';
import { failureOf } from '../failing.ts';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const makeToken = (payload: unknown, header: unknown = { alg: 'RS256', kid: 'k1' }) =>
  `${encode(header)}.${encode(payload)}.c2lnbmF0dXJl`;
const parse = (text: string) => parseJobToken(text, { variable: 'SEMAPHORE_OIDC_TOKEN' });

describe("a token's claims", () => {
  test('are read unchanged', () => {
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
      names: Object.keys(claims),
    });
  });

  test('can all be absent, or of an unexpected type', () => {
    const none = { iss: undefined, aud: undefined, sub: undefined, exp: undefined, jobId: undefined, tags: undefined };
    expect(parse(makeToken({})).claims).toMatchObject(none);
    const odd = { iss: 1, aud: 2, sub: null, exp: 'soon', job_id: {}, 'https://aws.amazon.com/tags': 'x' };
    expect(parse(makeToken(odd)).claims).toMatchObject(none);
  });

  test('can have a list as audience, of which only texts count', () => {
    expect(parse(makeToken({ aud: ['a', 'b'] })).claims.aud).toEqual(['a', 'b']);
    expect(parse(makeToken({ aud: ['a', 1, null] })).claims.aud).toEqual(['a']);
  });

  test('count as absent if a number is too large', () => {
    const payload = Buffer.from('{"exp":1e999}').toString('base64url');
    expect(parse(`${encode({ alg: 'RS256' })}.${payload}.x`).claims).toMatchObject({ exp: undefined, names: ['exp'] });
  });

  test('keep the source and text of the token', () => {
    const text = makeToken({});
    expect(parseJobToken(text, { file: '/run/token' })).toMatchObject({ text, source: { file: '/run/token' } });
  });

  test.each([
    [{ principal_tags: { a: ['1'], b: '2' } }, { a: ['1'], b: ['2'] }],
    [{ principal_tags: { a: ['1', 2], b: 3 } }, { a: ['1'], b: [] }],
    [{ principal_tags: {} }, {}],
    [{ principal_tags: 'x' }, undefined],
    [{ principal_tags: null }, undefined],
    [{}, undefined],
    [null, undefined],
  ])('have the tags %j as %j', (claim, tags) => {
    expect(parse(makeToken({ 'https://aws.amazon.com/tags': claim })).claims.tags).toEqual(tags);
  });
});

describe('an invalid token is rejected without being quoted', () => {
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

  // STS's limits.
  const filled = (length: number) => {
    const head = `${encode({ alg: 'RS256' })}.${encode({})}.`;
    return head + 'x'.repeat(length - head.length);
  };
  test('for its length from 20,001 characters on', () => {
    expect(parse(filled(20_000)).text).toHaveLength(20_000);
    expect(failureOf(() => parse(filled(20_001)))).toMatchObject({ problem: expect.stringContaining('has 20001') });
  });

  test('for its length below four characters', () => {
    expect(failureOf(() => parse('a.b.'))).toMatchObject({ problem: 'its header or payload is not JSON in base64url' });
  });

  test('with the path of the file that it was read from', () => {
    const facts = failureOf(() => parseJobToken('a.b.c.d', { file: '/run/token' }));
    expect(facts).toMatchObject({ kind: 'token-malformed', source: '/run/token' });
  });
});
