/**
 * A request that STS does not serve. `code`, `status` and `message` go over the wire as AWS words them; `reason`
 * says what was really wrong and stays on this side: STS never tells which condition failed, and neither may a test
 * double that a client's explanations are tried against.
 */
export class Refusal extends Error {
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

/** 403 in STS's own sentence; the same whichever condition failed, and whether or not the role exists. */
export function notAuthorized(action: string, reason: string): Refusal {
  return new Refusal('AccessDenied', 403, `Not authorized to perform ${action}`, reason);
}

/** 400 for a token that STS cannot believe. */
export function invalidIdentityToken(message: string, reason: string = message): Refusal {
  return new Refusal('InvalidIdentityToken', 400, message, reason);
}

/** 400 for a parameter outside its limits, worded by {@link violation}, or by a sentence of its own. */
export function validationError(message: string): Refusal {
  return new Refusal('ValidationError', 400, message);
}
