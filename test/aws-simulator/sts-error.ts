/**
 * An error answer. The client gets AWS's `code`, `status` and `message`, but not `reason`, the real
 * cause: AWS does not say it, and explanations must not depend on it.
 */
export class StsError extends Error {
  readonly code: string;
  readonly status: number;
  readonly reason: string;

  constructor(code: string, status: number, message: string, reason: string = message) {
    super(message);
    this.code = code;
    this.status = status;
    this.reason = reason;
  }
}

/**
 * Returns a 403 with STS's message, which is the same for every condition and for a missing role.
 */
export function notAuthorized(action: string, reason: string): StsError {
  return new StsError('AccessDenied', 403, `Not authorized to perform ${action}`, reason);
}

/** Returns a 400 for an invalid token. */
export function invalidIdentityToken(message: string, reason: string = message): StsError {
  return new StsError('InvalidIdentityToken', 400, message, reason);
}

/** Returns a 400 for a parameter outside its limits. */
export function validationError(message: string): StsError {
  return new StsError('ValidationError', 400, message);
}
