/** The claims this program speaks of; each may be absent, since an organization can switch claims off. */
export interface TokenClaims {
  readonly iss: string | undefined;
  readonly aud: string | readonly string[] | undefined;
  readonly sub: string | undefined;
  /** Seconds since the epoch, like `iat` and `nbf`. */
  readonly exp: number | undefined;
  readonly iat: number | undefined;
  readonly nbf: number | undefined;
  readonly jobId: string | undefined;
  readonly jti: string | undefined;
  /** Session tags the token carries for AWS; a role must then allow `sts:TagSession`. */
  readonly tags: Readonly<Record<string, readonly string[]>> | undefined;
  /** `kid` of the JWT's header: which of the issuer's keys signed it. */
  readonly kid: string | undefined;
  /** Semaphore's `job_type` (`pipeline_job`, `debug_job`, …). */
  readonly jobType?: string | undefined;
  /** The names of all claims. */
  readonly names?: readonly string[];
}

/** The claims of a token's payload; one of another type than expected counts as absent. `kid` is the header's. */
export function claimsOf(payload: Readonly<Record<string, unknown>>, kid: unknown): TokenClaims {
  const text = (name: string) => textOf(payload[name]);
  return {
    iss: text('iss'),
    aud: audienceOf(payload['aud']),
    sub: text('sub'),
    exp: numberOf(payload['exp']),
    iat: numberOf(payload['iat']),
    nbf: numberOf(payload['nbf']),
    jobId: text('job_id'),
    jti: text('jti'),
    tags: tagsOf(payload['https://aws.amazon.com/tags']),
    kid: textOf(kid),
    jobType: text('job_type'),
    names: Object.keys(payload),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function audienceOf(value: unknown): string | readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : textOf(value);
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
function tagsOf(value: unknown): TokenClaims['tags'] {
  if (typeof value !== 'object' || value === null || !('principal_tags' in value)) return undefined;
  const tags = value.principal_tags;
  if (typeof tags !== 'object' || tags === null) return undefined;
  return Object.fromEntries(
    Object.entries(tags).map(([key, entry]: [string, unknown]) => [
      key,
      (Array.isArray(entry) ? entry : [entry]).filter((item) => typeof item === 'string'),
    ]),
  );
}

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
