import { makeProviderArn, parseProviderArn } from '../aws/arn.ts';
import { actionsNeededBy, type WebIdentityAction } from '../semaphore/claims.ts';
import { type ConditionTrace, evaluateCondition, issuerHostOf, type WebIdentityLogin } from './condition-evaluation.ts';
import { allTrue, anyTrue, matchesPatternIgnoringCase, parsePattern, type Truth, truthOf } from './pattern.ts';
import type { Location, PrincipalElement, PrincipalEntry, Statement, TrustPolicy } from './trust-policy.ts';

/** `unknown` if something that only AWS knows can change the outcome. */
export type Outcome = 'allowed' | 'refused' | 'unknown';

export type DecidingPart =
  /** The whole statement applies: an explicit Deny, or the Allow that lets the job in. */
  | { readonly statement: number; readonly part: 'statement' }
  | { readonly statement: number; readonly part: 'principal' | 'action' }
  | { readonly statement: number; readonly part: 'condition'; readonly condition: number };

export interface ActionDecision {
  readonly action: WebIdentityAction;
  readonly outcome: Outcome;
  /**
   * For an explicit deny or an allow: the statements that apply. Without an allow: what does not match in the
   * nearest Allow statements, if any. For `unknown`: the parts that are unknown.
   */
  readonly deciding: readonly DecidingPart[];
}

/** Does not cover the provider's own list of audiences. */
export interface TrustDecision {
  readonly outcome: Outcome;
  /** One for each action that this token needs; the login needs all of them. */
  readonly actions: readonly ActionDecision[];
  readonly statements: readonly StatementTrace[];
}

/**
 * Evaluates a trust policy for a login as IAM does: an explicit Deny wins, then an Allow is needed.
 * Never throws.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluateTrustPolicy(policy: TrustPolicy, login: WebIdentityLogin): TrustDecision {
  const needed = actionsNeededBy(login.claims);
  const statements = policy.statements.map((one) => evaluateStatement(one, login, needed, policy.version));
  const actions = needed.map((action) => decide(action, statements));
  return { outcome: outcomeOf(actions), actions, statements };
}

function outcomeOf(actions: readonly ActionDecision[]): Outcome {
  if (actions.some((action) => action.outcome === 'refused')) return 'refused';
  return actions.every((action) => action.outcome === 'allowed') ? 'allowed' : 'unknown';
}

function decide(action: WebIdentityAction, statements: readonly StatementTrace[]): ActionDecision {
  const denies = statements.filter((statement) => statement.effect === 'Deny');
  const allows = statements.filter((statement) => statement.effect === 'Allow');
  const denied = anyTrue(denies.map((statement) => applies(statement, action)));
  const allowed = anyTrue(allows.map((statement) => applies(statement, action)));
  if (denied === 'yes') {
    return { action, outcome: 'refused', deciding: applying(denies, action) };
  }
  if (allowed === 'no') return { action, outcome: 'refused', deciding: failing(allows, action) };
  if (denied === 'no' && allowed === 'yes') {
    return { action, outcome: 'allowed', deciding: applying(allows, action) };
  }
  const open = allowed === 'yes' ? denies : statements;
  return { action, outcome: 'unknown', deciding: partsThat('unknown', open, action) };
}

function applying(statements: readonly StatementTrace[], action: WebIdentityAction): DecidingPart[] {
  const those = statements.filter((statement) => applies(statement, action) === 'yes');
  return those.map(({ index }) => ({ statement: index, part: 'statement' }));
}

// Report what the user most likely meant: statements whose principal and action match; if none,
// those whose action matches; if none, all.
function failing(allows: readonly StatementTrace[], action: WebIdentityAction): DecidingPart[] {
  const forAction = allows.filter((statement) => actionTruth(statement, action) !== 'no');
  const nearest = forAction.filter((statement) => statement.principal.held !== 'no');
  const those = [nearest, forAction, allows].find((group) => group.length > 0) ?? [];
  return those.flatMap((statement) => partsOf(statement, 'no', action));
}

function partsThat(held: Truth, statements: readonly StatementTrace[], action: WebIdentityAction): DecidingPart[] {
  const those = statements.filter((statement) => applies(statement, action) === held);
  return those.flatMap((statement) => partsOf(statement, held, action));
}

function partsOf(statement: StatementTrace, held: Truth, action: WebIdentityAction): DecidingPart[] {
  const { index } = statement;
  const parts: DecidingPart[] = [];
  if (statement.principal.held === held) parts.push({ statement: index, part: 'principal' });
  if (actionTruth(statement, action) === held) parts.push({ statement: index, part: 'action' });
  statement.conditions.forEach((condition, i) => {
    if (condition.held === held) parts.push({ statement: index, part: 'condition', condition: i });
  });
  return parts;
}

function actionTruth(statement: StatementTrace, action: WebIdentityAction): Truth {
  return allTrue(statement.actions.filter((entry) => entry.action === action).map((entry) => entry.held));
}

/** Applies to an action if principal, action and every condition match. */
export interface StatementTrace {
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principal: {
    readonly wants: readonly string[];
    /** The token's provider; without a role only its host. */
    readonly has: string | undefined;
    readonly held: Truth;
    readonly at: Location;
  };
  readonly actions: readonly { readonly action: WebIdentityAction; readonly held: Truth }[];
  readonly actionAt: Location;
  readonly conditions: readonly ConditionTrace[];
  readonly at: Location;
}

