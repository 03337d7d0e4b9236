import { parseProfileName } from '../aws/names.ts';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import type { TokenPlace } from '../semaphore/token.ts';
import { defaultProfile, type LoginOption } from './login-options.ts';
import type { Named, Option, Options } from './option.ts';
import { type TokenOption, tokenPlaceOf } from './token-options.ts';
import { parseAbsolutePath, parseChoice } from './values.ts';

/**
 * `process`: AWS's credential_process contract; `env`: lines of NAME=VALUE, as for
 * Docker's --env-file.
 */
type CredentialsFormat = 'process' | 'env';

/** The options that only `credentials` has. */
export const credentialsOptions = [
  {
    name: 'profile',
    value: 'NAME',
    help: 'profile name',
    parse: parseProfileName,
    default: defaultProfile,
    group: 'Common',
    commands: ['credentials'],
  },
  {
    name: 'format',
    value: 'FORMAT',
    help: 'output format: process (for credential_process) or env (NAME=VALUE lines)',
    parse: (given) => parseChoice<CredentialsFormat>(given, ['process', 'env']),
    default: 'process',
    group: 'Common',
    commands: ['credentials'],
  },
  {
    name: 'job-directory',
    value: 'PATH',
    help: 'directory of the login, as written in the profile',
    parse: parseJobDirectory,
    otherwise: 'found by the job ID',
    group: 'Profile and files',
    commands: ['credentials', 'logout'],
  },
  {
    name: 'login-id',
    value: 'ID',
    help: 'ID of the login, as written in the profile',
    parse: parseLoginId,
    otherwise: "the login in this shell's config file",
    group: 'Profile and files',
    commands: ['credentials'],
  },
] as const satisfies readonly Option[];

export type CredentialsOption = (typeof credentialsOptions)[number];

/** A request for the keys of a profile. */
export interface CredentialsRequest {
  readonly profile: string;
  /** Where the login wrote; undefined to find it by the job's id. */
  readonly jobDirectory: string | undefined;
  /** Which of the job's logins into this profile; undefined for the one in this shell's config file. */
  readonly loginId: string | undefined;
  /** Only identifies the job, where nothing else does. */
  readonly token: TokenPlace;
  readonly format: CredentialsFormat;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Throws `Failure` of the usage kinds. */
export function parseCredentialsRequest(
  options: Options<CredentialsOption | TokenOption | Named<LoginOption, 'timeout'>>,
): CredentialsRequest {
  const { values } = options;
  return {
    profile: values.profile,
    jobDirectory: values['job-directory'],
    loginId: values['login-id'],
    token: tokenPlaceOf(options),
    format: values.format,
    timeout: values.timeout,
  };
}

// The program trusts the root that follows from this path, two directories above.
function parseJobDirectory(given: GivenValue): string {
  const path = parseAbsolutePath(given);
  if (/[\\/]jobs[\\/][A-Za-z0-9-]{1,64}$/.test(path) && !/[\\/]\.\.?[\\/]/.test(path)) return path;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'it is not the directory of a job, which ends with /jobs/ and the name of the job',
    remedy: 'use the value that the login wrote into the profile',
  });
}

function parseLoginId(given: GivenValue): string {
  if (/^[0-9a-f]{16}$/.test(given.value)) return given.value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'it is not the ID of a login, which has 16 hexadecimal digits',
    remedy: 'use the value that the login wrote into the profile',
  });
}
