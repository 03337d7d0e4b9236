import type { StsRequestContext } from '../failures/aws.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import { clockLeeway, instantOf } from '../semaphore/token.ts';
import { durationText, instantText, joinWords, printable } from '../text/quote.ts';
import type { NetworkFault, StsRefusal } from '../world/sts.ts';

type Rows = (readonly [label: string, value: string])[];

/** Returns the details of a request that STS rejected: who asked for what, and the token's claims. */
export function refusalRows(refusal: StsRefusal, context: StsRequestContext): Rows {
  const { roleArn, fork } = context;
  const rows: Rows = [['role', roleArn], ...tokenRows(context)];
  if (fork !== undefined) rows.push(['fork', `this pull request comes from ${fork}`]);
  rows.push(['asked', requestText(context)], ['session', context.sessionName]);
  if (refusal.requestId !== undefined) rows.push(['request', refusal.requestId]);
  return printableRows([...rows, ...clockRows(context)]);
}

/** Returns the details of a rejected request for a further role; `by` is the session that sent it. */
export function chainRows({ requestId }: StsRefusal, by: string, context: StsRequestContext): Rows {
  return printableRows([
    ['asked by', by],
    ['for', context.roleArn],
    ['asked', requestText(context)],
    ...(requestId === undefined ? [] : [['request', requestId] as const]),
    ...clockRows(context),
  ]);
}

/** Returns the details of a request that STS did not answer. */
export function faultRows(context: StsRequestContext): Rows {
  return printableRows([
    ['asked', requestText(context)],
    ['clock', `${instantText(context.now)} on this machine`],
  ]);
}

/** Returns the role and session name that were requested, and where. */
export function requestRows(context: StsRequestContext): Rows {
  return printableRows([
    ['role', context.roleArn],
    ['session', context.sessionName],
    ['asked', requestText(context)],
  ]);
}

/** Returns the claims that AWS reads, and the token's age. */
export function tokenRows({ token, now }: { readonly token: TokenClaims; readonly now: Date }): Rows {
  const audiences = [token.aud ?? []].flat();
  const isIssuer = audiences.length === 1 && audiences[0] === token.iss;
  return [
    ['issuer', token.iss === undefined ? 'none' : `${token.iss}${isIssuer ? ' (the audience too)' : ''}`],
    ...(isIssuer ? [] : [['audience', audiences.length === 0 ? 'none' : audiences.join(', ')] as const]),
    ['subject', token.sub ?? 'none: the organization has switched this claim off'],
    ['tags', token.tags === undefined ? 'none' : joinWords(Object.keys(token.tags))],
    ['token', ageText(token, now)],
  ];
}

/** Returns when a token was issued and when it expires, relative to `now`. */
export function ageText(token: TokenClaims, now: Date): string {
  const issued = instantOf(token.iat);
  const expires = instantOf(token.exp);
  const parts: string[] = [];
  if (issued !== undefined) parts.push(`issued ${relativeText(issued, now)}`);
  if (expires !== undefined) {
    const verb = expires < now ? 'ended' : 'ends';
    parts.push(`${verb} ${relativeText(expires, now)}, at ${instantText(expires)}`);
  }
  return parts.length === 0 ? 'says neither when it was issued nor when it ends' : parts.join(', ');
}

function attemptsText({ attempts, waited }: Pick<StsRequestContext, 'attempts' | 'waited'>): string {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  return waited < 1000 ? times : `${times} in ${durationText(waited)}`;
}

/** Returns the fault in the network layer's words, and whether the proxy caused it. */
export function faultText({ at, status, detail }: NetworkFault): string {
  if (at !== 'proxy') return printable(detail);
  return status === undefined
    ? `no way through the proxy, ${printable(detail)}`
    : `the proxy answered ${printable(detail)}`;
}

/** Describes the clock's skew in milliseconds (positive: ahead); undefined within the tolerance. */
export function clockText(skew: number): string | undefined {
  if (Math.abs(skew) <= clockLeeway) return undefined;
  return `this machine is ${durationText(skew)} ${skew > 0 ? 'ahead of' : 'behind'} AWS`;
}

function relativeText(instant: Date, now: Date): string {
  const distance = instant.getTime() - now.getTime();
  return distance > 0 ? `in ${durationText(distance)}` : `${durationText(distance)} ago`;
}

function requestText(context: StsRequestContext): string {
  return `${attemptsText(context)}, ${context.endpoint.url}`;
}

function clockRows({ now, serverTime }: StsRequestContext): Rows {
  const text = serverTime === undefined ? undefined : clockText(now.getTime() - serverTime.getTime());
  return text === undefined ? [] : [['clock', text]];
}

function printableRows(rows: Rows): Rows {
  return rows.map(([label, value]) => [label, printable(value, 400)]);
}
