import type { RoleArn } from '../aws/arn.ts';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import type { TokenPlace } from '../semaphore/token.ts';
import type { SessionOptions } from '../sts/role-chain.ts';
import type { Environment } from '../world/world.ts';
import type { CredentialsOption } from './credentials-options.ts';
import {
  type ExportForm,
  type LoginOption,
  type RequestedRole,
  regionOf,
  type Shell,
  usualShellOf,
} from './login-options.ts';
import type { Named, OptionOf, Options } from './option.ts';
import { parseSessionOptions, type SessionOption } from './session-options.ts';
import { type TokenOption, tokenPlaceOf } from './token-options.ts';

/** A login with every option valid, and nothing read from disk yet. Times in milliseconds. */
export interface LoginRequest {
  /** One role, or those of `--role`. */
  readonly roles: readonly [RequestedRole, ...RequestedRole[]];
  /** Whether commands choose a profile by its name, and no profile is the job's identity. */
  readonly several: boolean;
  readonly session: SessionOptions;
  readonly region: GivenValue | undefined;
  /** Undefined for the name that is made from the job's id. */
  readonly sessionName: string | undefined;
  readonly token: TokenPlace;
  readonly exports: ExportForm;
  readonly shell: Shell;
  /** Undefined to decide by the kind of agent. */
  readonly isolated: boolean | undefined;
  readonly overwriteProfile: boolean;
  readonly verify: boolean;
  readonly wait: number;
  readonly timeout: number;
  readonly quiet: boolean;
}

type LoginCommandOptions = Options<OptionOf<LoginOption, 'login'> | SessionOption | TokenOption>;
type ExecCommandOptions = Options<OptionOf<LoginOption, 'exec'> | SessionOption | TokenOption>;

/** Throws `Failure` of the usage kinds. */
export function parseLoginRequest(
  options: LoginCommandOptions,
  environment: Environment,
  platform: NodeJS.Platform,
): LoginRequest {
  const { values } = options;
  const request = parseSharedRequest(options, environment);
  refuseLoginConflicts(options);
  return {
    ...request,
    shell: values.shell ?? usualShellOf(platform),
    isolated: values.isolated ? true : values['shared-config'] ? false : undefined,
    overwriteProfile: values['overwrite-profile'],
  };
}

/** A command to run with a login of its own. */
export interface ExecRequest {
  readonly login: LoginRequest;
  readonly command: string;
  readonly args: readonly string[];
}

/** Throws `Failure` of the usage kinds. */
export function parseExecRequest(
  options: ExecCommandOptions,
  operands: readonly string[],
  environment: Environment,
  platform: NodeJS.Platform,
): ExecRequest {
  const [command, ...args] = operands;
  if (command === undefined) throw new Failure({ kind: 'command-missing' });
  const request = parseSharedRequest(options, environment);
  if (request.exports === 'none')
    throw new Failure({
      kind: 'flags-conflict',
      flags: ['exec', '--export none'],
      why: 'the command finds the login through its environment only',
    });
  const login = { ...request, shell: usualShellOf(platform), isolated: undefined, overwriteProfile: false };
  return { login, command, args };
}

/** A logout. The token only identifies the job, where no variable does. */
export interface LogoutRequest {
  /** The job's directory; undefined for the job of this process. */
  readonly jobDirectory: string | undefined;
  readonly token: TokenPlace;
  readonly shell: Shell;
  readonly quiet: boolean;
}

/** Throws `Failure` of the usage kinds. */
export function parseLogoutRequest(
  options: Options<Named<LoginOption, 'shell' | 'quiet'> | Named<CredentialsOption, 'job-directory'> | TokenOption>,
  platform: NodeJS.Platform,
): LogoutRequest {
  const { values } = options;
  return {
    jobDirectory: values['job-directory'],
    token: tokenPlaceOf(options),
    shell: values.shell ?? usualShellOf(platform),
    quiet: values.quiet,
  };
}

/** Parses what `login` and `exec` have in common. */
function parseSharedRequest(
  options: LoginCommandOptions | ExecCommandOptions,
  environment: Environment,
): Omit<LoginRequest, 'shell' | 'isolated' | 'overwriteProfile'> {
  const { values, given } = options;
  const roles = parseRoles(options);
  const session = parseSessionOptions(options);
  if (values.export === 'static' && values['no-verify'])
    refuseTogether(
      ['--export static', '--no-verify'],
      'session keys come from STS, and --no-verify sends no request to STS',
    );
  refuseOtherPartitions([...roles.map(({ role }) => role), ...session.further]);
  return {
    roles,
    several: values.role.length > 0,
    session,
    region: regionOf(given.region, environment),
    sessionName: values['session-name'],
    token: tokenPlaceOf(options),
    exports: values.export,
    verify: !values['no-verify'],
    wait: values.wait,
    timeout: values.timeout,
    quiet: values.quiet,
  };
}

function parseRoles(options: LoginCommandOptions | ExecCommandOptions): LoginRequest['roles'] {
  const { values } = options;
  const [first, ...others] = values.role;
  if (first !== undefined) {
    refuseBesideSeveral(options);
    refuseSameProfile([first, ...others], options.given.role);
    return [first, ...others];
  }
  const role = values['role-arn'];
  if (role === undefined) throw new Failure({ kind: 'role-missing' });
  return [{ role, profile: values.profile }];
}

function refuseSameProfile(roles: readonly RequestedRole[], given: readonly GivenValue[]): void {
  given.forEach((one, index) => {
    const profile = roles[index]?.profile;
    if (roles.findIndex((role) => role.profile === profile) < index)
      throw new Failure({
        kind: 'value-invalid',
        ...one,
        problem: `another --role has the profile "${profile}" already`,
        remedy: 'give each role its own profile',
      });
  });
}

function refuseBesideSeveral({ values, given }: LoginCommandOptions | ExecCommandOptions): void {
  for (const name of ['role-arn', 'profile', 'then-role-arn'] as const) {
    const [one] = given[name];
    if (one !== undefined)
      refuseTogether(
        ['--role', one.source],
        'each --role contains its own profile and role, and a chain needs a separate login',
      );
  }
  if (values.export === 'static')
    refuseTogether(['--role', '--export static'], 'the environment can contain the keys of one role only');
}

function refuseLoginConflicts({ values }: LoginCommandOptions): void {
  if (values.isolated && values['shared-config'])
    refuseTogether(['--isolated', '--shared-config'], 'a config file is either private to the job or shared');
  if (values.export === 'none' && values.isolated)
    refuseTogether(
      ['--export none', '--isolated'],
      'AWS clients find a private config file only through an exported variable',
    );
}

// A region or session of one partition does not exist in another:
// https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
function refuseOtherPartitions([first, ...others]: readonly RoleArn[]): void {
  const other = others.find(({ partition }) => partition !== first?.partition);
  if (first === undefined || other === undefined) return;
  refuseTogether(
    [first.text, other.text],
    `one is in the partition "${first.partition}" and the other in "${other.partition}", which have no regions or sessions in common`,
    'Log in to each role with a separate login.',
  );
}

function refuseTogether(flags: readonly [string, string], why: string, remedy?: string): never {
  throw new Failure({ kind: 'flags-conflict', flags, why, ...(remedy === undefined ? {} : { remedy }) });
}
