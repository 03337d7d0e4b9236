import { StsError } from './sts-error.ts';

/**
 * STS errors by name, with status and message: AWS's own where published, except for the two `IDP…`
 * errors.
 */
export const namedErrors = {
  AccessDenied: [403, 'Not authorized to perform sts:AssumeRoleWithWebIdentity'],
  ExpiredTokenException: [
    400,
    'Token expired: current date/time 1700000000 must be before the expiration date/time 1699999000',
  ],
  IDPCommunicationError: [400, 'The identity provider could not be reached'],
  IDPRejectedClaim: [403, 'The identity provider reported that authentication failed'],
  InternalFailure: [500, 'An internal error occurred'],
  InvalidIdentityToken: [
    400,
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
  ],
  MalformedPolicyDocument: [400, 'Syntax errors in policy.'],
  PackedPolicyTooLarge: [400, 'Packed policy consumes 118% of allotted space, please use smaller policy.'],
  RegionDisabledException: [
    403,
    'STS is not activated in this region for account:123456789012. Your account administrator can activate STS in this region using the IAM Console.',
  ],
  RequestLimitExceeded: [400, 'Request limit exceeded.'],
  ServiceUnavailable: [503, 'Service is unable to handle request.'],
  Throttling: [400, 'Rate exceeded'],
  ValidationError: [400, '1 validation error detected'],
} as const satisfies Record<string, readonly [number, string]>;

export type ErrorName = keyof typeof namedErrors;

/** What happens to a request instead of the correct answer, or around it. */
export type FaultKind =
  /** The named error as STS's XML, with the usual message or another one. */
  | { readonly kind: 'error'; readonly name: ErrorName; readonly message?: string }
  /** The server reads the request and never answers. */
  | { readonly kind: 'hang' }
  /** The server closes the connection: before the answer, or in the middle of its body. */
  | { readonly kind: 'break-off'; readonly when: 'before' | 'middle' }
  /** An answer that is not from STS: from a gateway, a captive portal, or empty. */
  | { readonly kind: 'body'; readonly status: number; readonly contentType?: string; readonly body: string }
  /** The correct answer, late. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The correct answer by a wrong clock, in `Date` and in everything that STS decides by time. */
  | { readonly kind: 'clock'; readonly seconds: number };

/** A fault for the next `times` requests (default: one), optionally for one action only. */
export type Fault = FaultKind & { readonly times?: number | 'always'; readonly action?: string };

/** Bodies that a client can get instead of STS's. */
export const strangeBodies = {
  empty: { kind: 'body', status: 200, body: '' },
  captivePortal: {
    kind: 'body',
    status: 200,
    contentType: 'text/html',
    body: '<!doctype html><html><title>Welcome</title><body>Please sign in to use this network.</body></html>',
  },
  badGateway: { kind: 'body', status: 502, contentType: 'text/html', body: '<html><h1>502 Bad Gateway</h1></html>' },
} as const satisfies Record<string, FaultKind>;

/** The queue of faults to come. */
export class FaultScript {
  #faults: { readonly fault: Fault; left: number }[] = [];

  add(...faults: readonly Fault[]): void {
    for (const fault of faults) {
      this.#faults.push({ fault, left: fault.times === 'always' ? Number.POSITIVE_INFINITY : (fault.times ?? 1) });
    }
  }

  clear(): void {
    this.#faults = [];
  }

  /** Takes the next fault for a request of this action, if any. */
  take(action: string): Fault | undefined {
    const due = this.#faults.find(({ fault }) => fault.action === undefined || fault.action === action);
    if (due === undefined) return undefined;
    due.left -= 1;
    if (due.left <= 0) this.#faults = this.#faults.filter((entry) => entry !== due);
    return due.fault;
  }
}

export function stsErrorOf(name: ErrorName, message?: string): StsError {
  const [status, usual] = namedErrors[name];
  return new StsError(name, status, message ?? usual, `a fault on demand: ${name}`);
}
