import { type ConditionContext, failedConditionOf } from './condition.ts';

type OneOrMore<T> = T | readonly T[];

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal: '*' | { readonly [kind: string]: OneOrMore<string> };
  readonly Action: OneOrMore<string>;
  readonly Condition?: ConditionBlock;
}

/** Operator, then context key, then the expected value or values. */
export interface ConditionBlock {
  readonly [operator: string]: { readonly [key: string]: OneOrMore<string> };
}

export interface TrustPolicy {
  readonly Version: string;
  readonly Statement: OneOrMore<Statement>;
}

/** A request for a role: `names` are all names by which a policy can allow the principal. */
export interface TrustRequest {
  readonly action: string;
  readonly principal: { readonly kind: 'Federated' | 'AWS'; readonly names: readonly string[] };
  readonly context: ConditionContext;
}

function listOf<T>(value: OneOrMore<T>): readonly T[] {
  // Array.isArray does not narrow a readonly array; this guard does.
  return Array.isArray(value) ? (value as readonly T[]) : [value as T];
}

function actionMatches(pattern: string, action: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 'i').test(action);
}

function principalMatches(statement: Statement, request: TrustRequest): boolean {
  if (statement.Principal === '*') return true;
  const named = statement.Principal[request.principal.kind];
  if (named === undefined) return false;
  return listOf(named).some((name) => name === '*' || request.principal.names.includes(name));
}

/** Returns why a statement does not apply; undefined if it does. */
function mismatchOf(statement: Statement, request: TrustRequest): string | undefined {
  if (!listOf(statement.Action).some((pattern) => actionMatches(pattern, request.action))) {
    return `its actions do not include ${request.action}`;
  }
  if (!principalMatches(statement, request)) {
    return `its principal is not ${request.principal.names.join(' or ')}`;
  }
  return failedConditionOf(statement.Condition ?? {}, request.context);
}

/**
 * Returns why a trust policy denies a request, one sentence for each statement; undefined if it
 * allows it.
 */
export function denialReasonOf(policy: TrustPolicy, request: TrustRequest): string | undefined {
  const mismatches: string[] = [];
  let allowed = false;
  for (const [index, statement] of listOf(policy.Statement).entries()) {
    const name = statement.Sid ?? `statement ${index + 1}`;
    const mismatch = mismatchOf(statement, request);
    if (mismatch !== undefined) mismatches.push(`${name}: ${mismatch}`);
    else if (statement.Effect === 'Deny') return `${name} denies it`;
    else allowed = true;
  }
  return allowed ? undefined : mismatches.join('; ');
}
