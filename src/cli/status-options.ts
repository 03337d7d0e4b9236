import type { TokenPlace } from '../semaphore/token.ts';
import type { LoginOption } from './login-options.ts';
import type { Named, Option, Options } from './option.ts';
import { type TokenOption, tokenPlaceOf } from './token-options.ts';

/** The options that only `status` has. */
export const statusOptions = [
  { name: 'json', help: 'print the status as JSON', group: 'Common', commands: ['status'] },
  {
    name: 'verify',
    help: 'also ask STS for a session of each role',
    group: 'Common',
    commands: ['status'],
  },
] as const satisfies readonly Option[];

type StatusOption = (typeof statusOptions)[number];

/** A request to show how this job is logged in. */
export interface StatusRequest {
  readonly json: boolean;
  readonly verify: boolean;
  /** Only identifies the job, where nothing else does. */
  readonly token: TokenPlace;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Throws `Failure` of the usage kinds. */
export function parseStatusRequest(
  options: Options<StatusOption | TokenOption | Named<LoginOption, 'timeout'>>,
): StatusRequest {
  const { json, verify, timeout } = options.values;
  return { json, verify, timeout, token: tokenPlaceOf(options) };
}
