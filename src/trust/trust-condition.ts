import { actionsNeededBy, type TokenClaims, type WebIdentityAction } from '../semaphore/claims.ts';
import {
  branchOrTagOf,
  isMergeCommitRef,
  makeRef,
  makeSubject,
  parseSubject,
  pullRequestType,
  type Subject,
} from '../semaphore/subject.ts';
import type { Paste } from '../text/explanation.ts';
import { joinWords, printable } from '../text/quote.ts';
import { issuerHostOf } from './condition-evaluation.ts';

/** What a trust policy must contain to allow exactly this branch, tag or pull request. */
export interface TrustCondition {
  /** The value of the element `Condition`, for a policy of version 2012-10-17. */
  readonly condition: { readonly StringEquals: Readonly<Record<string, string | readonly string[]>> };
  /** What `Action` must allow. */
  readonly actions: readonly WebIdentityAction[];
  /**
   * `project`: a debug session; `subject`: a subject of unknown form; `organization`: any project,
   * since the token has no subject.
   */
  readonly pins: 'branch' | 'tag' | 'pull-request' | 'project' | 'subject' | 'organization';
  /** The ref is a merge commit: the next push to the pull request will not match. */
  readonly onlyThisCommit: boolean;
}

/**
 * Returns the condition that allows exactly this branch, tag or pull request. Undefined for a token
 * without issuer or audience.
 */
export function makeTrustCondition(claims: TokenClaims): TrustCondition | undefined {
  const host = issuerHostOf(claims);
  const { aud, sub } = claims;
  if (host === undefined || aud === undefined || aud.length === 0) return undefined;
  const audience = typeof aud === 'string' ? literal(aud) : aud.map(literal);
  const subject = sub === undefined ? undefined : parseSubject(sub);
  return {
    condition: {
      StringEquals: { [`${host}:aud`]: audience, ...(sub !== undefined && { [`${host}:sub`]: literal(sub) }) },
    },
    actions: actionsNeededBy(claims),
    pins: sub === undefined ? 'organization' : pinsOf(subject?.refType),
    onlyThisCommit: subject !== undefined && isMergeCommitRef(subject.ref),
  };
}

// A debug session of a project has an empty ref type.
function pinsOf(refType: string | undefined): TrustCondition['pins'] {
  if (refType === 'branch' || refType === 'tag' || refType === 'pull-request') return refType;
  return refType === '' ? 'project' : 'subject';
}

// Git allows `${` in a branch's name; a policy reads it as a variable.
function literal(text: string): string {
  return text.replaceAll('${', '${$}{');
}

export interface WiderCondition {
  /** The refs, as a user would name them: `v*`, or `*` for every pull request. */
  readonly refs: string;
  readonly condition: { readonly StringLike: Readonly<Record<string, string | readonly string[]>> };
}

/**
 * Returns the condition for tags that begin like this one, or for all pull requests of the project
 * (forks' too). Undefined for a branch, or a tag without digits.
 */
export function makeWiderCondition(claims: TokenClaims): WiderCondition | undefined {
  const exact = makeTrustCondition(claims);
  const subject = claims.sub === undefined ? undefined : parseSubject(claims.sub);
  if (exact === undefined || subject === undefined) return undefined;
  const wider = widerRefsOf(subject);
  if (wider === undefined) return undefined;
  const condition = {
    ...exact.condition.StringEquals,
    [`${issuerHostOf(claims)}:sub`]: literal(makeSubject({ ...subject, ref: wider.ref })),
  };
  return { refs: wider.refs, condition: { StringLike: condition } };
}

function widerRefsOf(subject: Subject): { readonly refs: string; readonly ref: string } | undefined {
  if (subject.refType === pullRequestType) return { refs: '*', ref: '*' };
  const reference = branchOrTagOf(subject);
  if (reference?.kind !== 'tag') return undefined;
  const [prefix] = /^\D+(?=\d)/.exec(reference.name) ?? [];
  return prefix === undefined ? undefined : { refs: `${prefix}*`, ref: makeRef('tag', `${prefix}*`).ref };
}

type Condition = TrustCondition['condition'] | WiderCondition['condition'];

/** Returns a condition as lines of a policy to paste. */
export function conditionLines(condition: Condition): string[] {
  return Object.entries(condition).flatMap(([operator, tests]) => [
    `"Condition": { ${jsonText(operator)}: {`,
    ...memberLines(tests),
    '} }',
  ]);
}

function memberLines(tests: Readonly<Record<string, unknown>>): string[] {
  const members = Object.entries(tests).map(([key, value]) => `  ${jsonText(key)}: ${jsonText(value)}`);
  return members.map((line, i) => (i < members.length - 1 ? `${line},` : line));
}

/** Returns a statement of a trust policy, in few lines. `provider` is the provider's ARN. */
export function statementLines(
  provider: string,
  actions: TrustCondition['actions'],
  condition: Condition,
): readonly string[] {
  const [only = '', ...more] = actions;
  const head =
    more.length === 0
      ? [`{ "Effect": "Allow", "Action": ${jsonText(only)},`]
      : ['{ "Effect": "Allow",', `  "Action": [${actions.map(jsonText).join(', ')}],`];
  const lines = conditionLines(condition).slice(0, -1);
  return [
    ...head,
    `  "Principal": { "Federated": ${jsonText(provider)} },`,
    ...lines.map((line, i) => `  ${line}${i === lines.length - 1 ? ' } } }' : ''}`),
  ];
}

// IAM rejects characters beyond U+00FF but accepts JSON's escapes. A wildcard would allow more
// names. The escapes also cover every character that a terminal does not show as it is.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    beyondAscii,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const beyondAscii = /[^ -~]/g;

/** Returns the condition to paste, with an introduction. */
export function conditionPaste(wanted: TrustCondition, fork: string | undefined): Paste {
  const { subject, note } = pinsText[wanted.pins];
  const notes = [
    wanted.onlyThisCommit ? 'It fits this commit only: every push to the pull request has another ref.' : note,
    escapesNoteFor(wanted.condition),
    fork === undefined ? '' : `The code is that of ${printable(fork)}: its author gets the role.`,
  ];
  const intro = `To allow exactly ${subject}, the trust policy must allow ${joinWords(wanted.actions)} on this condition. ${notes.join(' ')}`;
  return { intro: intro.replace(/ +/g, ' ').trim(), lines: conditionLines(wanted.condition) };
}

/** Returns why characters are written as escapes; empty if none is. */
export function escapesNoteFor(condition: Condition): string {
  return JSON.stringify(condition).search(beyondAscii) < 0
    ? ''
    : 'IAM accepts no character beyond U+00FF, so those that are not ASCII are written as JSON escapes.';
}

const pinsText: Readonly<Record<TrustCondition['pins'], { subject: string; note: string }>> = {
  branch: { subject: 'this branch', note: '' },
  tag: { subject: 'this tag', note: '' },
  'pull-request': { subject: 'this pull request', note: '' },
  project: { subject: 'debug sessions of this project', note: 'They have no branch.' },
  subject: { subject: 'this subject', note: '' },
  organization: {
    subject: 'this job',
    note: 'Without a subject the condition cannot be narrower: it allows every job of the organization.',
  },
};
