import { Refusal } from './refusal.ts';

/**
 * The errors of STS that may be asked for by name, with their status and words: AWS's own where people have quoted them
 * in public; those of the two `IDP…` errors are not.
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

/** The name of an error in {@link namedErrors}. */
export type ErrorName = keyof typeof namedErrors;

/** What goes wrong with a request instead of its true answer, or around it. */
export type FaultKind =
  /** The named error, in STS's XML, in the usual words or in others. */
  | { readonly kind: 'error'; readonly name: ErrorName; readonly message?: string }
  /** The request is read and never answered. */
  | { readonly kind: 'hang' }
  /** The connection is cut: before the answer, or in the middle of its body. */
  | { readonly kind: 'break-off'; readonly when: 'before' | 'middle' }
  /** An answer that is not STS's: a gateway's page, a captive proxy's, or nothing. */
  | { readonly kind: 'body'; readonly status: number; readonly contentType?: string; readonly body: string }
  /** The true answer, late. */
  | { readonly kind: 'delay'; readonly milliseconds: number }
  /** The true answer by a clock that is wrong: `Date`, and all that STS judges by time. */
  | { readonly kind: 'clock'; readonly seconds: number };

/** A fault for the next requests: for as many as `times` says (one if absent), for one action only if it is named. */
export type Fault = FaultKind & { readonly times?: number | 'always'; readonly action?: string };

/** Bodies that a client may meet in place of STS's. */
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

/** The faults that are still to come, in the order in which they were asked for. */
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

  /** The fault for a request of this action, if one is due; it is used up by that. */
  take(action: string): Fault | undefined {
    const due = this.#faults.find(({ fault }) => fault.action === undefined || fault.action === action);
    if (due === undefined) return undefined;
    due.left -= 1;
    if (due.left <= 0) this.#faults = this.#faults.filter((entry) => entry !== due);
    return due.fault;
  }
}

/** The refusal that an `error` fault asks for. */
export function refusalOf(name: ErrorName, message?: string): Refusal {
  const [status, usual] = namedErrors[name];
  return new Refusal(name, status, message ?? usual, `a fault on demand: ${name}`);
}
