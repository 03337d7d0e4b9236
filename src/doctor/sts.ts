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
  /** Milliseconds that the request was allowed to take. */
  readonly timeout: number;
}

interface RoleFacts {
  readonly roleArn: string;
  readonly assumedRoleArn: string;
  readonly ends: Date;
}

/** The check of the role that STS was asked for. */
export const roleFindings = makeFindings('role', {
  'role-granted': ({ assumedRoleArn, ends }: RoleFacts) => ({
    headline: `STS lets this job in: ${printable(assumedRoleArn)}, until ${instantText(ends)}`,
  }),
});

/** The check of the STS endpoint. */
export const stsFindings = makeFindings('sts', {
  'sts-reachable': ({ endpoint }: { readonly endpoint: StsEndpoint }) => ({
    headline: `${printable(endpoint.url)} answers${endpoint.isAws ? '' : ", and it is not AWS's"}`,
    ...(endpoint.isAws
      ? {}
      : {
          cause: 'AWS_ENDPOINT_URL_STS or AWS_ENDPOINT_URL names it; a login would send the token there.',
          remedies: ['Unset the variable, unless that is meant.'],
        }),
  }),
  'sts-unreachable-now': ({ url, fault, timeout }: UnreachableFacts) => ({
    headline: `STS cannot be reached at ${printable(url)}: ${faultText(fault)}`,
    ...networkAdvice(fault, timeout),
  }),
});

/** Returns the URL for a GET request that STS rejects in XML of its own, since it is not signed. */
export function stsQuestionUrl(endpoint: StsEndpoint): string {
  return `${endpoint.url}/?Action=GetCallerIdentity&Version=2011-06-15`;
}

/** Checks that STS answers, and that it is the one of AWS. `timeout` is what the request was allowed, in milliseconds. */
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
        ? "This machine's clock is AWS's"
        : `This machine's clock is within ${durationText(skew)} of AWS's`,
  }),
  'clock-wrong': ({ skew }: { readonly skew: number }) => ({
    headline: `By its clock ${clockText(skew) ?? ''}`,
    cause: 'AWS refuses signed requests that are more than 5 minutes off; some services allow 15.',
    remedies: ["Set the machine's clock (NTP)."],
  }),
  'clock-unknown': () => ({
    headline: "This machine's clock could not be compared with AWS's",
    cause: 'The Date of an answer of STS is what it is measured by, and none came.',
    remedies: ['See the line about STS.'],
  }),
});

/** Compares this machine's clock with the Date header of an answer of AWS. */
export function checkClock(now: Date, serverTime: Date | undefined): FindingOf<typeof clockFindings> {
  if (serverTime === undefined) return clockFindings.warn('clock-unknown');
  const skew = now.getTime() - serverTime.getTime();
  return Math.abs(skew) > clockLeeway
    ? clockFindings.warn('clock-wrong', { skew })
    : clockFindings.ok('clock-right', { skew });
}
