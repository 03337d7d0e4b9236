import type { ExitCode, FailureFacts } from '../failure.ts';
import type { FindingFacts } from './finding-facts.ts';

/** What is looked at, in the order of the report. */
export const checkNames = [
  'token',
  'context',
  'trust-policy',
  'role',
  'issuer',
  'sts',
  'clock',
  'config',
  'token-file',
  'leftovers',
  'cache',
  'clients',
] as const;
/** One of the checks. */
export type CheckName = (typeof checkNames)[number];

/** `warn`: worth knowing, and nothing that keeps a login from working. */
export type Status = 'ok' | 'warn' | 'fail';

/** What one check found, as data; the words are in `explain/`. Never the token or a key. */
export interface Finding {
  readonly check: CheckName;
  readonly status: Status;
  /** How the program ends if this is the first failure; 0 for what is none. */
  readonly exitCode: ExitCode;
  readonly facts: FindingFacts;
}

/** All is well with this. */
export function ok(check: CheckName, facts: FindingFacts): Finding {
  return { check, status: 'ok', exitCode: 0, facts };
}

/** Worth a look. */
export function warn(check: CheckName, facts: FindingFacts): Finding {
  return { check, status: 'warn', exitCode: 0, facts };
}

/** This keeps something from working. */
export function fail(check: CheckName, exitCode: Exclude<ExitCode, 0>, facts: FindingFacts): Finding {
  return { check, status: 'fail', exitCode, facts };
}

/** A check that ended in one of the failures that a login ends in, too. */
export function failed(check: CheckName, exitCode: ExitCode, failure: FailureFacts): Finding {
  return { check, status: 'fail', exitCode, facts: { kind: 'failure', failure } };
}
