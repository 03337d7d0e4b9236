import { awsTagsClaim, type Claims } from './claims.ts';
import { membersOf, type Parameters } from './parameters.ts';
import type { SessionFacts } from './sessions.ts';
import { invalidIdentityToken, StsError, validationError } from './sts-error.ts';

/** The tags of a session, and the keys of its transitive tags. */
export interface SessionTags {
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveTagKeys: readonly string[];
}

const none: SessionTags = { tags: new Map(), transitiveTagKeys: [] };

function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Returns a token's session tags:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function tagsOfToken(claims: Claims): SessionTags {
  const claim = claims[awsTagsClaim];
  if (claim === undefined) return none;
  if (!isObject(claim) || !isObject(claim['principal_tags'])) {
    throw invalidIdentityToken('Invalid tags claim', `${awsTagsClaim} has no principal_tags`);
  }
  const tags = new Map<string, string>();
  for (const [key, values] of Object.entries(claim['principal_tags'])) {
    const value = isStringList(values) && values.length === 1 ? values[0] : undefined;
    if (value === undefined) throw invalidIdentityToken('Invalid tags claim', `${key} is not a list of one string`);
    tags.set(key, value);
  }
  const transitive = claim['transitive_tag_keys'];
  return { tags, transitiveTagKeys: isStringList(transitive) ? transitive : [] };
}

export function tagsOfParameters(parameters: Parameters): SessionTags {
  const keys = membersOf(parameters, 'Tags', '.Key');
  if (keys.length > 50) {
    throw validationError(
      "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
    );
  }
  const tags = new Map(keys.map((key, index) => [key, parameters.get(`Tags.member.${index + 1}.Value`) ?? '']));
  return { tags, transitiveTagKeys: membersOf(parameters, 'TransitiveTagKeys') };
}

/** Adds the caller's transitive tags, which a request cannot override. */
export function inheritTags(asked: SessionTags, session: SessionFacts | undefined): SessionTags {
  const transitive = session?.transitiveTagKeys ?? [];
  if (transitive.some((key) => asked.tags.has(key))) {
    throw new StsError(
      'InvalidParameterValue',
      400,
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  const inherited = transitive.map((key) => [key, session?.tags.get(key) ?? ''] as const);
  return {
    tags: new Map([...asked.tags, ...inherited]),
    transitiveTagKeys: [...new Set([...asked.transitiveTagKeys, ...transitive])],
  };
}

/** Returns the context keys for tags in a trust policy. */
export function tagContextOf({
  tags,
  transitiveTagKeys,
}: SessionTags): readonly (readonly [string, readonly string[]])[] {
  const context: (readonly [string, readonly string[]])[] = [...tags].map(([key, value]) => [
    `aws:RequestTag/${key}`,
    [value],
  ]);
  if (tags.size > 0) context.push(['aws:TagKeys', [...tags.keys()]]);
  if (transitiveTagKeys.length > 0) context.push(['sts:TransitiveTagKeys', transitiveTagKeys]);
  return context;
}