/** Returns the ARN of the login's provider; undefined without an issuer or a role. */
export function loginProviderArn(login: WebIdentityLogin): string | undefined {
  const host = issuerHostOf(login.claims);
  if (host === undefined || login.role === undefined) return undefined;
  return makeProviderArn({ ...login.role, host });
}

function evaluateStatement(
  statement: Statement,
  login: WebIdentityLogin,
  actions: readonly WebIdentityAction[],
  version: TrustPolicy['version'],
): StatementTrace {
  const { principal, action } = statement;
  return {
    index: statement.index,
    sid: statement.sid,
    effect: statement.effect,
    principal: {
      wants: principal.everyone ? ['*'] : principal.entries.map((entry) => entry.value),
      has: loginProviderArn(login) ?? issuerHostOf(login.claims),
      held: principalMatches(principal, login),
      at: principal.at,
    },
    actions: actions.map((wanted) => ({ action: wanted, held: actionMatches(action, wanted) })),
    actionAt: action.at,
    conditions: statement.conditions.map((condition) => evaluateCondition(condition, login, version)),
    at: statement.at,
  };
}

/** Whether a statement's effect applies to an action. */
export function applies(trace: StatementTrace, action: WebIdentityAction): Truth {
  const forAction = trace.actions.find((entry) => entry.action === action)?.held ?? 'no';
  return allTrue([trace.principal.held, forAction, ...trace.conditions.map((condition) => condition.held)]);
}

/**
 * Whether `Action` or `NotAction` covers an action. Ignores case.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function actionMatches({ negated, patterns }: Statement['action'], action: WebIdentityAction): Truth {
  const matches = patterns.map((pattern) =>
    matchesPatternIgnoringCase(parsePattern(pattern, { wildcards: true, variables: false }), action),
  );
  const matched = anyTrue(matches) === 'yes';
  return truthOf(matched !== negated);
}

// AWS advises against NotPrincipal. It also covers the account and session of a principal, in an
// undocumented way, so the result is unknown.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
function principalMatches({ negated, everyone, entries }: PrincipalElement, login: WebIdentityLogin): Truth {
  if (negated) return 'unknown';
  if (everyone) return 'yes';
  return anyTrue(entries.map((entry) => entryMatches(entry, login)));
}

// Only a Federated principal matches a token. Only the plain "*" is documented as everyone: for `*`
// under "AWS" or "Federated" the result is unknown.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
function entryMatches({ type, value }: PrincipalEntry, login: WebIdentityLogin): Truth {
  if (value === '*') return type === 'AWS' || type === 'Federated' ? 'unknown' : 'no';
  if (type !== 'Federated') return 'no';
  const host = issuerHostOf(login.claims);
  if (host === undefined) return 'unknown';
  const provider = parseProviderArn(value);
  const wanted = loginProviderArn(login) ?? (provider && makeProviderArn({ ...provider, host }));
  if (value === wanted) return 'yes';
  // Whether IAM ignores case in a provider's host is not documented.
  return value.toLowerCase() === wanted?.toLowerCase() ? 'unknown' : 'no';
}
