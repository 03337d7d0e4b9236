import { describe, expect, test } from 'vitest';
import { parseClaims } from '../../src/semaphore/claims.ts';
import { clockLeeway, endOf, instantOf, lifeLeftOf, refuseOutOfTime, shortLife } from '../../src/semaphore/token.ts';
import { failureOf } from '../failing.ts';

const minute = 60_000;
const now = new Date('2026-11-22T12:00:00Z');
const at = (minutes: number) => now.getTime() / 1000 + minutes * 60;
const claims = (times: Record<string, number>) => parseClaims(times, undefined);

describe('without STS to judge it, a token out of its time is refused beyond five minutes', () => {
  const judge = (times: Record<string, number>) => () => refuseOutOfTime(claims(times), now);

  test.each([[{}], [{ exp: at(1) }], [{ exp: at(-5) }], [{ nbf: at(5) }], [{ exp: 1e300 }]])('%j passes', (times) => {
    expect(judge(times)).not.toThrow();
  });

  test('an end that lies further back does not', () => {
    const expired = new Date(now.getTime() - 5 * minute - 1000);
    expect(failureOf(judge({ exp: at(-5) - 1 }))).toEqual({ kind: 'token-expired', expired, now });
  });

  test('a beginning that lies further ahead does not', () => {
    const validFrom = new Date(now.getTime() + 5 * minute + 1000);
    expect(failureOf(judge({ nbf: at(5) + 1 }))).toEqual({ kind: 'token-not-yet-valid', validFrom, now });
  });
});

describe('how long a token lives on', () => {
  test.each<readonly [times: Record<string, number>, end: string, left: number]>([
    [{ exp: at(90) }, '2026-11-22T13:30:00Z', 90 * minute],
    [{ exp: at(-1) }, '2026-11-22T11:59:00Z', -minute],
    // One that does not say: its end is a guess, so nothing is said of how long it lives.
    [{}, '2026-11-23T12:00:00Z', Number.POSITIVE_INFINITY],
  ])('%j: until %s', (times, end, left) => {
    expect(endOf(claims(times), now)).toEqual(new Date(end));
    expect(lifeLeftOf(claims(times), now)).toBe(left);
  });

  test('clocks may differ by five minutes, and an hour counts as short', () => {
    expect({ clockLeeway, shortLife }).toEqual({ clockLeeway: 5 * minute, shortLife: 60 * minute });
  });
});

test('no date can be made of a claim beyond all dates', () => {
  expect(instantOf(1e300)).toBeUndefined();
  expect(instantOf(undefined)).toBeUndefined();
  expect(instantOf(0)).toEqual(new Date(0));
  expect(instantOf(1_000_000_000)).toEqual(new Date('2001-09-09T01:46:40Z'));
});
