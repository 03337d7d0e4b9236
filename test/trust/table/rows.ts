import type { TokenClaims } from '../../../src/semaphore/claims.ts';
import type { Outcome } from '../../../src/trust/evaluation.ts';
import { claimsOfMain, statement, subjectOf, tagsOfMain } from '../semaphore-policy.ts';

const GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

/** The rules of AWS that the rows come from. */
export const RULE = {
  missing: `${GUIDE}/reference_policies_elements_condition_operators.html (a key that is not there)`,
  string: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_String`,
  bool: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_Boolean`,
  ifExists: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_IfExists`,
  null: `${GUIDE}/reference_policies_elements_condition_operators.html#Conditions_Null`,
  several: `${GUIDE}/reference_policies_condition-logic-multiple-context-keys-or-values.html`,
  sets: `${GUIDE}/reference_policies_condition-single-vs-multi-valued-context-keys.html`,
  keyCase: `${GUIDE}/reference_policies_elements_condition.html (key names have no case)`,
  oidcKeys: `${GUIDE}/reference_policies_iam-condition-keys.html#condition-keys-wif`,
  stsKeys: `${GUIDE}/reference_policies_iam-condition-keys.html#condition-keys-sts`,
  globalKeys: `${GUIDE}/reference_policies_condition-keys.html`,
  variables: `${GUIDE}/reference_policies_variables.html`,
  version: `${GUIDE}/reference_policies_elements_version.html`,
  logic: `${GUIDE}/reference_policies_evaluation-logic.html`,
  principal: `${GUIDE}/reference_policies_elements_principal.html`,
  notPrincipal: `${GUIDE}/reference_policies_elements_notprincipal.html`,
  action: `${GUIDE}/reference_policies_elements_action.html`,
  notAction: `${GUIDE}/reference_policies_elements_notaction.html`,
  tags: `${GUIDE}/id_session-tags.html#id_session-tags_permissions-required`,
  grammar: `${GUIDE}/reference_policies_grammar.html`,
} as const;

/** One policy, evaluated for one token. */
export interface Row {
  readonly name: string;
  readonly rule: keyof typeof RULE;
  readonly statements: unknown;
  /** The version of the policy, 2012-10-17 unless given; an empty text leaves it out. */
  readonly version?: string;
  /** The claims of a job on the branch main unless given. */
  readonly claims?: TokenClaims;
  readonly outcome: Outcome;
  readonly deciding: readonly string[];
}

type Conditions = Record<string, Record<string, unknown>>;
type Changes = Partial<Pick<Row, 'version' | 'claims' | 'deciding'>>;

// A token with tags also needs sts:TagSession, so a row about tags is not decided by its lack.
function when(Condition: Conditions, claims?: TokenClaims): Record<string, unknown> {
  const Action = claims?.tags ? ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'] : 'sts:AssumeRoleWithWebIdentity';
  return statement({ Condition, Action });
}

/** A condition that holds: the statement allows the job. */
export function held(rule: Row['rule'], name: string, condition: Conditions, changes: Changes = {}): Row {
  return { name, rule, statements: when(condition, changes.claims), outcome: 'allowed', deciding: ['#0'], ...changes };
}

// Unless a row says otherwise, the first condition is the one that decides.
function first(condition: Conditions): string[] {
  const [operator, keys] = Object.entries(condition)[0] ?? [];
  return [`#0 ${operator} ${Object.keys(keys ?? {})[0]}`];
}

/** A condition that does not hold: the job is rejected. */
export function unmet(rule: Row['rule'], name: string, condition: Conditions, changes: Changes = {}): Row {
  const statements = when(condition, changes.claims);
  return { name, rule, statements, outcome: 'refused', deciding: first(condition), ...changes };
}

/** A condition that only AWS can evaluate. */
export function open(rule: Row['rule'], name: string, condition: Conditions, changes: Changes = {}): Row {
  return { ...unmet(rule, name, condition, changes), outcome: 'unknown' };
}

const { sub: _, ...NO_SUB } = claimsOfMain();
export const TAGGED = { claims: claimsOfMain(tagsOfMain()) };
export const WITHOUT_SUB = { claims: NO_SUB };
export const DEV = subjectOf('branch', 'refs/heads/dev');
export const TAG_BRANCH = 'aws:RequestTag/branch';

/** A row of whole statements. */
export function row(
  rule: Row['rule'],
  name: string,
  statements: unknown,
  outcome: Outcome,
  ...deciding: string[]
): Row {
  return { name, rule, statements, outcome, deciding };
}
