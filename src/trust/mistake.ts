import type { Location } from './trust-policy.ts';

/** Usual mistakes. The first group keeps jobs out, the last lets too many in. */
export type MistakeKind =
  | 'principal-not-federated'
  | 'provider-not-an-arn'
  | 'provider-of-other-host'
  | 'provider-of-other-account'
  | 'action-not-web-identity'
  | 'tag-session-missing'
  | 'key-with-scheme'
  | 'key-with-slash'
  | 'key-of-other-organization'
  | 'audience-with-slash'
  | 'audience-without-scheme'
  | 'audience-of-other-organization'
  | 'audience-of-other-service'
  | 'subject-of-other-organization'
  | 'project-name-for-id'
  | 'owner-in-repository'
  | 'ref-type-for-pull-request'
  | 'ref-without-prefix'
  | 'wildcard-in-equals'
  | 'for-all-values-in-allow'
  | 'no-subject-condition'
  | 'forks-let-in';

export interface TrustMistake {
  readonly kind: MistakeKind;
  readonly at: Location;
  /** The wrong member as JSON, on one line; empty if something is missing. */
  readonly found: string;
  /**
   * The member with all its mistakes fixed, as JSON; an addition if `found` is empty. Undefined if
   * the token does not contain the right value.
   */
  readonly corrected: string | undefined;
}

export interface MistakeText {
  readonly headline: string;
  readonly cause: string;
  /** How to use the corrected line. Default: replace the wrong line with it. */
  readonly remedy?: string;
}

export type MemberValue = string | readonly string[] | { readonly [name: string]: MemberValue };

/** Returns a member of a JSON object on one line. */
export function memberText(name: string, value: MemberValue): string {
  return `${JSON.stringify(name)}: ${valueText(value)}`;
}

function valueText(value: MemberValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(valueText).join(', ')}]`;
  const members = Object.entries(value).map(([name, inner]) => memberText(name, inner));
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
}

// Array.isArray does not narrow a readonly array.
function isList(value: MemberValue): value is readonly string[] {
  return Array.isArray(value);
}
