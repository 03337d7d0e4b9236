import { actionsNeededBy, type TokenClaims, type WebIdentityAction } from '../semaphore/claims.ts';
import { isMergeCommitRef, parseSubject } from '../semaphore/subject.ts';
import type { Paste } from '../text/explanation.ts';
import { printable } from '../text/quote.ts';
import { issuerHostOf } from './condition-evaluation.ts';

/** What a role's trust policy must contain to allow exactly this branch, tag or pull request. */
export interface TrustCondition {
  /** The value of the element `Condition`, for a policy of version 2012-10-17. */
  readonly condition: { readonly StringEquals: Readonly<Record<string, string | readonly string[]>> };
  /** What `Action` must allow. */
  readonly actions: readonly WebIdentityAction[];
  /**
   * What the condition allows: `project` is a debug session, `subject` a subject of unknown form, `organization` any
   * project, since the token has no subject.
   */
  readonly pins: 'branch' | 'tag' | 'pull-request' | 'project' | 'subject' | 'organization';
  /** The ref is a merge commit: the condition does not match after the next push to the pull request. */
  readonly onlyThisCommit: boolean;
}

/**
 * Returns the condition that allows exactly this branch, tag or pull request: audience and subject, compared exactly.
 * Undefined for a token without issuer or audience.
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

function conditionLines({ condition }: TrustCondition): string[] {
  const members = Object.entries(condition.StringEquals).map(
    ([key, value]) => `  ${jsonText(key)}: ${jsonText(value)}`,
  );
  return [
    '"Condition": { "StringEquals": {',
    ...members.map((line, i) => (i < members.length - 1 ? `${line},` : line)),
    '} }',
  ];
}

// IAM rejects characters beyond U+00FF, but accepts JSON's escapes for them. A wildcard would allow more names.
// The escapes also cover every character that a terminal does not show as it is.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    beyondAscii,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const beyondAscii = /[^ -~]/g;

/** Returns the condition as lines to paste, with the text that introduces it. */
export function conditionPaste(wanted: TrustCondition, fork: string | undefined): Paste {
  const [first = '', ...more] = wanted.actions;
  const actions = [first, ...more.map((action) => `${action} too`)].join(', and ');
  const { subject, note } = pinsText[wanted.pins];
  const notes = [
    wanted.onlyThisCommit ? 'It fits this commit only: every push to the pull request has another ref.' : note,
    hasBeyondAscii(wanted) ? escapesNote : '',
    fork === undefined ? '' : `Mind that the code is ${printable(fork)}'s: whoever wrote it would have the role.`,
  ];
  const intro = `To let in ${subject}, the trust policy must allow ${actions}, on this condition. ${notes.join(' ')}`;
  return { intro: intro.replace(/ +/g, ' ').trim(), lines: conditionLines(wanted) };
}

const escapesNote =
  'What is not ASCII stands there as escapes of JSON, since IAM takes none beyond U+00FF as it is: give it to IAM as this JSON.';

function hasBeyondAscii({ condition }: TrustCondition): boolean {
  return JSON.stringify(condition).search(beyondAscii) >= 0;
}

const pinsText: Readonly<Record<TrustCondition['pins'], { subject: string; note: string }>> = {
  branch: { subject: 'jobs of exactly this branch', note: '' },
  tag: { subject: 'jobs of exactly this tag', note: '' },
  'pull-request': { subject: 'jobs of exactly this pull request', note: '' },
  project: { subject: 'debug sessions of this project, which have no branch', note: '' },
  subject: { subject: 'jobs with exactly this subject', note: '' },
  organization: {
    subject: 'this job',
    note: 'Without a subject it cannot be narrower: every job of the organization gets in.',
  },
};
