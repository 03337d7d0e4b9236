import { isTagValue } from '../aws/names.ts';
import type { StsRequestContext } from '../failures/aws.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import { branchOrTagOf, parseSubject, pullRequestType, type Subject } from '../semaphore/subject.ts';
import { clockLeeway, instantOf } from '../semaphore/token.ts';
import { durationText, instantText, joinWords, printable } from '../text/quote.ts';
import type { NetworkFault, StsRefusal } from '../world/sts.ts';

type Rows = (readonly [label: string, value: string])[];

/** Details for the message, and those that only `--debug` shows. */
interface Details {
  readonly known: Rows;
  readonly debug: Rows;
}

/** Returns the details of a request that STS rejected: who asked for what, and the claims that decided. */
export function refusalDetails(refusal: StsRefusal, context: StsRequestContext): Details {
  const { token, now } = context;
  const claims = claimRows(token);
  const shown = claims.filter(([label]) => decides(label, refusal, token));
  const age: Rows = [['token', ageText(token, now)]];
  const aboutTime = /expired|not valid yet|not before/i.test(refusal.message);
  return {
    known: printableRows([
      ['role', context.roleArn],
      ...jobRows(context),
      // The cause of AccessDenied quotes STS.
      ...(refusal.code === 'AccessDenied' ? [] : answerRows(refusal)),
      ...shown,
      ...(aboutTime ? age : []),
      ...requestIdRows(refusal),
      ...clockRows(context),
    ]),
    debug: printableRows([
      ...claims.filter((row) => !shown.includes(row)),
      ...(aboutTime ? [] : age),
      ...debugRows(context),
    ]),
  };
}

// Errors that the token's claims explain.
const tokenCodes: ReadonlySet<string> = new Set([
  'ExpiredTokenException',
  'InvalidIdentityToken',
  'IDPRejectedClaim',
  'IDPCommunicationError',
]);

// A usual subject is in the row about the job, and for AccessDenied in the statement to paste.
function decides(label: string, { code }: StsRefusal, { iss, aud, sub, tags }: TokenClaims): boolean {
  if (label === 'tags') return tags !== undefined;
  if (label === 'subject') return sub === undefined || parseSubject(sub) === undefined;
  return tokenCodes.has(code) || iss === undefined || aud === undefined;
}

/** Returns the details of a rejected request for a further role; `by` is the session that sent it. */
export function chainDetails(refusal: StsRefusal, by: string, context: StsRequestContext): Details {
  return {
    known: printableRows([
      ['asked by', by],
      ['for', context.roleArn],
      ...answerRows(refusal),
      ...requestIdRows(refusal),
      ...clockRows(context),
    ]),
    debug: printableRows(debugRows(context)),
  };
}

function answerRows({ message }: StsRefusal): Rows {
  return message === '' ? [] : [['STS says', `"${message.replaceAll(/\s+/g, ' ')}"`]];
}

function requestIdRows({ requestId }: StsRefusal): Rows {
  return requestId === undefined ? [] : [['request id', requestId]];
}

function debugRows(context: StsRequestContext): Rows {
  const { now, serverTime } = context;
  return [
    ['session', context.sessionName],
    ['endpoint', context.endpoint.url],
    ['attempts', attemptsText(context)],
    ['clock', `${instantText(now)} here${serverTime === undefined ? '' : `, ${instantText(serverTime)} at AWS`}`],
  ];
}

function jobRows({ token, fork }: StsRequestContext): Rows {
  const subject = token.sub === undefined ? undefined : parseSubject(token.sub);
  const from: Rows = fork === undefined ? [] : [['fork', fork]];
  if (subject === undefined) return from;
  const { project = subject.repository } = token;
  const id = `${subject.projectId.slice(0, 8)}…`;
  return [
    ['this job', `${refText(subject)} of project ${project} (${id}), organization ${subject.organization}`],
    ...from,
  ];
}

