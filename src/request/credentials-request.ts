import { Failure } from '../failure.ts';
import { parseAbsolutePath } from './absolute-path.ts';
import { parseChoice } from './choice.ts';
import type { GivenValue } from './given-value.ts';
import { defaultProfile, type TokenPlace, tokenPlaceOf } from './login-request.ts';
import { parseProfileName } from './profile-name.ts';
import type { RawOptions } from './raw-options.ts';
import { parseSeconds } from './seconds.ts';

/** Keys as asked for. */
export interface CredentialsRequest {
  readonly profile: string;
  /** Where the login wrote; undefined to find it by the job's id. */
  readonly jobDirectory: string | undefined;
  /** Only to tell which job this is, where nothing else does. */
  readonly token: TokenPlace;
  /** `process`: AWS's credential_process contract; `env`: lines of NAME=VALUE, as for Docker's --env-file. */
  readonly format: 'process' | 'env';
  /** Milliseconds. */
  readonly timeout: number;
}

/** Throws `Failure` of the usage kinds. */
export function parseCredentialsRequest(options: RawOptions): CredentialsRequest {
  return {
    profile: options.parsed('profile', parseProfileName) ?? defaultProfile,
    jobDirectory: options.parsed('job-directory', parseJobDirectory),
    token: tokenPlaceOf(options),
    format: options.parsed('format', (given) => parseChoice(given, ['process', 'env'])) ?? 'process',
    timeout: 1000 * (options.parsed('timeout', (given) => parseSeconds(given, 1, 900)) ?? 30),
  };
}

// The root that is to be trusted follows from it, two directories above.
function parseJobDirectory(given: GivenValue): string {
  const path = parseAbsolutePath(given);
  if (/[\\/]jobs[\\/][A-Za-z0-9-]{1,64}$/.test(path) && !/[\\/]\.\.?[\\/]/.test(path)) return path;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: "it is no job's directory, whose path ends with /jobs/ and the job's name",
    remedy: 'leave it as the login wrote it',
  });
}
