import { Failure, type FailureFacts } from '../src/failure.ts';

/** Returns the facts of the failure that the call throws. Any other result fails the test. */
export function failureOf(call: () => unknown): FailureFacts {
  try {
    call();
  } catch (error) {
    if (error instanceof Failure) return error.facts;
    throw error;
  }
  throw new Error('No failure was thrown');
}
