import { Failure, type FailureFacts } from '../src/failure.ts';

/** The facts of the expected failure that the call throws; anything else it does fails the test. */
export function failureOf(call: () => unknown): FailureFacts {
  try {
    call();
  } catch (error) {
    if (error instanceof Failure) return error.facts;
    throw error;
  }
  throw new Error('No failure was thrown');
}
