import type { StsRequestContext } from '../failures/aws.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import { clockLeeway, instantOf } from '../semaphore/token.ts';
import { durationText, instantText, joinWords, printable } from '../text/quote.ts';
import type { NetworkFault, StsRefusal } from '../world/sts.ts';

type Rows = (readonly [label: string, value: string])[];

/** What an explanation shows of a request that STS refused: who asked for what, and what the token says. */
export function knownOfRefusal(refusal: StsRefusal, context: StsRequestContext): Rows {
  const { roleArn, fork } = context;
  const rows: Rows = [['role', roleArn], ...tokenRows(context)];
  if (fork !== undefined) rows.push(['fork', `this pull request comes from ${fork}`]);
  rows.push(['asked', askedText(context)], ['session', context.sessionName]);
  if (refusal.requestId !== undefined) rows.push(['request', refusal.requestId]);
  return readableRows([...rows, ...clockRows(context)]);
}

/** What an explanation shows of a further role that STS refused to the session of the one before. */
export function knownOfChain({ requestId }: StsRefusal, by: string, context: StsRequestContext): Rows {
  return readableRows([
    ['asked by', by],
    ['for', context.roleArn],
    ['asked', askedText(context)],
    ...(requestId === undefined ? [] : [['request', requestId] as const]),
    ...clockRows(context),
  ]);
}

/** What an explanation shows of a request that got no answer from STS. */
export function knownOfFault(context: StsRequestContext): Rows {
  return readableRows([
    ['asked', askedText(context)],
    ['clock', `${instantText(context.now)} on this machine`],
  ]);
}

/** Claims of a token that AWS looks at, and its age. */
export function tokenRows({ token, now }: { readonly token: TokenClaims; readonly now: Date }): Rows {
  const audiences = [token.aud ?? []].flat();
  const same = audiences.length === 1 && audiences[0] === token.iss;
  return [
    ['issuer', token.iss === undefined ? 'none' : `${token.iss}${same ? ' (the audience too)' : ''}`],
    ...(same ? [] : [['audience', audiences.length === 0 ? 'none' : audiences.join(', ')] as const]),
    ['subject', token.sub ?? 'none: the organization has switched this claim off'],
    ['tags', token.tags === undefined ? 'none' : joinWords(Object.keys(token.tags))],
    ['token', ageText(token, now)],
  ];
}

/** How old a token is and how long it lives on. */
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

function effortText({ attempts, waited }: Pick<StsRequestContext, 'attempts' | 'waited'>): string {
  const often = attempts === 1 ? 'once' : `${attempts} times`;
  return waited < 1000 ? often : `${often} in ${durationText(waited)}`;
}

/** What broke, in the network layer's words, and whether it was the proxy. */
export function faultText({ at, status, detail }: NetworkFault): string {
  if (at !== 'proxy') return printable(detail);
  return status === undefined
    ? `no way through the proxy, ${printable(detail)}`
    : `the proxy answered ${printable(detail)}`;
}

/** By how much this machine's clock is off, if that is more than clocks may differ. Milliseconds; ahead is positive. */
export function clockText(skew: number): string | undefined {
  if (Math.abs(skew) <= clockLeeway) return undefined;
  return `this machine is ${durationText(skew)} ${skew > 0 ? 'ahead of' : 'behind'} AWS`;
}

function relativeText(instant: Date, now: Date): string {
  const distance = instant.getTime() - now.getTime();
  return distance > 0 ? `in ${durationText(distance)}` : `${durationText(distance)} ago`;
}

function askedText(context: StsRequestContext): string {
  return `${effortText(context)}, ${context.endpoint.url}`;
}

function clockRows({ now, serverTime }: StsRequestContext): Rows {
  const text = serverTime === undefined ? undefined : clockText(now.getTime() - serverTime.getTime());
  return text === undefined ? [] : [['clock', text]];
}

function readableRows(rows: Rows): Rows {
  return rows.map(([label, value]) => [label, printable(value, 400)]);
}
