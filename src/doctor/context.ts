import type { TokenClaims } from '../semaphore/claims.ts';
import { parseSubject } from '../semaphore/subject.ts';
import { quote } from '../text/quote.ts';
import { conditionPaste, makeTrustCondition } from '../trust/trust-condition.ts';
import { type FindingOf, type FindingText, makeFindings } from './finding.ts';

/** The situations that a job's subject distinguishes; `unknown` for a form that this program does not know. */
type JobContext = 'branch' | 'tag' | 'pull-request' | 'fork' | 'project-debug' | 'no-subject' | 'unknown';

interface ContextFacts {
  readonly context: JobContext;
  readonly claims: TokenClaims;
  /** The fork's name; undefined if the job does not come from one. */
  readonly fork: string | undefined;
}

/** The check of what a role's trust policy can know about this job. */
export const contextFindings = makeFindings('context', {
  context: ({ context, claims, fork }: ContextFacts) => {
    const condition = makeTrustCondition(claims);
    return {
      ...contextText(context, fork),
      ...(condition === undefined ? {} : { paste: conditionPaste(condition, fork) }),
    };
  },
});

/** Checks which situation the token's subject names. `fork` comes from the environment: the token does not mark forks. */
export function checkContext(claims: TokenClaims, fork: string | undefined): FindingOf<typeof contextFindings> {
  const facts = { context: jobContextOf(claims, fork), claims, fork };
  if (facts.context === 'no-subject') return contextFindings.fail(5, 'context', facts);
  return facts.context === 'fork' || facts.context === 'unknown'
    ? contextFindings.warn('context', facts)
    : contextFindings.ok('context', facts);
}

function jobContextOf(claims: TokenClaims, fork: string | undefined): JobContext {
  if (claims.sub === undefined) return 'no-subject';
  const type = parseSubject(claims.sub)?.refType;
  switch (type) {
    case 'branch':
    case 'tag':
      return type;
    case 'pull-request':
      return fork === undefined ? type : 'fork';
    case '':
      return 'project-debug';
    default:
      return 'unknown';
  }
}

function contextText(context: JobContext, fork: string | undefined): FindingText {
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
        remedies: ['Let pull requests into roles that may do no harm only; a condition cannot leave forks out.'],
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
        remedies: ["Switch it on again in the organization's OpenID Connect settings of Semaphore."],
      };
    case 'unknown':
      return {
        headline: 'The subject has a form that this program does not know',
        cause: "It is shown above; compare it with the policy's.",
        remedies: ['Look for a newer sem-aws-login.'],
      };
  }
}
