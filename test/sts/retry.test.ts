import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callWithRetries, longestAttempt, type Timeouts } from '../../src/sts/retry.ts';
import type { NetworkFault, StsAttempt } from '../../src/world/sts.ts';

type Attempt = StsAttempt<string>;

const GRANTED: Attempt = { kind: 'granted', value: 'session', serverTime: undefined };

function refused(code: string, message = 'no', status = 400): Attempt {
  return { kind: 'refused', refusal: { code, message, status, requestId: undefined }, serverTime: undefined };
}

function fault(at: NetworkFault['at'], status?: number): Attempt {
  return { kind: 'unreachable', fault: { at, detail: '', code: undefined, status } };
}

interface Course {
  readonly attempts: number;
  readonly waited: number;
  readonly last: Attempt;
  readonly timeouts: readonly number[];
  readonly pauses: readonly number[];
  /** The rest of the time to wait (ms), each time that it was reported. */
  readonly waits: readonly number[];
}

/**
 * Simulates attempts of fixed duration (ms) on a clock that only attempts and pauses advance; the
 * last result repeats.
 */
async function play(
  answers: readonly Attempt[],
  options: Partial<Timeouts & { each: number; chance: number }> = {},
): Promise<Course> {
  const { timeout = 30_000, wait = 0, each = 50, chance = 0.5 } = options;
  let time = 1_700_000_000_000;
  const timeouts: number[] = [];
  const pauses: number[] = [];
  const waits: number[] = [];
  const clock = {
    now: () => new Date(time),
    sleep: async (milliseconds: number) => {
      pauses.push(milliseconds);
      time += milliseconds;
    },
  };
  const ask = async (attemptTimeout: number): Promise<Attempt> => {
    timeouts.push(attemptTimeout);
    time += Math.min(each, attemptTimeout);
    return answers[timeouts.length - 1] ?? answers.at(-1) ?? GRANTED;
  };
  const { attempt, attempts, waited } = await callWithRetries(
    ask,
    { timeout, wait },
    clock,
    () => chance,
    (_refusal, left) => waits.push(left),
  );
  return { attempts, waited, last: attempt, timeouts, pauses, waits };
}

describe('number of attempts within 30 s if the result stays the same', () => {
  const KEY = "Couldn't retrieve verification key from your identity provider";
  it.each([
    ['granted', GRANTED, 1],
    [
      'AccessDenied: two quick retries, for a role made a moment ago',
      refused('AccessDenied', 'Not authorized', 403),
      3,
    ],
    ['InvalidIdentityToken, no such provider', refused('InvalidIdentityToken', 'No OpenIDConnect provider found'), 1],
    ['InvalidIdentityToken, wrong audience', refused('InvalidIdentityToken', 'Incorrect token audience'), 1],
    ['ExpiredTokenException', refused('ExpiredTokenException'), 1],
    ['IDPRejectedClaim', refused('IDPRejectedClaim', 'no', 403), 1],
    ['MalformedPolicyDocument', refused('MalformedPolicyDocument'), 1],
    ['PackedPolicyTooLarge', refused('PackedPolicyTooLarge'), 1],
    ['RegionDisabledException', refused('RegionDisabledException', 'no', 403), 1],
    ['ValidationError', refused('ValidationError'), 1],
    ['a name that is not resolved: perhaps mistyped', fault('name'), 3],
    ['connection refused', fault('connect'), 5],
    ['broken off', fault('broken-off'), 5],
    ['a limit of this machine', fault('local'), 5],
    ['something unknown', fault('unknown'), 5],
    ['a certificate that is not trusted', fault('tls'), 1],
    ['a proxy that is out of reach', fault('proxy'), 5],
    ['a proxy that wants a password', fault('proxy', 407), 1],
    ['a proxy that forbids', fault('proxy', 403), 1],
    ['a proxy whose own way is blocked', fault('proxy', 502), 5],
    ['a web page, as of a captive portal', fault('not-sts', 200), 1],
    ['a web page of a gateway in trouble', fault('not-sts', 503), 5],
  ])('%s', async (_, answer, attempts) => {
    const course = await play([answer]);
    expect(course.attempts).toBe(attempts);
    expect(course.last).toBe(answer);
  });

  it.each([
    ['throttled', refused('Throttling', 'Rate exceeded')],
    ['throttled by status', refused('Whatever', 'no', 429)],
    ['5xx', refused('InternalFailure', 'no', 500)],
    ['IDPCommunicationError', refused('IDPCommunicationError')],
    ["Couldn't retrieve verification key", refused('InvalidIdentityToken', KEY)],
    ['no answer in time', fault('timeout')],
    ['throttled by something that is not STS', fault('not-sts', 429)],
    ['throttled by a proxy', fault('proxy', 429)],
  ])('%s: until time is up', async (_, answer) => {
    const { attempts, waited } = await play([answer]);
    expect(attempts).toBeGreaterThan(6);
    expect(waited).toBeGreaterThan(20_000);
    expect(waited).toBeLessThanOrEqual(30_000);
  });
});

