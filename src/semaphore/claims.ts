/**
 * The claims that this program reads. Any can be missing: an organization can switch most of them
 * off, and a user can describe a token by a few of its claims.
 */
export interface TokenClaims {
  readonly iss?: string | undefined;
  readonly aud?: string | readonly string[] | undefined;
  readonly sub?: string | undefined;
  /** Seconds since the epoch, like `iat` and `nbf`. */
  readonly exp?: number | undefined;
  readonly iat?: number | undefined;
  readonly nbf?: number | undefined;
  readonly jobId?: string | undefined;
  readonly jti?: string | undefined;
  /** Never set for a token that this program read: Semaphore's tokens have no `azp`. */
  readonly azp?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  /**
   * The session tags of the claim `https://aws.amazon.com/tags`; undefined if the token has none.
   * AWS does not document how it treats a tag with zero or several values.
   */
  readonly tags?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly transitiveTagKeys?: readonly string[] | undefined;
  /** `kid` of the JWT's header: which of the issuer's keys signed the token. */
  readonly kid?: string | undefined;
  /** The claim `prj`. */
  readonly project?: string | undefined;
  /** The names of all claims; if undefined, none is known to be absent. */
  readonly names?: readonly string[] | undefined;
}

/** Parses a token's claims; one of an unexpected type counts as absent. `kid` is the header's. */
export function parseClaims(payload: Readonly<Record<string, unknown>>, kid: unknown): TokenClaims {
  const text = (name: string) => stringOrUndefined(payload[name]);
  return {
    iss: text('iss'),
    aud: parseAudience(payload['aud']),
    sub: text('sub'),
    exp: numberOrUndefined(payload['exp']),
    iat: numberOrUndefined(payload['iat']),
    nbf: numberOrUndefined(payload['nbf']),
    jobId: text('job_id'),
    jti: text('jti'),
    tags: parseTags(payload['https://aws.amazon.com/tags']),
    kid: stringOrUndefined(kid),
    project: text('prj'),
    names: Object.keys(payload),
  };
}

function stringOrUndefined(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOrUndefined(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function parseAudience(value: unknown): string | readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : stringOrUndefined(value);
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
function parseTags(value: unknown): TokenClaims['tags'] {
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

/** A token with this claim sets a source identity: the role must allow `sts:SetSourceIdentity`. */
export const sourceIdentityClaim = 'https://aws.amazon.com/source_identity';

/** Actions that a login with a token needs: always the first, the others for some claims. */
export type WebIdentityAction = 'sts:AssumeRoleWithWebIdentity' | 'sts:TagSession' | 'sts:SetSourceIdentity';

/**
 * Returns the actions that a login with this token needs. STS rejects the login unless all are
 * allowed.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_permissions-required
 */
export function actionsNeededBy(claims: TokenClaims): readonly WebIdentityAction[] {
  const needed: WebIdentityAction[] = ['sts:AssumeRoleWithWebIdentity'];
  if (Object.keys(claims.tags ?? {}).length > 0) needed.push('sts:TagSession');
  if (claims.names?.includes(sourceIdentityClaim)) needed.push('sts:SetSourceIdentity');
  return needed;
}
