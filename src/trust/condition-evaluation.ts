import { sourceIdentityClaim, type TokenClaims } from '../semaphore/claims.ts';
import {
  allTrue,
  anyTrue,
  matchesPattern,
  matchesPatternIgnoringCase,
  negate,
  parsePattern,
  type Truth,
  truthOf,
} from './pattern.ts';
import type { Condition, ConditionOperator, Location, TrustPolicy } from './trust-policy.ts';

/** Why it is not known whether a condition holds. */
export type ConditionUnknown =
  | KeyUnknown
  /** Arn…, Numeric…, Date…, IpAddress, BinaryEquals, or an operator that AWS does not have. */
  | 'unsupported-operator'
  /** A value with a policy variable, `${…}`. */
  | 'policy-variable'
  /** A list, tested without ForAnyValue or ForAllValues: AWS does not document the result. */
  | 'list-without-set-operator'
  /** AWS documents no result: NullIfExists, say, or a Bool on a key that is not a boolean. */
  | 'undocumented';

/** What the policy wants, what the request has, and whether they match. */
export interface ConditionTrace {
  readonly operator: string;
  readonly key: string;
  readonly wants: readonly string[];
  readonly has: KeyState;
  readonly held: Truth;
  /** Only when `held` is `unknown`. */
  readonly why?: ConditionUnknown;
  readonly at: Location;
}

type Verdict = Truth | ConditionUnknown;

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
  // A variable that AWS cannot resolve invalidates the statement, even if another value matches.
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
  // `false` requires a value that is not null. Whether an empty string is null is not documented.
  if (has.state === 'present' && has.values.every((value) => value === '')) return 'undocumented';
  const answer = has.state === 'absent' ? 'true' : 'false';
  return truthOf(wants.some((want) => want.toLowerCase() === answer));
}

// A missing key matches nothing: negated operators, IfExists and ForAllValues are true, ForAnyValue
// is false.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
function absentVerdict({ negated, ifExists, set }: ConditionOperator): Verdict {
  if (set === 'all') return 'yes';
  if (set === 'any') return ifExists || negated ? 'undocumented' : 'no';
  return truthOf(negated || ifExists);
}

function setVerdict(operator: ConditionOperator, has: readonly string[], one: (value: string) => Truth): Truth {
  // "If the key values resolve to an empty data set, such as an empty string": ForAllValues is
  // true, ForAnyValue false.
  if (operator.set !== undefined && has.every((value) => value === '')) return truthOf(operator.set === 'all');
  const held = has.map(one);
  return operator.set === 'any' ? anyTrue(held) : allTrue(held);
}

// Several values are an "or"; with a negated operator, a "nor".
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
function oneValueVerdict(
  { comparison, negated }: ConditionOperator,
  wants: readonly string[],
  value: string,
  variables: boolean,
): Truth {
  if (comparison === 'bool') return boolTruth(wants, value);
  const wildcards = comparison === 'like';
  const matches = comparison === 'equals-ignoring-case' ? matchesPatternIgnoringCase : matchesPattern;
  const held = anyTrue(wants.map((want) => matches(parsePattern(want, { wildcards, variables }), value)));
  return negated ? negate(held) : held;
}

function boolTruth(wants: readonly string[], value: string): Truth {
  const isBoolean = (text: string) => /^(?:true|false)$/i.test(text);
  if (!isBoolean(value) || !wants.every(isBoolean)) return 'unknown';
  return truthOf(wants.some((want) => want.toLowerCase() === value.toLowerCase()));
}

export interface WebIdentityLogin {
  readonly claims: TokenClaims;
  /** From the role's ARN. Without it the account of a policy's provider is not compared. */
  readonly role?: { readonly partition: string; readonly account: string };
  readonly sessionName?: string;
}

export type KeyUnknown =
  /** A key whose value only AWS knows, such as `aws:SourceIp`. */
  | 'only-aws-knows'
  /** A claim for which AWS documents no condition key; some of these keys exist. */
  | 'undocumented-claim'
  /**
   * Not given to the evaluation: the issuer, the session name, or the names of the token's claims.
   */
  | 'not-given'
  /** The audience or a tag has zero or several values, or `azp` names another audience. */
  | 'ambiguous';

/** `many`: the value is a list, which only the set operators can test. */
export type KeyState =
  | { readonly state: 'present'; readonly values: readonly string[]; readonly many: boolean }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly why: KeyUnknown };

