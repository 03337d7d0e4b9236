import { conditionMistakesOf } from './condition-mistakes.ts';
import type { TrustMistake } from './mistake.ts';
import { opennessMistakesOf } from './openness-mistakes.ts';
import type { WebIdentityLogin } from './request-context.ts';
import { actionMistakesOf, principalMistakesOf, statementsMeantFor } from './statement-mistakes.ts';
import type { TrustPolicy } from './trust-policy.ts';

/**
 * The usual mistakes of a policy in the light of a job's token, in the order of the policy. Statements that are meant
 * for another provider are left in peace, unless all are. Without an issuer nothing is found. Never throws.
 */
export function trustMistakesOf(policy: TrustPolicy, login: WebIdentityLogin): readonly TrustMistake[] {
  const meant = statementsMeantFor(policy.statements, login);
  if (meant.length === 0) {
    const allows = policy.statements.filter((statement) => statement.effect === 'Allow');
    return allows.flatMap((statement) => principalMistakesOf(statement, login));
  }
  const allows = meant.filter((statement) => statement.effect === 'Allow');
  const mistakes = [
    ...allows.flatMap((statement) => principalMistakesOf(statement, login)),
    ...actionMistakesOf(meant, login),
    ...meant.flatMap((statement) => conditionMistakesOf(statement, login)),
    ...opennessMistakesOf(policy, meant, login),
  ];
  return mistakes.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
}
