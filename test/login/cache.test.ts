import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cacheFileName, cacheKeyOf, freshKeysOf, makeCacheText, parseCache } from '../../src/login/cache.ts';
import { makePlainHop } from '../../src/sts/role-chain.ts';
import type { RoleChain, RoleHop } from '../../src/world/sts.ts';

const now = new Date('2026-11-22T20:00:00Z');
const keysUntil = (expiration: Date) => ({
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'secret',
  sessionToken: 'session',
  expiration,
  obtained: now,
});
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

describe('cached keys are used', () => {
  test.each<[minutesLeft: number, minutesOfLife: number | undefined, used: boolean]>([
    // boto3 asks again at each call below 15 minutes.
    [60, 60, true],
    [16 + 1 / 60_000, 60, true],
    [16, 60, false],
    [16, 30, false],
    // The clock was read just before STS made the session.
    [16, 29.9, false],
    [17, 30, true],
    // Half of a short session's life would be lost.
    [15, 15, true],
    [6, 15, true],
    [16, 28, true],
    [5 + 1 / 60_000, 15, true],
    [5, 15, false],
    [0, 15, false],
    [-60, 60, false],
    // Stored by an earlier version, which did not store when it got them.
    [6, undefined, true],
    [5, undefined, false],
  ])('with %d minutes left of a session of %s minutes: %s', (left, life, used) => {
    const obtained = life === undefined ? undefined : inMinutes(left - life);
    const keys = { ...keysUntil(inMinutes(left)), obtained };
    expect(freshKeysOf(new Map([['key', keys]]), 'key', now)).toEqual(used ? keys : undefined);
  });

  test('only for the same request', () => {
    expect(freshKeysOf(new Map([['key', keysUntil(inMinutes(60))]]), 'other', now)).toBeUndefined();
  });
});

describe('the cache key', () => {
  const first = makePlainHop('arn:aws:iam::123456789012:role/deploy', 'job');
  const chain: RoleChain = { first, further: [] };
  const key = (changed: Partial<RoleHop>, endpoint = 'https://sts.amazonaws.com', token = 'token') =>
    cacheKeyOf({ ...chain, first: { ...first, ...changed } }, endpoint, token);

  test('depends on the role, its session options, the endpoint and the token', () => {
    const all = [
      key({}),
      key({ roleArn: 'arn:aws:iam::123456789012:role/other' }),
      key({ sessionName: 'other' }),
      key({ durationSeconds: 900 }),
      key({ durationSeconds: 901 }),
      key({ policy: '{"Statement":[]}' }),
      key({ policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }),
      key({ externalId: 'id' }),
      key({ sourceIdentity: 'id' }),
      key({ tags: [['k', 'v']] }),
      key({ tags: [['k', 'v']], transitiveTags: ['k'] }),
      key({}, 'https://sts.eu-west-1.amazonaws.com'),
      key({}, 'https://sts.amazonaws.com', 'other'),
      cacheKeyOf({ first, further: [first] }, 'https://sts.amazonaws.com', 'token'),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(key({})).toBe(all[0]);
  });

  test('does not contain the token', () => {
    expect(key({}, 'https://sts.amazonaws.com', 'eyJ.secret.token')).toMatch(/^[0-9a-f]{64}$/);
  });
});

const instant = fc.date({ min: new Date(0), max: new Date('2099-01-01'), noInvalidDate: true });
const keys = fc.record({
  accessKeyId: fc.string({ unit: 'binary' }),
  secretAccessKey: fc.string({ unit: 'binary' }),
  sessionToken: fc.string({ unit: 'binary' }),
  expiration: instant,
  obtained: fc.option(instant, { nil: undefined }),
});
const cache = fc
  .dictionary(fc.stringMatching(/^[0-9a-f]{1,8}$/), keys)
  .map((entries) => new Map(Object.entries(entries)));

describe('the cache file', () => {
  test('contains the new keys and all unexpired ones', () => {
    fc.assert(
      fc.property(cache, keys, instant, (before, added, time) => {
        const after = parseCache(makeCacheText(before, new Map([['new-key', added]]), time));
        const alive = [...before].filter(([, { expiration }]) => expiration > time);
        expect(after).toEqual(new Map([...alive, ['new-key', added]]));
      }),
    );
  });

  test.each([
    [undefined],
    [''],
    ['{'],
    ['null'],
    ['[]'],
    ['{"sessions":{}}'],
    ['{"form":"another program’s","sessions":{}}'],
    ['{"form":"sem-aws-login credentials 1"}'],
    ['{"form":"sem-aws-login credentials 1","sessions":{"k":null}}'],
    ['{"form":"sem-aws-login credentials 1","sessions":{"k":{"accessKeyId":"a"}}}'],
    [
      '{"form":"sem-aws-login credentials 1","sessions":{"k":{"accessKeyId":"a","secretAccessKey":"b","sessionToken":"c","expiration":"soon"}}}',
    ],
    [makeCacheText(new Map(), new Map([['k', keysUntil(inMinutes(60))]]), now).slice(0, -10)],
  ])('is empty if its text is %j', (text) => {
    expect(parseCache(text)).toEqual(new Map());
  });

  const whole = { accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c', expiration: '2026-11-22T21:00:00Z' };
  const holding = (sessions: unknown) => JSON.stringify({ form: 'sem-aws-login credentials 1', sessions });
  test.each([
    { accessKeyId: 1 },
    { secretAccessKey: null },
    { sessionToken: undefined },
    { expiration: 1_795_381_200_000 },
  ])('ignores keys with %j and keeps the others', (change) => {
    const other = [...parseCache(holding({ bad: { ...whole, ...change }, good: whole })).entries()];
    expect(other).toEqual([['good', { ...whole, expiration: new Date(whole.expiration), obtained: undefined }]]);
  });

  test('drops keys that expire now', () => {
    const before = new Map([
      ['ends', keysUntil(now)],
      ['lives', keysUntil(new Date(now.getTime() + 1))],
    ]);
    const after = parseCache(makeCacheText(before, new Map([['new', keysUntil(inMinutes(60))]]), now));
    expect([...after.keys()]).toEqual(['lives', 'new']);
  });

  test('in another format is empty', () => {
    expect(parseCache(holding({ k: whole })).size).toBe(1);
    expect(parseCache(holding({ k: whole }).replace('credentials 1', 'credentials 2')).size).toBe(0);
  });

  test('has the documented name', () => {
    expect(cacheFileName).toBe('credentials.json');
  });

  test('is one line', () => {
    expect(makeCacheText(new Map(), new Map([['k', keysUntil(inMinutes(60))]]), now)).toMatch(/^\{.*\}\n$/);
  });

  test('is empty if it is truncated, and never throws if it is corrupt', () => {
    const whole = makeCacheText(new Map(), new Map([['k', keysUntil(inMinutes(60))]]), now);
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), fc.string({ maxLength: 3 }), (at, put) => {
        const parsed = parseCache(whole.slice(0, at) + put + whole.slice(at + put.length));
        for (const { obtained: _, ...one } of parsed.values())
          expect(Object.values(one).every((value) => value !== undefined)).toBe(true);
      }),
    );
    for (let length = 0; length < whole.length - 2; length++) expect(parseCache(whole.slice(0, length)).size).toBe(0);
  });
});
