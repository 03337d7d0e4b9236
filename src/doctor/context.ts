import type { TokenClaims } from '../semaphore/claims.ts';
import { parseSubject } from '../semaphore/subject.ts';
import { quote } from '../text/quote.ts';
import { conditionPaste, makeTrustCondition } from '../trust/trust-condition.ts';
import { type FindingOf, type FindingText, makeFindings } from './finding.ts';

/** The kinds of job that a subject distinguishes; `unknown` for a subject of another form. */
type JobContext = 'branch' | 'tag' | 'pull-request' | 'fork' | 'project-debug' | 'no-subject' | 'unknown';

interface ContextFacts {
  readonly context: JobContext;
  readonly claims: TokenClaims;
  /** The fork's name; undefined if the job does not come from one. */
  readonly fork: string | undefined;
}

/** The check of what a trust policy can know about this job. */
export const contextFindings = makeFindings('context', {
  context: ({ context, claims, fork }: ContextFacts) => {
    const condition = makeTrustCondition(claims);
    return {
      ...contextText(context, fork),
      ...(condition === undefined ? {} : { paste: conditionPaste(condition, fork) }),
    };
  },
});

/** Checks which kind of job the subject names. `fork` comes from the environment: the token does not mark forks. */
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
        headline: 'The subject is that of a branch',
        cause: 'Pushes, scheduled tasks, promotions and debug sessions of the branch have the same subject.',
      };
    case 'tag':
      return { headline: 'The subject is that of a tag' };
    case 'pull-request':
      return {
        headline: 'The subject is that of a pull request',
        cause: 'A pull request from a fork has a subject of the same form. Nothing in the token marks a fork.',
      };
    case 'fork':
      return {
        headline: `This job runs the code of the fork ${quote(fork ?? '')}`,
        cause: 'Its token is like the token of any pull request, so a trust policy cannot exclude forks.',
        remedies: ['Allow pull requests only for roles without harmful permissions.'],
      };
    case 'project-debug':
      return {
        headline: 'The subject has no branch: this is a debug session of a project',
        cause: 'A trust policy for a branch, a tag or a pull request does not match it.',
      };
    case 'no-subject':
      return {
        headline: 'The token has no subject',
        cause: 'The organization has switched off the claim "sub". AWS rejects a token without it.',
        remedies: ["Switch it on in Semaphore, in the organization's OpenID Connect settings."],
      };
    case 'unknown':
      return {
        headline: 'The subject has an unknown form',
        cause: "The token's check shows it (--verbose). Compare it with the trust policy.",
        remedies: ['Install a newer sem-aws-login, which can know this form.'],
      };
  }
}
