import type { ConditionOperator } from './condition-operator.ts';
import type { JsonFault, Place } from './json-text.ts';

/** Where an element stands: line and column for people, and an RFC 6901 pointer into the policy for programs. */
export interface Location extends Place {
  readonly pointer: string;
}

/** The kinds of principal that IAM knows. */
export type PrincipalType = 'AWS' | 'Federated' | 'Service' | 'CanonicalUser';

/** One principal, such as a provider's ARN under `Federated`. */
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

/** `Action` or (`negated`) `NotAction`. `at` is the whole member. */
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

/** One operator with one key: a policy's `Condition` is the "and" of all of them, so they stand in one flat list. */
export interface Condition {
  readonly operator: ConditionOperator;
  readonly key: string;
  readonly keyAt: Location;
  readonly values: readonly ConditionValue[];
  /** The values stand in `[ ]`. */
  readonly listed: boolean;
  /** The member, key and values. */
  readonly at: Location;
}

/** One statement of a policy. */
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

/** A role's trust policy, as IAM reads it. */
export interface TrustPolicy {
  /** `2008-10-17` when the policy names none: there `${…}` is no variable. */
  readonly version: '2008-10-17' | '2012-10-17';
  readonly statements: readonly Statement[];
}

/** What keeps a text from being a trust policy that IAM would take. */
export type PolicyFault =
  | JsonFault
  | ({ readonly kind: 'not-a-policy' } & Place)
  | ({ readonly kind: 'missing-element'; readonly element: string; readonly pointer: string } & Place)
  | ({
      readonly kind: 'wrong-type';
      readonly element: string;
      readonly wanted: string;
      readonly pointer: string;
    } & Place)
  | ({
      readonly kind: 'wrong-value';
      readonly element: string;
      readonly found: string;
      readonly pointer: string;
    } & Place)
  | ({ readonly kind: 'unknown-element'; readonly element: string; readonly pointer: string } & Place)
  /** `Resource` and `NotResource`: the role itself is the resource. */
  | ({ readonly kind: 'prohibited-element'; readonly element: string; readonly pointer: string } & Place)
  /** Of `Principal` and `NotPrincipal`, or `Action` and `NotAction`, both. */
  | ({ readonly kind: 'contradicting-element'; readonly element: string; readonly pointer: string } & Place);
