import { describe, expect, test } from 'vitest';
import { parseClaims } from '../../src/semaphore/claims.ts';
import { clockLeeway, endOf, instantOf, lifeLeftOf, refuseOutOfTime, shortLife } from '../../src/semaphore/token.ts';
import { failureOf } from '../failing.ts';

const minute = 60_000;
const now = new Date('2026-11-22T12:00:00Z');
const at = (minutes: number) => now.getTime() / 1000 + minutes * 60;
const claims = (times: Record<string, number>) => parseClaims(times, undefined);

describe('with --no-verify a token', () => {
  const judge = (times: Record<string, number>) => () => refuseOutOfTime(claims(times), now);

  test.each([[{}], [{ exp: at(1) }], [{ exp: at(-5) }], [{ nbf: at(5) }], [{ exp: 1e300 }]])(
    'is accepted with %j',
    (times) => {
      expect(judge(times)).not.toThrow();
    },
  );

  test('is rejected if it expired more than five minutes ago', () => {
    const expired = new Date(now.getTime() - 5 * minute - 1000);
    expect(failureOf(judge({ exp: at(-5) - 1 }))).toEqual({ kind: 'token-expired', expired, now });
  });

  test('is rejected if it is valid only in more than five minutes', () => {
    const validFrom = new Date(now.getTime() + 5 * minute + 1000);
    expect(failureOf(judge({ nbf: at(5) + 1 }))).toEqual({ kind: 'token-not-yet-valid', validFrom, now });
  });
});

describe('the remaining life of a token', () => {
  test.each<readonly [times: Record<string, number>, end: string, left: number]>([
    [{ exp: at(90) }, '2026-11-22T13:30:00Z', 90 * minute],
    [{ exp: at(-1) }, '2026-11-22T11:59:00Z', -minute],
    // Without `exp` the end is a guess, so the remaining life is infinite.
    [{}, '2026-11-23T12:00:00Z', Number.POSITIVE_INFINITY],
  ])('with %j ends at %s', (times, end, left) => {
    expect(endOf(claims(times), now)).toEqual(new Date(end));
    expect(lifeLeftOf(claims(times), now)).toBe(left);
  });

  test('is short below an hour; clocks can differ by five minutes', () => {
    expect({ clockLeeway, shortLife }).toEqual({ clockLeeway: 5 * minute, shortLife: 60 * minute });
  });
});

test('a claim beyond the largest date is not a date', () => {
  expect(instantOf(1e300)).toBeUndefined();
  expect(instantOf(undefined)).toBeUndefined();
  expect(instantOf(0)).toEqual(new Date(0));
  expect(instantOf(1_000_000_000)).toEqual(new Date('2001-09-09T01:46:40Z'));
});
