import { allHeld, anyHeld, type Held } from './held.ts';
import type { WebIdentityLogin } from './request-context.ts';
import { applies, evaluateStatement, type StatementTrace } from './statement-evaluation.ts';
import { actionsNeededBy, type WebIdentityAction } from './token-claims.ts';
import type { TrustPolicy } from './trust-policy.ts';

/** `unknown` whenever something that only AWS knows could turn the answer. */
export type Outcome = 'allowed' | 'refused' | 'unknown';

/** A part of a statement that the decision hangs on. */
export type DecidingPart =
  /** The whole statement applies: an explicit Deny, or the Allow that lets the job in. */
  | { readonly statement: number; readonly part: 'statement' }
  | { readonly statement: number; readonly part: 'principal' | 'action' }
  | { readonly statement: number; readonly part: 'condition'; readonly condition: number };

/** What a policy decides of one action, and by which of its parts. */
export interface ActionDecision {
  readonly action: WebIdentityAction;
  readonly outcome: Outcome;
  readonly reason: 'explicit-deny' | 'allow' | 'no-allow' | 'unknown';
  /**
   * For `explicit-deny` and `allow` the statements that apply; for `no-allow` what failed in the Allow statements that
   * come nearest (none if there is no Allow); for `unknown` what is not known.
   */
  readonly deciding: readonly DecidingPart[];
}

/** Whether a trust policy lets a login in, and why. It says nothing of the provider's own list of audiences. */
export interface TrustDecision {
  readonly outcome: Outcome;
  /** One for each action that this token needs; the login needs all of them. */
  readonly actions: readonly ActionDecision[];
  readonly statements: readonly StatementTrace[];
}

/**
 * Holds a trust policy against a login as IAM does: an explicit Deny wins, then an Allow is needed. Never throws.
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
  const denied = anyHeld(denies.map((statement) => applies(statement, action)));
  const allowed = anyHeld(allows.map((statement) => applies(statement, action)));
  if (denied === 'yes') {
    return { action, outcome: 'refused', reason: 'explicit-deny', deciding: applying(denies, action) };
  }
  if (allowed === 'no') return { action, outcome: 'refused', reason: 'no-allow', deciding: failing(allows, action) };
  if (denied === 'no' && allowed === 'yes') {
    return { action, outcome: 'allowed', reason: 'allow', deciding: applying(allows, action) };
  }
  const open = allowed === 'yes' ? denies : statements;
  return { action, outcome: 'unknown', reason: 'unknown', deciding: partsThat('unknown', open, action) };
}

function applying(statements: readonly StatementTrace[], action: WebIdentityAction): DecidingPart[] {
  const those = statements.filter((statement) => applies(statement, action) === 'yes');
  return those.map(({ index }) => ({ statement: index, part: 'statement' }));
}

// A statement for another provider, or for another action, is not what the reader should mend: of all Allow
// statements those count whose principal and action hold; failing that, those whose action holds; failing that, all.
function failing(allows: readonly StatementTrace[], action: WebIdentityAction): DecidingPart[] {
  const forAction = allows.filter((statement) => heldForAction(statement, action) !== 'no');
  const nearest = forAction.filter((statement) => statement.principal.held !== 'no');
  const those = [nearest, forAction, allows].find((group) => group.length > 0) ?? [];
  return those.flatMap((statement) => partsOf(statement, 'no', action));
}

function partsThat(held: Held, statements: readonly StatementTrace[], action: WebIdentityAction): DecidingPart[] {
  const those = statements.filter((statement) => applies(statement, action) === held);
  return those.flatMap((statement) => partsOf(statement, held, action));
}

function partsOf(statement: StatementTrace, held: Held, action: WebIdentityAction): DecidingPart[] {
  const { index } = statement;
  const parts: DecidingPart[] = [];
  if (statement.principal.held === held) parts.push({ statement: index, part: 'principal' });
  if (heldForAction(statement, action) === held) parts.push({ statement: index, part: 'action' });
  statement.conditions.forEach((condition, i) => {
    if (condition.held === held) parts.push({ statement: index, part: 'condition', condition: i });
  });
  return parts;
}

function heldForAction(statement: StatementTrace, action: WebIdentityAction): Held {
  return allHeld(statement.actions.filter((entry) => entry.action === action).map((entry) => entry.held));
}
