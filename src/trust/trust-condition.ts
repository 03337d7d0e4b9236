import { actionsNeededBy, type TokenClaims, type WebIdentityAction } from '../semaphore/claims.ts';
import { isMergeCommitRef, parseSubject } from '../semaphore/subject.ts';
import { issuerHostOf } from './condition-evaluation.ts';

/** What a role's trust policy must say for exactly this context to be let in. */
export interface TrustCondition {
  /** The value of the element `Condition`, for a policy of version 2012-10-17. */
  readonly condition: { readonly StringEquals: Readonly<Record<string, string | readonly string[]>> };
  /** What `Action` must allow. */
  readonly actions: readonly WebIdentityAction[];
  /**
   * What the condition pins: `project` for a debug session, `subject` where its form is not one of Semaphore's, `organization` when the
   * token has none, so that any project of it would get in.
   */
  readonly pins: 'branch' | 'tag' | 'pull-request' | 'project' | 'subject' | 'organization';
  /** The ref is a merge commit: the condition fits this state of the pull request only, not its next push. */
  readonly onlyThisCommit: boolean;
}

/**
 * Makes the condition that lets in jobs of exactly this branch, tag or pull request: audience and subject, compared
 * exactly. Undefined for a token without issuer or audience, for which no condition can be written.
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

// A debug session of a project has no ref at all.
function pinsOf(refType: string | undefined): TrustCondition['pins'] {
  if (refType === 'branch' || refType === 'tag' || refType === 'pull-request') return refType;
  return refType === '' ? 'project' : 'subject';
}

// Git allows `${` in the name of a branch, where a policy would take it for a variable.
function literal(text: string): string {
  return text.replaceAll('${', '${$}{');
}
