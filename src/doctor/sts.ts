import { networkAdvice } from '../explain/network-advice.ts';
import { clockText, faultText } from '../explain/sts-request.ts';
import { clockLeeway } from '../semaphore/token.ts';
import { durationText, instantText, printable } from '../text/quote.ts';
import type { NetworkFault, StsEndpoint } from '../world/sts.ts';
import type { WebAnswer } from '../world/world.ts';
import { type FindingOf, makeFindings } from './finding.ts';

interface UnreachableFacts {
  readonly url: string;
  readonly fault: NetworkFault;
  /** The request's timeout in milliseconds. */
  readonly timeout: number;
}

interface RoleFacts {
  readonly roleArn: string;
  readonly assumedRoleArn: string;
  readonly ends: Date;
}

/** The check of the requested role. */
export const roleFindings = makeFindings('role', {
  'role-granted': ({ assumedRoleArn, ends }: RoleFacts) => ({
    headline: `STS grants ${printable(assumedRoleArn)} until ${instantText(ends)}`,
  }),
});

/** The check of the STS endpoint. */
export const stsFindings = makeFindings('sts', {
  'sts-reachable': ({ endpoint }: { readonly endpoint: StsEndpoint }) => ({
    headline: `${printable(endpoint.url)} answers${endpoint.isAws ? '' : ', but is not an endpoint of AWS'}`,
    ...(endpoint.isAws
      ? {}
      : {
          cause: 'AWS_ENDPOINT_URL_STS or AWS_ENDPOINT_URL sets it. A login sends the token there.',
          steps: [{ intro: 'To use AWS:', lines: ['unset AWS_ENDPOINT_URL_STS AWS_ENDPOINT_URL'] }],
        }),
  }),
  'sts-unreachable-now': ({ url, fault, timeout }: UnreachableFacts) => ({
    headline: `STS cannot be reached at ${printable(url)}: ${faultText(fault)}`,
    ...networkAdvice(fault, { url, timeout }),
  }),
});

/** Returns a URL that STS answers with an error of its own, since the request has no signature. */
export function stsQuestionUrl(endpoint: StsEndpoint): string {
  return `${endpoint.url}/?Action=GetCallerIdentity&Version=2011-06-15`;
}

/** Checks that STS answers, and whether the endpoint is AWS's. `timeout` is the request's, in milliseconds. */
export function checkSts(endpoint: StsEndpoint, answer: WebAnswer, timeout: number): FindingOf<typeof stsFindings> {
  const fault = answer.kind === 'unreachable' ? answer.fault : faultOf(answer);
  if (fault !== undefined) return stsFindings.fail(6, 'sts-unreachable-now', { url: endpoint.url, fault, timeout });
  return endpoint.isAws
    ? stsFindings.ok('sts-reachable', { endpoint })
    : stsFindings.warn('sts-reachable', { endpoint });
}

function faultOf({ status, text }: Extract<WebAnswer, { kind: 'answered' }>): NetworkFault | undefined {
  if (text.includes('https://sts.amazonaws.com/doc/')) return undefined;
  return { at: 'not-sts', detail: `HTTP ${status}`, code: undefined, status };
}

/** The check of this machine's clock. */
export const clockFindings = makeFindings('clock', {
  'clock-right': ({ skew }: { readonly skew: number }) => ({
    headline:
      Math.abs(skew) < 2000
        ? "This machine's clock matches AWS"
        : `This machine's clock differs from AWS by ${durationText(skew)}`,
  }),
  'clock-wrong': ({ skew }: { readonly skew: number }) => ({
    headline: `The clock of ${clockText(skew) ?? 'this machine'}`,
    cause: 'AWS rejects requests that are more than 5 minutes off; some services allow 15.',
    remedies: ["Set the machine's clock (NTP)."],
  }),
  'clock-unknown': () => ({
    headline: "This machine's clock was not compared with AWS",
    cause: 'STS gave no answer to take the time from.',
    remedies: ['See the check of STS.'],
  }),
});

/** Compares this machine's clock with the Date header of STS's answer. */
export function checkClock(now: Date, serverTime: Date | undefined): FindingOf<typeof clockFindings> {
  if (serverTime === undefined) return clockFindings.warn('clock-unknown');
  const skew = now.getTime() - serverTime.getTime();
  return Math.abs(skew) > clockLeeway
    ? clockFindings.warn('clock-wrong', { skew })
    : clockFindings.ok('clock-right', { skew });
}
