import type { FailureFacts } from '../failure.ts';
import type { LoginUse } from './client-use.ts';

/**
 * - `logged-in`: every AWS client in this shell uses the login, or does so when its profile is chosen
 * - `not-in-use`: the job is logged in, but not every AWS client in this shell uses the login
 * - `token-expired`, `token-unusable`: nothing renews the login's sessions
 * - `keys-expired`: the exported session keys (`--export static`) have expired
 * - `not-logged-in`: there is no login of this job
 */
export type StatusState =
  | 'logged-in'
  | 'not-in-use'
  | 'token-expired'
  | 'token-unusable'
  | 'keys-expired'
  | 'not-logged-in';

/** The token that renews the login's sessions. */
export interface LoginToken {
  readonly path: string;
  readonly expires: Date | undefined;
  /** Why the token cannot be used. */
  readonly failure: FailureFacts | undefined;
}

/** Returns the state; `use` is undefined without a login. */
export function stateOf(
  token: LoginToken | undefined,
  keysEnd: Date | undefined,
  use: LoginUse | undefined,
  now: Date,
): StatusState {
  if (token === undefined || use === undefined) return 'not-logged-in';
  if (token.expires !== undefined && token.expires <= now) return 'token-expired';
  if (token.failure !== undefined) return 'token-unusable';
  if (keysEnd !== undefined && keysEnd <= now) return 'keys-expired';
  return use.kind === 'all' || use.kind === 'by-profile' ? 'logged-in' : 'not-in-use';
}
