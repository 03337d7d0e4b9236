import { clockLeeway } from '../token/lifetime.ts';
import { type Finding, ok, warn } from './finding.ts';

/** This machine's clock against the Date of an answer of AWS's. */
export function checkClock(now: Date, serverTime: Date | undefined): Finding {
  if (serverTime === undefined) return warn('clock', { kind: 'clock-unknown' });
  const skew = now.getTime() - serverTime.getTime();
  return Math.abs(skew) > clockLeeway
    ? warn('clock', { kind: 'clock-wrong', skew })
    : ok('clock', { kind: 'clock-right', skew });
}
