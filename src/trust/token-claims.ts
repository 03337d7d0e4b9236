/** The session tags of a token, from its claim `https://aws.amazon.com/tags`. */
export interface SessionTags {
  /** A tag whose value is not one string is `undefined`: present, but not to be compared. */
  readonly principal: Readonly<Record<string, string | undefined>>;
  readonly transitiveKeys: readonly string[];
}

/** What a trust policy can see of a token. Every claim may be missing: an organization can switch most of them off. */
export interface TokenClaims {
  readonly iss?: string;
  readonly aud?: string | readonly string[];
  readonly sub?: string;
  readonly azp?: string;
  readonly amr?: readonly string[];
  /** Absent when the token carries no tags; STS then asks for no `sts:TagSession`. */
  readonly tags?: SessionTags;
  /** The names of all claims of the token, if they are known. */
  readonly names?: readonly string[];
}

const TAGS = 'https://aws.amazon.com/tags';

/** The claim by which a token sets a source identity; STS then also wants `sts:SetSourceIdentity` allowed. */
export const SOURCE_IDENTITY = 'https://aws.amazon.com/source_identity';

/**
 * Takes from a token's payload what a trust policy can see. Claims of another type than expected count as missing.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
 */
export function parseTokenClaims(payload: Readonly<Record<string, unknown>>): TokenClaims {
  const { iss, aud, sub, azp, amr } = payload;
  const tags = parseSessionTags(payload[TAGS]);
  return {
    names: Object.keys(payload),
    ...(typeof iss === 'string' && { iss }),
    ...(typeof aud === 'string' && { aud }),
    ...(isStrings(aud) && { aud }),
    ...(typeof sub === 'string' && { sub }),
    ...(typeof azp === 'string' && { azp }),
    ...(typeof amr === 'string' && { amr: [amr] }),
    ...(isStrings(amr) && { amr }),
    ...(tags && { tags }),
  };
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// AWS writes each tag as a list of one value; a plain string is read alike.
function parseSessionTags(claim: unknown): SessionTags | undefined {
  if (!isRecord(claim)) return undefined;
  const principal = isRecord(claim['principal_tags']) ? claim['principal_tags'] : {};
  const transitive = claim['transitive_tag_keys'];
  const tags = Object.entries(principal).map(([key, value]) => {
    const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return [key, typeof one === 'string' ? one : undefined] as const;
  });
  return { principal: Object.fromEntries(tags), transitiveKeys: isStrings(transitive) ? transitive : [] };
}
