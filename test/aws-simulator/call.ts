import type { Accounts, Role } from './account.ts';
import type { Content } from './answer.ts';
import type { Parameters } from './parameters.ts';
import type { Identity, SessionFacts, Sessions } from './sessions.ts';
import type { WireRequest } from './signature.ts';
import { validationError } from './sts-error.ts';

/** A request with everything that an action needs to decide. */
export interface Call {
  readonly parameters: Parameters;
  readonly wire: WireRequest;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  /** The real address of each issuer's discovery document, by issuer. */
  readonly discovery: ReadonlyMap<string, string>;
  readonly now: Date;
}

/** An action of STS: returns the content of its result element, or throws a `StsError`. */
export type Action = (call: Call) => Promise<Content> | Content;

/**
 * Returns the session's duration in seconds, an hour by default. Throws if it exceeds the role's
 * maximum.
 */
export function durationOf(parameters: Parameters, role: Role): number {
  const duration = Number(parameters.get('DurationSeconds') ?? 3600);
  if (duration > (role.maxSessionDuration ?? 3600)) {
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return role.sessionSeconds ?? duration;
}

export function credentialsOf(issued: Identity & { readonly session: SessionFacts }): Content {
  return {
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey,
    SessionToken: issued.session.token,
    Expiration: issued.session.expiration.toISOString().replace(/\.\d+Z$/, 'Z'),
  };
}
