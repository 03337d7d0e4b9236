import { parsePolicyArn, parseRoleArn, type RoleArn } from '../aws/arn.ts';
import { parseProfileName, parseSessionName } from '../aws/names.ts';
import { parseRegion } from '../aws/region.ts';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import type { TokenPlace } from '../semaphore/token.ts';
import { makePlainHop } from '../sts/role-chain.ts';
import type { RoleChain, RoleHop } from '../world/sts.ts';
import type { Environment } from '../world/world.ts';
import type { RawOptions } from './parse.ts';
import { parseAbsolutePath, parseChoice, parseSeconds } from './values.ts';

/** What the env file exports beside the regions. */
export type ExportForm = 'profile' | 'static' | 'none';

/** What sources the env file; `bash` is any POSIX shell. */
export type Shell = 'bash' | 'powershell';

/** The profile that tools take when none is named. */
export const defaultProfile = 'default';

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
function parseShell(options: RawOptions, platform: NodeJS.Platform): Shell {
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

/** A command to run with a login of its own. */
export interface ExecRequest {
  readonly login: LoginRequest;
  readonly command: string;
  readonly args: readonly string[];
}

/** Throws `Failure` of the usage kinds. */
export function parseExecRequest(
  options: RawOptions,
  operands: readonly string[],
  environment: Environment,
  platform: NodeJS.Platform,
): ExecRequest {
  const [command, ...args] = operands;
  if (command === undefined) throw new Failure({ kind: 'command-missing' });
  const login = parseLoginRequest(options, environment, platform);
  if (login.exports === 'none')
    throw new Failure({
      kind: 'flags-conflict',
      flags: ['exec', '--export none'],
      why: 'the command would not find the login, which only its environment names',
    });
  return { login, command, args };
}

/** A logout as asked for. The token only tells which job this is, where no variable does. */
export interface LogoutRequest {
  readonly token: TokenPlace;
  readonly shell: Shell;
  readonly quiet: boolean;
}

/** Throws `Failure` of the usage kinds. */
export function parseLogoutRequest(options: RawOptions, platform: NodeJS.Platform): LogoutRequest {
  return { token: tokenPlaceOf(options), shell: parseShell(options, platform), quiet: options.switch('quiet') };
}

/** What is asked of a login's sessions beyond a plain one. */
export interface SessionWishes {
  readonly durationSeconds: number | undefined;
  readonly policyFile: string | undefined;
  readonly policyArns: readonly string[];
  /** Roles to go on to, in order. */
  readonly further: readonly RoleArn[];
  readonly externalId: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly tags: readonly (readonly [key: string, value: string])[];
  readonly transitiveTags: readonly string[];
}

/** A session policy's characters at most, white space included. */
export const longestPolicy = 2048;

// Limits: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const longestChainedSession = 3600;
const mostPolicyArns = 10;
const mostTags = 50;

/** Throws `Failure` of the usage kinds. */
export function parseSessionWishes(options: RawOptions): SessionWishes {
  const further = options.list('then-role-arn').map(parseRoleArn);
  if (further.length === 0) refuseWithoutChain(options);
  const tags = parseTags(options.list('session-tag'));
  return {
    durationSeconds: options.parsed('duration', (given) => parseDuration(given, further.length > 0)),
    policyFile: options.text('session-policy')?.value,
    policyArns: parsePolicyArns(options.list('session-policy-arn')),
    further,
    externalId: options.parsed('external-id', (given) =>
      parseMatching(given, /^[\w+=,.@:/-]{2,1224}$/, 'an external id has 2 to 1224 letters, digits or _+=,.@:/-'),
    ),
    sourceIdentity: options.parsed('source-identity', (given) =>
      parseMatching(given, /^[\w+=,.@-]{2,64}$/, 'a source identity has 2 to 64 letters, digits or _+=,.@-'),
    ),
    tags,
    transitiveTags: parseTransitiveTags(options.list('transitive-tag'), tags),
  };
}

/**
 * The way to one role's credentials. Duration and policies shape the last session, which is the one that is used; who the job is
 * (source identity, transitive tags) is said at the first chained role, since it then goes on by itself; the external id and the other
 * tags are for the last.
 */
export function makeRoleChain(
  role: RoleArn,
  sessionName: string,
  wishes: SessionWishes,
  policy: string | undefined,
): RoleChain {
  const { durationSeconds, policyArns, further, externalId, sourceIdentity, tags, transitiveTags } = wishes;
  const shape = { durationSeconds, policy, policyArns };
  const first = makePlainHop(role.text, sessionName);
  if (further.length === 0) return { first: { ...first, ...shape }, further: [] };
  const isTransitive = ([key]: readonly [string, string]) => transitiveTags.includes(key);
  const hops = further.map((one, index): RoleHop => {
    const isFirst = index === 0;
    const isLast = index === further.length - 1;
    const own = tags.filter((tag) => (isTransitive(tag) ? isFirst : isLast));
    return {
      ...makePlainHop(one.text, sessionName),
      ...(isLast ? { ...shape, externalId } : {}),
      ...(isFirst ? { sourceIdentity, transitiveTags } : {}),
      tags: own,
    };
  });
  return { first, further: hops };
}

function parseDuration(given: GivenValue, isChain: boolean): number {
  const seconds = parseSeconds(given, 900, 43_200);
  if (!isChain || seconds <= longestChainedSession) return seconds;
  return refuse(
    given,
    "AWS lets a session that another role's session asks for live for an hour at most",
    `give at most ${longestChainedSession}; SDKs renew it by themselves`,
  );
}

function parsePolicyArns(given: readonly GivenValue[]): string[] {
  const [first] = given;
  if (first !== undefined && given.length > mostPolicyArns)
    refuse(
      first,
      `there are ${given.length} policies, and a session takes ${mostPolicyArns} at most`,
      'leave some out',
    );
  return given.map((one) => parsePolicyArn(one).text);
}

function parseTags(given: readonly GivenValue[]): (readonly [string, string])[] {
  const seen = new Set<string>();
  return given.map((one) => {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(one.value) ?? [];
    const legal = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
    if (!one.value.includes('=')) refuse(one, 'a tag has a key and a value, with "=" between them', 'write KEY=VALUE');
    if (key === '' || key.length > 128 || value.length > 256 || !legal.test(key + value) || /^aws:/i.test(key))
      refuse(one, 'a key has 1 to 128 characters, a value up to 256: letters, digits, spaces or _.:/=+-@', 'change it');
    if (seen.has(key.toLowerCase()))
      refuse(one, 'its key stands twice, and AWS takes no account of case', 'leave one out');
    seen.add(key.toLowerCase());
    if (seen.size > mostTags) refuse(one, `a session has ${mostTags} tags at most`, 'leave some out');
    return [key, value] as const;
  });
}

function parseTransitiveTags(given: readonly GivenValue[], tags: SessionWishes['tags']): string[] {
  return given.map((one) => {
    if (!tags.some(([key]) => key === one.value)) refuse(one, 'no --session-tag has this key', 'give the tag as well');
    return one.value;
  });
}

function parseMatching(given: GivenValue, pattern: RegExp, rule: string): string {
  return pattern.test(given.value) ? given.value : refuse(given, rule, 'change it');
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html has none of these parameters.
function refuseWithoutChain(options: RawOptions): void {
  for (const name of ['external-id', 'source-identity', 'session-tag', 'transitive-tag']) {
    const [given] = options.list(name);
    if (given !== undefined)
      refuse(
        given,
        "a login by the job's token takes none: its tags come from the token",
        'use it with --then-role-arn, for a role that the first one assumes',
      );
  }
}

function refuse(given: GivenValue, problem: string, remedy: string): never {
  throw new Failure({ kind: 'value-invalid', ...given, problem, remedy });
}
