import { type ConditionTrace, evaluateCondition } from './condition-evaluation.ts';
import { allHeld, anyHeld, type Held, heldIf } from './held.ts';
import { matchesPatternIgnoringCase, parsePattern } from './pattern.ts';
import { issuerHostOf, type WebIdentityLogin } from './request-context.ts';
import type { WebIdentityAction } from './token-claims.ts';
import type { Location, PrincipalElement, PrincipalEntry, Statement, TrustPolicy } from './trust-policy.ts';

/** What became of one statement. It applies to an action when principal, that action and every condition held. */
export interface StatementTrace {
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly principal: {
    readonly wants: readonly string[];
    /** The provider of this token; without a role its account is not known. */
    readonly has: string | undefined;
    readonly held: Held;
    readonly at: Location;
  };
  readonly actions: readonly { readonly action: WebIdentityAction; readonly held: Held }[];
  readonly actionAt: Location;
  readonly conditions: readonly ConditionTrace[];
  readonly at: Location;
}

/** The provider by which this login is vouched for; undefined without an issuer or a role. */
export function providerArnOf(login: WebIdentityLogin): string | undefined {
  const host = issuerHostOf(login.claims);
  if (host === undefined || login.role === undefined) return undefined;
  return `arn:${login.role.partition}:iam::${login.role.account}:oidc-provider/${host}`;
}

/** Holds one statement against a login, for each of the actions. */
export function evaluateStatement(
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
      has: providerArnOf(login) ?? issuerHostOf(login.claims),
      held: principalHeld(principal, login),
      at: principal.at,
    },
    actions: actions.map((wanted) => ({ action: wanted, held: actionHeld(action, wanted) })),
    actionAt: action.at,
    conditions: statement.conditions.map((condition) => evaluateCondition(condition, login, version)),
    at: statement.at,
  };
}

/** Whether a statement's effect applies to an action. */
export function applies(trace: StatementTrace, action: WebIdentityAction): Held {
  const forAction = trace.actions.find((entry) => entry.action === action)?.held ?? 'no';
  return allHeld([trace.principal.held, forAction, ...trace.conditions.map((condition) => condition.held)]);
}

/**
 * Whether `Action` or `NotAction` takes an action in. Names of actions and of their service have no case.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function actionHeld({ negated, patterns }: Statement['action'], action: WebIdentityAction): Held {
  const matches = patterns.map((pattern) =>
    matchesPatternIgnoringCase(parsePattern(pattern, { wildcards: true, variables: false }), action),
  );
  const matched = anyHeld(matches) === 'yes';
  return heldIf(matched !== negated);
}

// AWS advises against NotPrincipal, since it also weighs the account and the session of a principal in a way that
// its documentation leaves open, so nothing is concluded from it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
function principalHeld({ negated, everyone, entries }: PrincipalElement, login: WebIdentityLogin): Held {
  if (negated) return 'unknown';
  if (everyone) return 'yes';
  return anyHeld(entries.map((entry) => entryHeld(entry, login)));
}

// A token comes from a Federated principal. Accounts, users, roles and services never are one; whether `*` under
// "AWS" or "Federated" takes in a web identity is not documented, only the plain "*" is said to be everyone.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
function entryHeld({ type, value }: PrincipalEntry, login: WebIdentityLogin): Held {
  if (value === '*') return type === 'AWS' || type === 'Federated' ? 'unknown' : 'no';
  if (type !== 'Federated') return 'no';
  const host = issuerHostOf(login.claims);
  if (host === undefined) return 'unknown';
  const wanted = providerArnOf(login) ?? /arn:[^:]*:iam::[^:]*:oidc-provider\//.exec(value)?.[0].concat(host);
  if (value === wanted) return 'yes';
  // Whether IAM regards case in a provider's host is not documented.
  return value.toLowerCase() === wanted?.toLowerCase() ? 'unknown' : 'no';
}
