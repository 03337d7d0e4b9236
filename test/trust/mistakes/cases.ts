import type { WebIdentityLogin } from '../../../src/trust/condition-evaluation.ts';
import type { MistakeKind } from '../../../src/trust/mistake.ts';
import {
  AUD,
  ISSUER,
  loginOfMain,
  MAIN,
  PROVIDER,
  SUB,
  statement,
  subjectOf,
  tagsOfMain,
} from '../semaphore-policy.ts';

/** A policy, and the mistakes that are found in it. */
export interface Case {
  readonly name: string;
  readonly statements: unknown;
  readonly login?: WebIdentityLogin;
  /** Each mistake as kind, wrong line and corrected line. */
  readonly mistakes: readonly (readonly [MistakeKind, string, string | undefined])[];
}

/** The login of a job whose token carries session tags. */
export const TAGGED = loginOfMain(tagsOfMain());
/** The subject of any branch. */
export const BRANCHES = subjectOf('branch', 'refs/heads/*');
/** Another organization’s host. */
export const RTX = 'rtx.semaphoreci.com';

/** Returns a statement that requires this audience and subject, and `more`. */
export function wanting(sub: unknown, aud: unknown = ISSUER, operator = 'StringEquals', more: object = {}) {
  return statement({ Condition: { [operator]: { [AUD]: aud, [SUB]: sub }, ...more } });
}

export function subject(changes: Record<string, string>): string {
  return Object.entries(changes).reduce((text, [from, to]) => text.replace(from, to), MAIN);
}

/** A subject with one mistake: the corrected line is the job's own subject. */
export function subjectCase(name: string, kind: MistakeKind, wrong: string, right: string = MAIN): Case {
  return { name, statements: wanting(wrong), mistakes: [[kind, `"${SUB}": "${wrong}"`, `"${SUB}": "${right}"`]] };
}

export function audienceCase(name: string, wrong: string, ...kinds: MistakeKind[]): Case {
  const mistakes = kinds.map((kind) => [kind, `"${AUD}": "${wrong}"`, `"${AUD}": "${ISSUER}"`] as const);
  return { name, statements: wanting(MAIN, wrong), mistakes };
}

export function keyCase(name: string, key: string, ...kinds: MistakeKind[]): Case {
  const statements = statement({ Condition: { StringEquals: { [key]: ISSUER, [SUB]: MAIN } } });
  return { name, statements, mistakes: kinds.map((kind) => [kind, `"${key}": "${ISSUER}"`, `"${AUD}": "${ISSUER}"`]) };
}

export function providerCase(name: string, wrong: string, ...kinds: MistakeKind[]): Case {
  const mistakes = kinds.map((kind) => [kind, `"Federated": "${wrong}"`, `"Federated": "${PROVIDER}"`] as const);
  return { name, statements: statement({ Principal: { Federated: wrong } }), mistakes };
}

export function none(name: string, statements: unknown, login = loginOfMain()): Case {
  return { name, statements, login, mistakes: [] };
}