const absentKey: KeyState = { state: 'absent' };
const onlyAwsKnows: KeyState = { state: 'unknown', why: 'only-aws-knows' };
const notGiven: KeyState = { state: 'unknown', why: 'not-given' };

/** Returns the issuer without `https://`, as in condition keys and provider ARNs; keeps a path. */
export function issuerHostOf(claims: TokenClaims): string | undefined {
  return claims.iss?.replace(/^https:\/\//, '');
}

/**
 * Returns the state of a condition key in the request of this login. Key names ignore case.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function keyStateOf(login: WebIdentityLogin, key: string): KeyState {
  const name = key.toLowerCase();
  if (name.startsWith('aws:')) return globalKey(login.claims, name.slice('aws:'.length));
  if (name.startsWith('sts:')) return stsKey(login, name.slice('sts:'.length));
  return providerKey(login.claims, name);
}

// A request has only the keys of its own provider, under that provider's host.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
function providerKey(claims: TokenClaims, name: string): KeyState {
  const colon = name.lastIndexOf(':');
  const host = issuerHostOf(claims)?.toLowerCase();
  const looksLikeHost = name.slice(0, colon).includes('.');
  if (!looksLikeHost) return onlyAwsKnows;
  if (host === undefined) return notGiven;
  return name.slice(0, colon) === host ? claimKey(claims, name.slice(colon + 1)) : absentKey;
}

function claimKey(claims: TokenClaims, claim: string): KeyState {
  if (claim === 'sub') return oneOrAbsent(claims.sub);
  if (claim === 'aud') return audienceKey(claims);
  if (claim === 'amr' && claims.amr) return manyOrAbsent(claims.amr);
  // A claim that the token lacks cannot be a key. Others can: `email` is one, though undocumented.
  // https://repost.aws/questions/QUX1SlRBh8TaqOYKoSISv2Mw
  const lacking = claims.names && !claims.names.some((name) => name.toLowerCase() === claim);
  return lacking && claim !== 'oaud' ? absentKey : { state: 'unknown', why: 'undocumented-claim' };
}

// If a token has `azp`, AWS uses it as the key `aud`, and the claim `aud` as `oaud`. This is
// documented for Google's tokens only, so the key is unknown if the two differ.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#ck_aud
function audienceKey({ aud, azp }: TokenClaims): KeyState {
  const audiences = aud === undefined || typeof aud === 'string' ? aud : [...new Set(aud)];
  const one = Array.isArray(audiences) && audiences.length === 1 ? audiences[0] : audiences;
  if (one === undefined && azp === undefined) return absentKey;
  if (typeof one !== 'string' || (azp !== undefined && azp !== one)) return { state: 'unknown', why: 'ambiguous' };
  return oneOrAbsent(one);
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
function globalKey({ tags }: TokenClaims, name: string): KeyState {
  // Always present; the endpoints of STS accept TLS only.
  if (name === 'securetransport') return oneOrAbsent('true');
  if (name === 'tagkeys') return manyOrAbsent(Object.keys(tags ?? {}));
  if (!name.startsWith('requesttag/')) return onlyAwsKnows;
  const wanted = name.slice('requesttag/'.length);
  const found = Object.entries(tags ?? {}).filter(([key]) => key.toLowerCase() === wanted);
  const values = found.flatMap(([, value]) => value);
  return found.length === 0 || values.length === 1 ? oneOrAbsent(values[0]) : { state: 'unknown', why: 'ambiguous' };
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-sts
function stsKey({ claims, sessionName }: WebIdentityLogin, name: string): KeyState {
  switch (name) {
    case 'rolesessionname':
      return sessionName === undefined ? notGiven : oneOrAbsent(sessionName);
    case 'transitivetagkeys':
      if (claims.tags === undefined) return absentKey;
      return claims.transitiveTagKeys ? manyOrAbsent(claims.transitiveTagKeys) : notGiven;
    case 'sourceidentity':
      return claims.names?.includes(sourceIdentityClaim) === false ? absentKey : notGiven;
    // AssumeRoleWithWebIdentity does not have these parameters.
    case 'externalid':
    case 'durationseconds':
    case 'awsservicename':
      return absentKey;
    default:
      return onlyAwsKnows;
  }
}

function oneOrAbsent(value: string | undefined): KeyState {
  return value === undefined ? absentKey : { state: 'present', values: [value], many: false };
}

function manyOrAbsent(values: readonly string[]): KeyState {
  return values.length === 0 ? absentKey : { state: 'present', values, many: true };
}
