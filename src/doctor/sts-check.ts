import type { NetworkFault, StsEndpoint } from '../sts/answer.ts';
import type { WebAnswer } from '../world.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** What to GET to find out whether STS answers: a question that it refuses for want of a signature, in its own XML. */
export function stsQuestionUrl(endpoint: StsEndpoint): string {
  return `${endpoint.url}/?Action=GetCallerIdentity&Version=2011-06-15`;
}

/** Whether it is STS that answers there. */
export function checkSts(endpoint: StsEndpoint, answer: WebAnswer): Finding {
  const fault = answer.kind === 'unreachable' ? answer.fault : strangerOf(answer);
  if (fault !== undefined) return fail('sts', 6, { kind: 'sts-unreachable-now', url: endpoint.url, fault });
  const facts = { kind: 'sts-reachable', endpoint } as const;
  return endpoint.isAws ? ok('sts', facts) : warn('sts', facts);
}

function strangerOf({ status, text }: Extract<WebAnswer, { kind: 'answered' }>): NetworkFault | undefined {
  if (text.includes('https://sts.amazonaws.com/doc/')) return undefined;
  return { at: 'not-sts', detail: `HTTP ${status}`, code: undefined, status };
}
