import { type AwsFailure, awsExitCodes } from './failures/aws.ts';
import { type FileFailure, fileExitCodes } from './failures/file.ts';
import { type TokenFailure, tokenExitCodes } from './failures/token.ts';
import { type UsageFailure, usageExitCodes } from './failures/usage.ts';

/** Every expected failure, as the facts for its explanation. No fact is ever the token or a key. */
export type FailureFacts = UsageFailure | TokenFailure | FileFailure | AwsFailure;

/** The name of a kind of failure. */
export type FailureKind = FailureFacts['kind'];

/** The facts of one kind of failure. */
export type FactsOf<K extends FailureKind> = Extract<FailureFacts, { kind: K }>;

/** The exit codes that are documented. 130 is never used: Semaphore ends the whole job on it. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 143;

const exitCodes = {
  ...usageExitCodes,
  ...tokenExitCodes,
  ...fileExitCodes,
  ...awsExitCodes,
} satisfies Record<FailureKind, ExitCode>;

/** Returns the exit code with which a failure ends the program. */
export function exitCodeOf({ kind }: FailureFacts): (typeof exitCodes)[FailureKind] {
  return exitCodes[kind];
}

/** An expected failure. Thrown where it is found, caught once by `run`, and worded in `explain/`. */
export class Failure extends Error {
  readonly facts: FailureFacts;

  constructor(facts: FailureFacts) {
    super(facts.kind);
    this.name = 'Failure';
    this.facts = facts;
  }
}