describe('a retry', () => {
  it('is the last one if it succeeds', async () => {
    const course = await play([fault('connect'), refused('Throttling'), GRANTED]);
    expect(course).toMatchObject({ attempts: 3, last: GRANTED });
  });

  it('counts attempts of all kinds, but the last result’s policy decides', async () => {
    const course = await play([refused('Throttling'), refused('Throttling'), refused('AccessDenied')]);
    expect(course).toMatchObject({ attempts: 3 });
  });

  it('follows a longer pause each time, up to five seconds', async () => {
    const { pauses } = await play([refused('Throttling')], { chance: 1 });
    expect(pauses.slice(0, 6)).toEqual([300, 600, 1200, 2400, 4800, 5000]);
  });

  it('follows a pause that is half random', async () => {
    const { pauses } = await play([refused('Throttling')], { chance: 0 });
    expect(pauses.slice(0, 4)).toEqual([150, 300, 600, 1200]);
  });

  it('is quick after AccessDenied: someone is waiting for the explanation', async () => {
    const { waited } = await play([refused('AccessDenied')], { each: 0, chance: 1 });
    expect(waited).toBe(1_500);
  });

  it('happens twice if STS hangs', async () => {
    const { attempts, timeouts } = await play([fault('timeout')], { each: longestAttempt });
    expect(attempts).toBe(3);
    expect(timeouts[0]).toBe(longestAttempt);
  });
});

describe('waiting for a new role', () => {
  it.each([
    ['AccessDenied', refused('AccessDenied', 'Not authorized', 403)],
    [
      'a provider that was just made',
      refused('InvalidIdentityToken', 'No OpenIDConnect provider found in your account'),
    ],
  ])('%s is retried for the requested time', async (_, answer) => {
    const { waited } = await play([answer], { wait: 60_000 });
    expect(waited).toBeGreaterThan(50_000);
    expect(waited).toBeLessThanOrEqual(60_000);
  });

  it('is reported at once and before each further pause, with the rest of the time', async () => {
    const { waits } = await play([refused('AccessDenied'), refused('AccessDenied'), GRANTED], {
      wait: 60_000,
      each: 50,
    });
    expect(waits).toEqual([59_950, 59_150]);
  });

  it('is not reported if nothing waits for it', async () => {
    expect((await play([refused('AccessDenied')])).waits).toEqual([]);
    expect((await play([refused('Throttling')], { wait: 60_000 })).waits).toEqual([]);
  });

  it('does not change other retries', async () => {
    expect(await play([refused('ExpiredTokenException')], { wait: 60_000 })).toMatchObject({ attempts: 1 });
    const { waited } = await play([fault('timeout')], { wait: 60_000 });
    expect(waited).toBeLessThanOrEqual(30_000);
  });
});

it('always ends within the time limit', async () => {
  const answers = fc.array(
    fc.oneof(
      fc
        .constantFrom<NetworkFault['at']>(
          'name',
          'connect',
          'tls',
          'proxy',
          'timeout',
          'broken-off',
          'not-sts',
          'local',
          'unknown',
        )
        .map((at) => fault(at)),
      fc.constantFrom('AccessDenied', 'Throttling', 'ExpiredTokenException').map((code) => refused(code)),
    ),
    { minLength: 1, maxLength: 20 },
  );
  await fc.assert(
    fc.asyncProperty(
      answers,
      fc.nat(60_000),
      fc.nat(60_000),
      fc.nat(20_000),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      async (given, timeout, wait, each, chance) => {
        const course = await play(given, { timeout, wait, each, chance });
        expect(course.waited).toBeLessThanOrEqual(Math.max(1, timeout, wait));
        expect(course.timeouts.every((one) => one >= 1 && one <= longestAttempt)).toBe(true);
        expect(course.attempts).toBe(course.timeouts.length);
      },
    ),
  );
});
