import type { Paste } from '../text/explanation.ts';
import { printable } from '../text/quote.ts';
import type { TrustCondition } from './trust-condition.ts';

/** The condition as it is pasted into a trust policy, one key a line. */
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

// A policy's text may hold no character beyond U+00FF; as JSON's escapes they are ASCII, and are the same to whoever reads the JSON. A
// wildcard in their place would let in more. https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
// And what a terminal or a log does not show as it is, is beyond ASCII or escaped by JSON itself.
function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    beyondAscii,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const beyondAscii = /[^ -~]/g;

/** What a role's trust policy must say to let in just this, and what that means. */
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