/** Returns what a subject names, in words: `branch main`, `tag v1`, `pull request 7`. */
function refText(subject: Subject): string {
  const reference = branchOrTagOf(subject);
  if (reference !== undefined) return `${reference.kind} ${reference.name}`;
  if (subject.refType === '') return 'debug session';
  if (subject.refType !== pullRequestType) return `${subject.refType} ${subject.ref}`;
  const [, number] = /^refs\/pull\/(\d+)\//.exec(subject.ref) ?? [];
  return number === undefined ? 'pull request' : `pull request ${number}`;
}

/** Returns the first tag of a token whose value STS does not accept; undefined if it accepts all. */
export function unacceptedTagOf({
  tags = {},
}: TokenClaims): { readonly key: string; readonly value: string } | undefined {
  return Object.entries(tags)
    .flatMap(([key, values]) => values.map((value) => ({ key, value })))
    .find(({ value }) => !isTagValue(value));
}

/** What to do about a tag whose value STS does not accept. */
export const tagAdvice =
  "A tag can have letters, digits, spaces and _.:/=+-@ only. Rename what it comes from, or switch the tag off in the organization's OpenID Connect settings.";

/** Returns the details of a request that STS did not answer. */
export function faultRows(context: StsRequestContext): Rows {
  return printableRows([
    ['endpoint', context.endpoint.url],
    ['attempts', attemptsText(context)],
    ['clock', `${instantText(context.now)} on this machine`],
  ]);
}

/** Returns the role and session name that were requested, and where. */
export function requestRows(context: StsRequestContext): Rows {
  return printableRows([['role', context.roleArn], ...debugRows(context)]);
}

/** Returns the claims that AWS reads, and the token's age. */
export function tokenRows({ token, now }: { readonly token: TokenClaims; readonly now: Date }): Rows {
  return [...claimRows(token), ['token', ageText(token, now)]];
}

function claimRows(token: TokenClaims): Rows {
  const audiences = [token.aud ?? []].flat();
  const isIssuer = audiences.length === 1 && audiences[0] === token.iss;
  return [
    ['issuer', token.iss === undefined ? 'none' : `${token.iss}${isIssuer ? ' (also the audience)' : ''}`],
    ...(isIssuer ? [] : [['audience', audiences.length === 0 ? 'none' : audiences.join(', ')] as const]),
    ['subject', token.sub ?? 'none: the organization has switched off the claim "sub"'],
    ['tags', tagsText(token.tags)],
  ];
}

function tagsText(tags: TokenClaims['tags']): string {
  return tags === undefined ? 'none' : joinWords(Object.keys(tags));
}

/** Returns when a token was issued and when it expires, relative to `now`. */
export function ageText(token: TokenClaims, now: Date): string {
  const issued = instantOf(token.iat);
  const expires = instantOf(token.exp);
  const parts: string[] = [];
  if (issued !== undefined) parts.push(`issued ${relativeText(issued, now)}`);
  if (expires !== undefined) {
    const verb = expires < now ? 'expired' : 'expires';
    parts.push(`${verb} ${relativeText(expires, now)}, ${instantText(expires)}`);
  }
  return parts.length === 0 ? 'has no time of issue and does not expire' : parts.join(', ');
}

function attemptsText({ attempts, waited }: Pick<StsRequestContext, 'attempts' | 'waited'>): string {
  return waited < 1000 ? String(attempts) : `${attempts} in ${durationText(waited)}`;
}

/** Returns the fault in the network layer's words, and whether the proxy caused it. */
export function faultText({ at, status, detail }: NetworkFault): string {
  if (at !== 'proxy') return printable(detail);
  return status === undefined
    ? `the proxy does not connect, ${printable(detail)}`
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

function clockRows({ now, serverTime }: StsRequestContext): Rows {
  const text = serverTime === undefined ? undefined : clockText(now.getTime() - serverTime.getTime());
  return text === undefined ? [] : [['clock', text]];
}

function printableRows(rows: Rows): Rows {
  return rows.map(([label, value]) => [label, printable(value, 400)]);
}
