import type { NetworkFault, StsAttempt, StsRefusal } from '../world/sts.ts';
import type { Clock } from '../world/world.ts';

/** In milliseconds. */
export interface Timeouts {
  /** For all attempts and the pauses between them. */
  readonly timeout: number;
  /** How long to retry refusals, for a role just created. 0: two quick retries. */
  readonly wait: number;
}

export interface CallResult<T> {
  readonly attempt: StsAttempt<T>;
  readonly attempts: number;
  /** Whole milliseconds from the first attempt's start to the last one's end. */
  readonly waited: number;
}

interface RetryPolicy {
  /** Including the first. */
  readonly attempts: number;
  /** Upper limit of the first pause (ms). It doubles with each pause, up to `longestPause`. */
  readonly firstPause: number;
  /** Milliseconds since the start after which no new attempt starts. */
  readonly until: number;
}

/** Limit of one attempt (ms): the default 30 s allow three attempts if STS does not answer. */
export const longestAttempt = 10_000;

const longestPause = 5_000;

/** Time (ms) that a pause must leave for the next attempt. */
const shortestAttempt = 250;

const giveUp: RetryPolicy = { attempts: 1, firstPause: 0, until: 0 };

/**
 * Calls `ask` with the attempt's time limit (ms) until it succeeds, a retry is pointless, or time
 * is up.
 * @param random numbers from 0 to 1 for the jitter: jobs that start together must not retry
 * together
 * @param onWait called before each pause of `timeouts.wait`, with the rest of that time (ms)
 */
export async function callWithRetries<T>(
  ask: (timeout: number) => Promise<StsAttempt<T>>,
  timeouts: Timeouts,
  clock: Clock,
  random: () => number,
  onWait: (refusal: StsRefusal, left: number) => void = () => {},
): Promise<CallResult<T>> {
  const start = clock.now().getTime();
  const whole = Math.max(timeouts.timeout, timeouts.wait);
  for (let attempts = 1; ; attempts++) {
    const left = start + whole - clock.now().getTime();
    const attempt = await ask(Math.max(1, Math.min(longestAttempt, left)));
    const waited = clock.now().getTime() - start;
    const policy = retryPolicyOf(attempt, timeouts);
    const pause = pauseOf(attempts, policy, random());
    if (attempts >= policy.attempts || waited + pause > policy.until - shortestAttempt) {
      return { attempt, attempts, waited };
    }
    if (attempt.kind === 'refused' && timeouts.wait > 0 && isFromNewResource(attempt.refusal))
      onWait(attempt.refusal, timeouts.wait - waited);
    await clock.sleep(pause);
  }
}

/** "Equal jitter": half of each step is fixed, the other half random. */
function pauseOf(attempts: number, policy: RetryPolicy, jitter: number): number {
  const step = Math.min(longestPause, policy.firstPause * 2 ** (attempts - 1));
  return Math.round(step / 2 + (step / 2) * jitter);
}

function retryPolicyOf(attempt: StsAttempt<unknown>, timeouts: Timeouts): RetryPolicy {
  switch (attempt.kind) {
    case 'granted':
      return giveUp;
    case 'refused':
      return retryPolicyOfRefusal(attempt.refusal, timeouts);
    case 'unreachable':
      return retryPolicyOfFault(attempt.fault, timeouts.timeout);
  }
}

function retryPolicyOfRefusal(refusal: StsRefusal, timeouts: Timeouts): RetryPolicy {
  if (isTransient(refusal)) return { attempts: Number.POSITIVE_INFINITY, firstPause: 300, until: timeouts.timeout };
  if (!isFromNewResource(refusal)) return giveUp;
  if (timeouts.wait > 0) return { attempts: Number.POSITIVE_INFINITY, firstPause: 1_000, until: timeouts.wait };
  return refusal.code === 'AccessDenied' ? { attempts: 3, firstPause: 500, until: timeouts.timeout } : giveUp;
}

/**
 * Whether STS has a temporary problem. "Couldn't retrieve verification key" is one, although most
 * SDKs treat it as an invalid token.
 */
export function isTransient(refusal: StsRefusal): boolean {
  const { code, status, message } = refusal;
  if (status >= 500 || status === 429 || code === 'IDPCommunicationError' || throttled.has(code)) return true;
  return code === 'InvalidIdentityToken' && message.includes("Couldn't retrieve verification key");
}

/** As the SDKs list them. */
const throttled: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
]);

/** AWS needs 10 to 30 s to propagate a new role or provider; until then STS refuses like this. */
function isFromNewResource(refusal: StsRefusal): boolean {
  if (refusal.code === 'AccessDenied') return true;
  return refusal.code === 'InvalidIdentityToken' && refusal.message.includes('No OpenIDConnect provider found');
}

/** Gives up early on faults that a typo can cause: someone is waiting. */
function retryPolicyOfFault(fault: NetworkFault, timeout: number): RetryPolicy {
  switch (fault.at) {
    case 'name':
      return { attempts: 3, firstPause: 300, until: timeout };
    case 'connect':
    case 'broken-off':
    case 'local':
    case 'unknown':
      return { attempts: 5, firstPause: 300, until: timeout };
    case 'timeout':
      return { attempts: Number.POSITIVE_INFINITY, firstPause: 300, until: timeout };
    case 'tls':
      return giveUp;
    case 'proxy':
    case 'not-sts': {
      if (fault.status === 429) return { attempts: Number.POSITIVE_INFINITY, firstPause: 300, until: timeout };
      const transient = fault.status === undefined ? fault.at === 'proxy' : fault.status >= 500;
      return transient ? { attempts: 5, firstPause: 300, until: timeout } : giveUp;
    }
  }
}
