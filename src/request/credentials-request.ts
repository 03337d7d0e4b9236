import { Failure } from '../failure.ts';
import { parseAbsolutePath } from './absolute-path.ts';
import { parseChoice } from './choice.ts';
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
  const profile = options.text('profile');
  const directory = options.text('job-directory');
  const format = options.text('format');
  const timeout = options.text('timeout');
  return {
    profile: profile === undefined ? defaultProfile : parseProfileName(profile),
    jobDirectory:
      directory === undefined ? undefined : parseJobDirectory(parseAbsolutePath(directory), directory.source),
    token: tokenPlaceOf(options),
    format: format === undefined ? 'process' : parseChoice(format, ['process', 'env']),
    timeout: 1000 * (timeout === undefined ? 30 : parseSeconds(timeout, 1, 900)),
  };
}

// The root that is to be trusted follows from it, two directories above.
function parseJobDirectory(path: string, source: string): string {
  if (/[\\/]jobs[\\/][A-Za-z0-9-]{1,64}$/.test(path) && !/[\\/]\.\.?[\\/]/.test(path)) return path;
  throw new Failure({
    kind: 'value-invalid',
    source,
    value: path,
    problem: "it is no job's directory, whose path ends with /jobs/ and the job's name",
    remedy: 'leave it as the login wrote it',
  });
}
