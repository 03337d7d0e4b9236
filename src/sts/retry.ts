import type { NetworkFault, StsAttempt, StsRefusal } from '../world/sts.ts';
import type { Clock } from '../world/world.ts';

/** How long and how patiently STS is asked. All times in milliseconds. */
export interface Timeouts {
  /** The whole time for all attempts and the pauses between them. */
  readonly timeout: number;
  /** For a role, provider or policy made a moment ago: how long a refusal may be met by asking again; 0 for the two quick ones. */
  readonly wait: number;
}

/** How it ended: the last attempt, and what it took. */
export interface CallResult<T> {
  readonly attempt: StsAttempt<T>;
  readonly attempts: number;
  /** Whole milliseconds from the first attempt's start to the last one's end. */
  readonly waited: number;
}

/** What one kind of failed attempt allows. */
interface Persistence {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Milliseconds of the first pause at most; each further one may be twice as long, up to `longestPause`. */
  readonly firstPause: number;
  /** Milliseconds since the start after which no further attempt begins. */
  readonly until: number;
}

/** Milliseconds that one attempt may take: of the default 30 s that leaves three for an STS that does not answer. */
export const longestAttempt = 10_000;

const longestPause = 5_000;

/** A pause leaves at least this much for the attempt after it; a shorter one would only be cut off. */
const shortestAttempt = 250;

const giveUp: Persistence = { attempts: 1, firstPause: 0, until: 0 };

/**
 * Asks until an answer stands, as long as asking again makes sense and time is left.
 *
 * `ask` gets the milliseconds its attempt may take; `random` gives numbers from 0 up to 1 for the jitter, so that many jobs that
 * start at once do not ask again at once.
 */
export async function callWithRetries<T>(
  ask: (timeout: number) => Promise<StsAttempt<T>>,
  timeouts: Timeouts,
  clock: Clock,
  random: () => number,
): Promise<CallResult<T>> {
  const start = clock.now().getTime();
  const whole = Math.max(timeouts.timeout, timeouts.wait);
  for (let attempts = 1; ; attempts++) {
    const left = start + whole - clock.now().getTime();
    const attempt = await ask(Math.max(1, Math.min(longestAttempt, left)));
    const waited = clock.now().getTime() - start;
    const persistence = persistenceOf(attempt, timeouts);
    const pause = pauseOf(attempts, persistence, random());
    if (attempts >= persistence.attempts || waited + pause > persistence.until - shortestAttempt) {
      return { attempt, attempts, waited };
    }
    await clock.sleep(pause);
  }
}

/** Back-off with "equal jitter": half of the step for certain, the other half by chance. */
function pauseOf(attempts: number, persistence: Persistence, chance: number): number {
  const step = Math.min(longestPause, persistence.firstPause * 2 ** (attempts - 1));
  return Math.round(step / 2 + (step / 2) * chance);
}

function persistenceOf(attempt: StsAttempt<unknown>, timeouts: Timeouts): Persistence {
  switch (attempt.kind) {
    case 'granted':
      return giveUp;
    case 'refused':
      return persistenceOfRefusal(attempt.refusal, timeouts);
    case 'unreachable':
      return persistenceOfFault(attempt.fault, timeouts.timeout);
  }
}

function persistenceOfRefusal(refusal: StsRefusal, timeouts: Timeouts): Persistence {
  if (isTransient(refusal)) return { attempts: Number.POSITIVE_INFINITY, firstPause: 300, until: timeouts.timeout };
  if (!mayBeTooNew(refusal)) return giveUp;
  if (timeouts.wait > 0) return { attempts: Number.POSITIVE_INFINITY, firstPause: 1_000, until: timeouts.wait };
  return refusal.code === 'AccessDenied' ? { attempts: 3, firstPause: 500, until: timeouts.timeout } : giveUp;
}

/**
 * STS's own troubles, which pass by themselves. "Couldn't retrieve verification key" is one of them, though most SDKs take it for a
 * wrong token and give up.
 */
export function isTransient(refusal: StsRefusal): boolean {
  const { code, status, message } = refusal;
  if (status >= 500 || status === 429 || code === 'IDPCommunicationError' || throttled.has(code)) return true;
  return code === 'InvalidIdentityToken' && message.includes("Couldn't retrieve verification key");
}

/** The names by which AWS's services throttle, as the SDKs list them. */
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

/** Refusals that a role or provider gives while it has not yet spread through AWS, 10 to 30 s after it was made. */
function mayBeTooNew(refusal: StsRefusal): boolean {
  if (refusal.code === 'AccessDenied') return true;
  return refusal.code === 'InvalidIdentityToken' && refusal.message.includes('No OpenIDConnect provider found');
}

/** Faults that a typing mistake also causes are not held against for the whole time: the user waits for the answer. */
function persistenceOfFault(fault: NetworkFault, timeout: number): Persistence {
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
      const passing = fault.status === undefined ? fault.at === 'proxy' : fault.status >= 500;
      return passing ? { attempts: 5, firstPause: 300, until: timeout } : giveUp;
    }
  }
}
