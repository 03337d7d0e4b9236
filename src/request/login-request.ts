import { Failure } from '../failure.ts';
import type { Environment } from '../world.ts';
import { parseAbsolutePath } from './absolute-path.ts';
import { parseChoice } from './choice.ts';
import type { GivenValue } from './given-value.ts';
import { parseProfileName } from './profile-name.ts';
import type { RawOptions } from './raw-options.ts';
import { parseRegion } from './region.ts';
import { parseRoleArn, type RoleArn } from './role-arn.ts';
import { parseSeconds } from './seconds.ts';
import { parseSessionName } from './session-name.ts';
import { parseSessionWishes, type SessionWishes } from './session-wishes.ts';

/** What the env file exports beside the regions. */
export type ExportForm = 'profile' | 'static' | 'none';

/** What sources the env file; `bash` is any POSIX shell. */
export type Shell = 'bash' | 'powershell';

/** The profile that tools take when none is named. */
export const defaultProfile = 'default';

/** Where the token is read from. */
export type TokenPlace = { readonly variable: string } | { readonly file: string };

/** A role, and the profile that is to give its credentials. */
export interface RequestedRole {
  readonly profile: string;
  readonly role: RoleArn;
}

/** A login as asked for: every value valid, nothing read from disk yet. Times in milliseconds. */
export interface LoginRequest {
  /** One, or those of `--role`. */
  readonly roles: readonly [RequestedRole, ...RequestedRole[]];
  /** Whether the profiles are chosen by name, command by command, and none is the job's identity. */
  readonly several: boolean;
  readonly session: SessionWishes;
  readonly region: GivenValue | undefined;
  /** Undefined for the one made from the job's id. */
  readonly sessionName: string | undefined;
  readonly token: TokenPlace;
  readonly exports: ExportForm;
  readonly shell: Shell;
  /** Undefined: as the agent's kind wants it. */
  readonly isolated: boolean | undefined;
  readonly overwriteProfile: boolean;
  readonly verify: boolean;
  readonly wait: number;
  readonly timeout: number;
  readonly quiet: boolean;
}

/** Throws `Failure` of the usage kinds. */
export function parseLoginRequest(
  options: RawOptions,
  environment: Environment,
  platform: NodeJS.Platform,
): LoginRequest {
  const roles = parseRoles(options);
  const session = parseSessionWishes(options);
  refuseConflicts(options);
  refuseOtherPartitions([...roles.map(({ role }) => role), ...session.further]);
  const seconds = (name: string, least: number, most: number, otherwise: number) =>
    1000 * (options.parsed(name, (given) => parseSeconds(given, least, most)) ?? otherwise);
  return {
    roles,
    several: options.list('role').length > 0,
    session,
    region: regionOf(options, environment),
    sessionName: options.parsed('session-name', parseSessionName),
    token: tokenPlaceOf(options),
    exports: options.parsed('export', (given) => parseChoice(given, ['profile', 'static', 'none'])) ?? 'profile',
    shell: parseShell(options, platform),
    isolated: options.switch('isolated') ? true : options.switch('shared-config') ? false : undefined,
    overwriteProfile: options.switch('overwrite-profile'),
    verify: !options.switch('no-verify'),
    wait: seconds('wait', 0, 600, 0),
    timeout: seconds('timeout', 1, 900, 30),
    quiet: options.switch('quiet'),
  };
}

function parseRoles(options: RawOptions): LoginRequest['roles'] {
  const single = options.text('role-arn');
  const [first, ...others] = options.list('role').map(parseNamedRole);
  if (first !== undefined) {
    refuseBesideSeveral(options);
    refuseSameProfile([first, ...others], options);
    return [first, ...others];
  }
  if (single === undefined) throw new Failure({ kind: 'role-missing' });
  return [{ role: parseRoleArn(single), profile: options.parsed('profile', parseProfileName) ?? defaultProfile }];
}

function parseNamedRole(given: GivenValue): RequestedRole {
  const { source } = given;
  const [, name, arn] = /^([^=]*)=(.*)$/s.exec(given.value) ?? [];
  if (name === undefined || arn === undefined)
    throw new Failure({
      kind: 'value-invalid',
      ...given,
      problem: 'it has no "=" between the profile and the role',
      remedy: 'write PROFILE=ARN, such as prod=arn:aws:iam::123456789012:role/deploy',
    });
  return { profile: parseProfileName({ value: name, source }), role: parseRoleArn({ value: arn, source }) };
}

