import type { JsonFault, Position } from '../text/located-json.ts';

/** Line and column for people, an RFC 6901 pointer for programs. */
export interface Location extends Position {
  readonly pointer: string;
}

export type PrincipalType = 'AWS' | 'Federated' | 'Service' | 'CanonicalUser';

export interface PrincipalEntry {
  readonly type: PrincipalType;
  readonly value: string;
  readonly at: Location;
}

/** `Principal` or (`negated`) `NotPrincipal`; `everyone` is the plain `"*"`, without a type. */
export interface PrincipalElement {
  readonly negated: boolean;
  readonly everyone: boolean;
  readonly entries: readonly PrincipalEntry[];
  readonly at: Location;
}

export interface ActionElement {
  readonly negated: boolean;
  readonly patterns: readonly string[];
  readonly at: Location;
}

/** One value of a condition; a number or boolean as its text. */
export interface ConditionValue {
  readonly text: string;
  readonly at: Location;
}

/**
 * One operator with one key. A policy's `Condition` is the "and" of all, so they form one flat
 * list.
 */
export interface Condition {
  readonly operator: ConditionOperator;
  readonly key: string;
  readonly keyAt: Location;
  readonly values: readonly ConditionValue[];
  /** The policy writes the values in `[ ]`. */
  readonly listed: boolean;
  /** The member, key and values. */
  readonly at: Location;
}

export interface Statement {
  /** Counted from 0, in the order of the policy. */
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principal: PrincipalElement;
  readonly action: ActionElement;
  readonly conditions: readonly Condition[];
  readonly at: Location;
}

export interface TrustPolicy {
  /** `2008-10-17` if the policy names none; `${…}` is not a variable then. */
  readonly version: '2008-10-17' | '2012-10-17';
  readonly statements: readonly Statement[];
}

export type PolicyFault =
  | JsonFault
  | ({ readonly kind: 'not-a-policy' } & Position)
  | ({ readonly kind: 'missing-element'; readonly element: string; readonly pointer: string } & Position)
  | ({
      readonly kind: 'wrong-type';
      readonly element: string;
      readonly wanted: string;
      readonly pointer: string;
    } & Position)
  | ({
      readonly kind: 'wrong-value';
      readonly element: string;
      readonly found: string;
      readonly pointer: string;
    } & Position)
  | ({ readonly kind: 'unknown-element'; readonly element: string; readonly pointer: string } & Position)
  /** `Resource` and `NotResource`: the role itself is the resource. */
  | ({ readonly kind: 'prohibited-element'; readonly element: string; readonly pointer: string } & Position)
  /** Both `Principal` and `NotPrincipal`, or both `Action` and `NotAction`. */
  | ({ readonly kind: 'contradicting-element'; readonly element: string; readonly pointer: string } & Position);

/** Only AWS evaluates `unsupported` ones: Arn…, Numeric…, Date…, IpAddress, Binary. */
export type Comparison = 'equals' | 'equals-ignoring-case' | 'like' | 'bool' | 'null' | 'unsupported';

export interface ConditionOperator {
  /** As the policy writes it. */
  readonly name: string;
  readonly comparison: Comparison;
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly set: 'any' | 'all' | undefined;
}

const comparisons = new Map<string, { readonly comparison: Comparison; readonly negated: boolean }>([
  ['stringequals', { comparison: 'equals', negated: false }],
  ['stringnotequals', { comparison: 'equals', negated: true }],
  ['stringequalsignorecase', { comparison: 'equals-ignoring-case', negated: false }],
  ['stringnotequalsignorecase', { comparison: 'equals-ignoring-case', negated: true }],
  ['stringlike', { comparison: 'like', negated: false }],
  ['stringnotlike', { comparison: 'like', negated: true }],
  ['bool', { comparison: 'bool', negated: false }],
  ['null', { comparison: 'null', negated: false }],
]);

// The plural differs: ForAnyValue, but ForAllValues.
const quantities = [
  ['foranyvalue:', 'any'],
  ['forallvalues:', 'all'],
] as const;

const ifExistsEnding = 'ifexists';

/**
 * Parses an operator's name. Ignores case, as IAM does for policies that it has saved.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function parseConditionOperator(name: string): ConditionOperator {
  const lower = name.toLowerCase();
  const [quantity, set] = quantities.find(([start]) => lower.startsWith(start)) ?? ['', undefined];
  const compared = lower.slice(quantity.length);
  const ifExists = compared.endsWith(ifExistsEnding);
  const known = comparisons.get(ifExists ? compared.slice(0, -ifExistsEnding.length) : compared);
  return { name, comparison: known?.comparison ?? 'unsupported', negated: known?.negated ?? false, ifExists, set };
}
