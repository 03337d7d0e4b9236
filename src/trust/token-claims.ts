/**
 * What a trust policy can see of a token. Every claim may be missing: an organization can switch most of them off.
 * A token without `azp` here is taken to have none; Semaphore's have none.
 */
export interface TrustClaims {
  readonly iss?: string | undefined;
  readonly aud?: string | readonly string[] | undefined;
  readonly sub?: string | undefined;
  readonly azp?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  /**
   * The session tags of the claim `https://aws.amazon.com/tags`; undefined when the token carries none, and STS then
   * asks for no `sts:TagSession`. Of a tag with other than one value only AWS knows what becomes.
   */
  readonly tags?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly transitiveTagKeys?: readonly string[] | undefined;
  /** The names of all claims of the token; without them nothing is concluded from a claim's absence. */
  readonly names?: readonly string[] | undefined;
}

/** The claim by which a token sets a source identity; STS then also wants `sts:SetSourceIdentity` allowed. */
export const sourceIdentityClaim = 'https://aws.amazon.com/source_identity';

/** What a login with a token can need allowed; the first always, the others by what the token carries. */
export type WebIdentityAction = 'sts:AssumeRoleWithWebIdentity' | 'sts:TagSession' | 'sts:SetSourceIdentity';

/**
 * The actions that a login with this token needs. Without the second for a token with tags, STS refuses the whole.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
 */
export function actionsNeededBy(claims: TrustClaims): readonly WebIdentityAction[] {
  const needed: WebIdentityAction[] = ['sts:AssumeRoleWithWebIdentity'];
  if (Object.keys(claims.tags ?? {}).length > 0) needed.push('sts:TagSession');
  if (claims.names?.includes(sourceIdentityClaim)) needed.push('sts:SetSourceIdentity');
  return needed;
}