function refuseSameProfile(roles: readonly RequestedRole[], options: RawOptions): void {
  roles.forEach(({ profile }, index) => {
    const given = options.list('role')[index];
    if (given !== undefined && roles.findIndex((one) => one.profile === profile) < index)
      throw new Failure({
        kind: 'value-invalid',
        ...given,
        problem: `another --role has the profile "${profile}" already`,
        remedy: 'give each role a profile of its own',
      });
  });
}

function refuseBesideSeveral(options: RawOptions): void {
  for (const name of ['role-arn', 'profile', 'then-role-arn']) {
    const given = options.text(name);
    if (given !== undefined)
      throw new Failure({
        kind: 'flags-conflict',
        flags: ['--role', given.source],
        why: 'each --role names its profile and its role; a chain is a login of its own',
      });
  }
  if (options.text('export')?.value === 'static')
    throw new Failure({
      kind: 'flags-conflict',
      flags: ['--role', '--export static'],
      why: 'the environment holds the keys of one role only',
    });
}

function refuseConflicts(options: RawOptions): void {
  const conflict = (flags: readonly [string, string], why: string) => {
    throw new Failure({ kind: 'flags-conflict', flags, why });
  };
  if (options.switch('isolated') && options.switch('shared-config'))
    conflict(['--isolated', '--shared-config'], 'a config file is either private to the job or shared');
  const exports = options.text('export')?.value;
  if (exports === 'static' && options.switch('no-verify'))
    conflict(['--export static', '--no-verify'], 'session keys come from STS, which would not be asked');
  if (exports === 'none' && options.switch('isolated'))
    conflict(['--export none', '--isolated'], 'a private config file is found through an exported variable only');
}

// Neither a region nor a session of one partition means anything in another: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
function refuseOtherPartitions([first, ...others]: readonly RoleArn[]): void {
  const other = others.find(({ partition }) => partition !== first?.partition);
  if (first === undefined || other === undefined) return;
  throw new Failure({
    kind: 'flags-conflict',
    flags: [first.text, other.text],
    why: `one is in the partition "${first.partition}" and the other in "${other.partition}", which have no regions or sessions in common`,
    remedy: 'Log in to each of them by a login of its own.',
  });
}

/** The region as given, else by the variables that every SDK reads, and which of them; throws `value-invalid`. */
export function regionOf(options: RawOptions, environment: Environment): GivenValue | undefined {
  const variable = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find((name) => environment[name]);
  const byVariable = variable && { value: environment[variable] ?? '', source: variable };
  const given = options.text('region') ?? (byVariable || undefined);
  return given && { value: parseRegion(given), source: given.source };
}

/** The shell the env file is for: as given, else the platform's usual one. Throws `value-invalid`. */
export function parseShell(options: RawOptions, platform: NodeJS.Platform): Shell {
  const given = options.parsed('shell', (value) => parseChoice<Shell>(value, ['bash', 'powershell']));
  return given ?? (platform === 'win32' ? 'powershell' : 'bash');
}

/** Where the token is: as given, else Semaphore's own variable. Throws `Failure` of the usage kinds. */
export function tokenPlaceOf(options: RawOptions): TokenPlace {
  const file = options.text('token-file');
  if (file !== undefined && options.text('token-env') !== undefined)
    throw new Failure({
      kind: 'flags-conflict',
      flags: ['--token-env', '--token-file'],
      why: 'the token comes from one place',
    });
  if (file !== undefined) {
    refuseTokenItself(file);
    return { file: parseAbsolutePath(file) };
  }
  const variable = options.text('token-env');
  if (variable === undefined) return { variable: 'SEMAPHORE_OIDC_TOKEN' };
  refuseTokenItself(variable);
  if (!/^[A-Za-z_]\w*$/.test(variable.value))
    throw new Failure({
      kind: 'value-invalid',
      ...variable,
      problem: 'no variable can have this name',
      remedy: 'give the name of the variable, without "$"',
    });
  return { variable: variable.value };
}

/** `--token-env "$TOKEN"` puts the token itself where its name belongs; it must not be quoted back into the log. */
function refuseTokenItself(given: GivenValue): void {
  if (/^eyJ[\w-]*\./.test(given.value)) throw new Failure({ kind: 'token-on-command-line', flag: given.source });
}
