import type { ConditionOperator } from './condition-operator.ts';
import { allHeld, anyHeld, type Held, heldIf, notHeld } from './held.ts';
import { matchesPattern, matchesPatternIgnoringCase, parsePattern } from './pattern.ts';
import { type KeyState, type KeyUnknown, keyStateOf, type WebIdentityLogin } from './request-context.ts';
import type { Condition, Location, TrustPolicy } from './trust-policy.ts';

/** Why it is not known whether a condition holds. */
export type ConditionUnknown =
  | KeyUnknown
  /** Arn…, Numeric…, Date…, IpAddress, BinaryEquals, or an operator that AWS does not have. */
  | 'unsupported-operator'
  /** A value with a policy variable, `${…}`. */
  | 'policy-variable'
  /** A key with a list, tested without ForAnyValue or ForAllValues: AWS does not say what comes of it. */
  | 'list-without-set-operator'
  /** A combination for which AWS documents no result, such as NullIfExists or a Bool on a key that is no boolean. */
  | 'undocumented';

/** What became of one condition: what the policy wants, what the request has, whether it held. */
export interface ConditionTrace {
  readonly operator: string;
  readonly key: string;
  readonly wants: readonly string[];
  readonly has: KeyState;
  readonly held: Held;
  /** Only when `held` is `unknown`. */
  readonly why?: ConditionUnknown;
  readonly at: Location;
}

type Verdict = Held | ConditionUnknown;

/** Holds one condition of a policy against a login. */
export function evaluateCondition(
  condition: Condition,
  login: WebIdentityLogin,
  version: TrustPolicy['version'],
): ConditionTrace {
  const has = keyStateOf(login, condition.key);
  const wants = condition.values.map((value) => value.text);
  const variable = version === '2012-10-17' && wants.some(hasVariable);
  const verdict = verdictOf(condition, has, version);
  const trace = { operator: condition.operator.name, key: condition.key, wants, has, at: condition.at };
  if (verdict === 'no') return { ...trace, held: 'no' };
  // A variable that AWS cannot resolve makes its whole statement void, even where another value matches.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
  if (verdict === 'yes' && !variable) return { ...trace, held: 'yes' };
  const unexplained = variable ? 'policy-variable' : 'undocumented';
  return { ...trace, held: 'unknown', why: verdict === 'yes' || verdict === 'unknown' ? unexplained : verdict };
}

function hasVariable(want: string): boolean {
  return parsePattern(want, { wildcards: false, variables: true }).pieces === undefined;
}

function verdictOf({ operator, values }: Condition, has: KeyState, version: TrustPolicy['version']): Verdict {
  if (operator.comparison === 'unsupported') return 'unsupported-operator';
  if (has.state === 'unknown') return has.why;
  if (values.length === 0) return 'undocumented';
  const wants = values.map((value) => value.text);
  if (operator.comparison === 'null') return nullVerdict(operator, wants, has);
  if (has.state === 'absent') return absentVerdict(operator);
  if (has.many && operator.set === undefined) return 'list-without-set-operator';
  const one = (value: string) => oneValueVerdict(operator, wants, value, version === '2012-10-17');
  return setVerdict(operator, has.values, one);
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null
function nullVerdict(operator: ConditionOperator, wants: readonly string[], has: KeyState): Verdict {
  const clear = wants.every((want) => /^(?:true|false)$/i.test(want));
  if (!clear || operator.ifExists || operator.set !== undefined) return 'undocumented';
  // `false` asks for a key whose value is not null; whether an empty string is one is not said.
  if (has.state === 'present' && has.values.every((value) => value === '')) return 'undocumented';
  const answer = has.state === 'absent' ? 'true' : 'false';
  return heldIf(wants.some((want) => want.toLowerCase() === answer));
}

// A missing key matches nothing, so what is negated holds; IfExists and ForAllValues hold, ForAnyValue does not.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
function absentVerdict({ negated, ifExists, set }: ConditionOperator): Verdict {
  if (set === 'all') return 'yes';
  if (set === 'any') return ifExists || negated ? 'undocumented' : 'no';
  return heldIf(negated || ifExists);
}

function setVerdict(operator: ConditionOperator, has: readonly string[], one: (value: string) => Held): Held {
  // "If the key values resolve to an empty data set, such as an empty string": ForAllValues holds, ForAnyValue not.
  if (operator.set !== undefined && has.every((value) => value === '')) return heldIf(operator.set === 'all');
  const held = has.map(one);
  return operator.set === 'any' ? anyHeld(held) : allHeld(held);
}

// Several values are an "or", of a negated operator a "nor".
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
function oneValueVerdict(
  { comparison, negated }: ConditionOperator,
  wants: readonly string[],
  value: string,
  variables: boolean,
): Held {
  if (comparison === 'bool') return boolHeld(wants, value);
  const wildcards = comparison === 'like';
  const matches = comparison === 'equals-ignoring-case' ? matchesPatternIgnoringCase : matchesPattern;
  const held = anyHeld(wants.map((want) => matches(parsePattern(want, { wildcards, variables }), value)));
  return negated ? notHeld(held) : held;
}

function boolHeld(wants: readonly string[], value: string): Held {
  const isBoolean = (text: string) => /^(?:true|false)$/i.test(text);
  if (!isBoolean(value) || !wants.every(isBoolean)) return 'unknown';
  return heldIf(wants.some((want) => want.toLowerCase() === value.toLowerCase()));
}
