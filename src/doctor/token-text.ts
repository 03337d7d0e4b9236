import { ageText, tokenRows } from '../explain/sts-request.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import { instantOf } from '../semaphore/token.ts';
import { printable, quote } from '../text/quote.ts';
import { conditionPaste } from '../trust/condition-text.ts';
import { makeTrustCondition } from '../trust/trust-condition.ts';
import type { FindingTextsOf, JobContext } from './finding.ts';

/** The job's token, and what the job is by it. */
export const tokenFindings: FindingTextsOf<'token-good' | 'token-ends-soon' | 'context'> = {
  'token-good': ({ source, claims, now }) => ({
    headline: headlineOf(source, claims, now),
    known: claimRows({ token: claims, now }),
  }),
  'token-ends-soon': ({ source, claims, now }) => ({
    headline: headlineOf(source, claims, now),
    cause: 'After that nothing renews a session, and Semaphore gives no new token within a job.',
    known: claimRows({ token: claims, now }),
    remedies: ['Run the job again for a new token, or let the AWS part of it come first.'],
  }),
  context: ({ context, claims, fork }) => {
    const { headline, cause } = contextText(context, fork);
    const wanted = makeTrustCondition(claims);
    return {
      headline,
      ...(cause === undefined ? {} : { cause }),
      ...(wanted === undefined ? {} : { paste: conditionPaste(wanted, fork) }),
      ...(context in contextRemedies ? { remedies: [contextRemedies[context] ?? ''] } : {}),
    };
  },
};

function headlineOf(source: string, claims: TokenClaims, now: Date): string {
  const name = /^\w+$/.test(source) ? source : quote(source);
  return `${name} ${instantOf(claims.iat) === undefined ? '' : 'was '}${ageText(claims, now)}`;
}

function claimRows(about: Parameters<typeof tokenRows>[0]) {
  return tokenRows(about)
    .filter(([label]) => label !== 'token')
    .map(([label, value]) => [label, printable(value, 400)] as const);
}

function contextText(context: JobContext, fork: string | undefined): { headline: string; cause?: string } {
  switch (context) {
    case 'branch':
      return {
        headline: 'The subject names a branch',
        cause: "The branch's pushes, scheduled tasks, promotions and debug sessions all have this subject.",
      };
    case 'tag':
      return { headline: 'The subject names a tag' };
    case 'pull-request':
      return {
        headline: 'The subject names a pull request',
        cause: 'A pull request from a fork has the same form, and nothing in the token tells it from others.',
      };
    case 'fork':
      return {
        headline: `The subject names a pull request; it comes from the fork ${quote(fork ?? '')}`,
        cause: 'Its token is like that of any other pull request, and what runs here is what its author wrote.',
      };
    case 'project-debug':
      return {
        headline: 'The subject has no branch: this is a debug session of a project',
        cause: 'No policy for a branch, a tag or a pull request lets it in.',
      };
    case 'no-subject':
      return {
        headline: 'The token has no subject',
        cause: 'The organization has switched the claim off, and AWS takes no token without it.',
      };
    case 'unknown':
      return {
        headline: 'The subject has a form that this program does not know',
        cause: "It is shown above; compare it with the policy's.",
      };
  }
}

const contextRemedies: Readonly<Partial<Record<JobContext, string>>> = {
  fork: 'Let pull requests into roles that may do no harm only; a condition cannot leave forks out.',
  'no-subject': "Switch it on again in the organization's OpenID Connect settings of Semaphore.",
  unknown: 'Look for a newer sem-aws-login.',
};
