import type { TokenClaims } from '../token/job-token.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** The situations that a job's subject can tell apart; `unknown` for one that this program has not heard of. */
export type JobContext = 'branch' | 'tag' | 'pull-request' | 'fork' | 'project-debug' | 'no-subject' | 'unknown';

/** Which situation a token's subject names. A fork is told by the environment alone: nothing in the token does. */
function jobContextOf(claims: TokenClaims, fork: string | undefined): JobContext {
  if (claims.sub === undefined) return 'no-subject';
  const type = /:ref_type:([^:]*):ref:/.exec(claims.sub)?.[1];
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

/** What this job is, as far as a role's trust policy can see it. */
export function checkContext(claims: TokenClaims, fork: string | undefined): Finding {
  const context = jobContextOf(claims, fork);
  const facts = { kind: 'context', context, claims, fork } as const;
  if (context === 'no-subject') return fail('context', 5, facts);
  return context === 'fork' || context === 'unknown' ? warn('context', facts) : ok('context', facts);
}
