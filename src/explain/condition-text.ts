import type { TrustCondition } from '../trust/trust-condition.ts';
import type { Paste } from './explanation.ts';
import { readable, unshowable } from './quote.ts';

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

// JSON lets these stand as they are, but a terminal or a log does not show them as they are.
function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(
    unshowable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** What a role's trust policy must say to let in just this, and what that means. */
export function conditionPaste(wanted: TrustCondition, fork: string | undefined): Paste {
  const [first = '', ...more] = wanted.actions;
  const actions = [first, ...more.map((action) => `${action} too`)].join(', and ');
  const { subject, note } = pinsText[wanted.pins];
  const notes = [
    wanted.onlyThisCommit ? 'It fits this commit only: every push to the pull request has another ref.' : note,
    fork === undefined ? '' : `Mind that the code is ${readable(fork)}'s: whoever wrote it would have the role.`,
  ];
  const intro = `To let in ${subject}, the trust policy must allow ${actions}, on this condition. ${notes.join(' ')}`;
  return { intro: intro.replace(/ +/g, ' ').trim(), lines: conditionLines(wanted) };
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
