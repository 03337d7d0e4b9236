import { createHash } from 'node:crypto';
import { dirname, isAbsolute, join, normalize, relative, sep } from 'node:path';
import { parseSessionName } from '../aws/names.ts';
import { pathVariableOf } from '../cli/values.ts';
import { type FactsOf, Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import type { JobToken } from '../semaphore/token.ts';
import type { Environment, ReplacementLoss, World } from '../world/world.ts';
import { readJobRecord } from './job-record.ts';

/** Why a job gets a private config file. */
export type IsolationReason =
  | 'requested'
  | 'self-hosted'
  | 'home-unset'
  | 'home-read-only'
  | 'config-read-only'
  | `config-${ReplacementLoss}`
  | 'other-role';

/** `short` is for the summary, `clause` for failures. */
export const isolationTexts: Readonly<Record<IsolationReason, { readonly short: string; readonly clause: string }>> = {
  requested: { short: 'requested', clause: 'with --isolated the profile goes to a private config file' },
  'self-hosted': {
    short: 'self-hosted agent',
    clause: 'on a self-hosted agent the profile goes to a private config file, since other jobs share HOME',
  },
  'home-unset': {
    short: 'HOME is not set',
    clause: 'HOME is not set, and the profile goes to a private config file',
  },
  'home-read-only': {
    short: 'HOME is not writable',
    clause: 'HOME is not writable, and the profile goes to a private config file',
  },
  'config-read-only': {
    short: 'the shared one is not writable',
    clause: 'the shared config file is not writable, and the profile goes to a private one',
  },
  'config-hard-links': {
    short: 'the shared one has hard links',
    clause: 'the shared config file has hard links, and the profile goes to a private one',
  },
  'config-foreign-owner': {
    short: 'the shared one has an owner or group that cannot be kept',
    clause: 'the shared config file has an owner or group that cannot be kept, and the profile goes to a private one',
  },
  'config-access-list': {
    short: 'the shared one has an access list',
    clause: 'the shared config file has an access list, and the profile goes to a private one',
  },
  'other-role': {
    short: 'another role of this job uses this profile',
    clause: 'another role of this job uses this profile, and the login goes to a private config file',
  },
};

/** The absolute paths that a login reads and writes. */
export interface LoginPaths {
  readonly isolation: IsolationReason | undefined;
  readonly directory: string;
  readonly jobs: string;
  readonly config: string;
  /** The user's config file; a private one starts as its copy. */
  readonly userConfig: string | undefined;
  /** The user's AWS_CONFIG_FILE, even if this shell's one names a private file. */
  readonly configVariable: string | undefined;
  /** The job's private config file that this shell uses; undefined if it uses none. */
  readonly currentConfig: string | undefined;
  /** The user's credentials file, which SDKs read with any config file. */
  readonly credentials: string | undefined;
}

export interface PathOptions {
  /** Undefined: decided by the kind of agent. */
  readonly isolated: boolean | undefined;
  /** Whether a private file starts as a copy of this shell's config file, even of a private one. */
  readonly copiesShellConfig?: boolean;
}

export const tokenFileName = 'token';

/** `AWS_CONFIG_FILE=/dev/null` is a common way to disable the config file. */
const nullDevice = '/dev/null';

interface PathInputs extends RootInputs {
  readonly files: Pick<World['files'], 'isWritable' | 'readPrivate' | 'whyNotReplaceable'>;
}

type RootInputs = Pick<World, 'environment' | 'platform' | 'uid'>;

/**
 * Returns the login's paths. A job gets a private config file on a self-hosted agent, where jobs
 * share HOME, and if the user's file cannot be replaced without a loss.
 *
 * Throws `home-needed`, `file-unusable` or `file-not-replaceable` for `--shared-config`, and
 * `value-invalid` for a relative path or one of this program's own files.
 */
export function loginPathsOf(world: PathInputs, jobName: string, options: PathOptions): LoginPaths {
  const { environment, files } = world;
  const home = pathVariableOf(environment, homeVariableOf(environment, world.platform));
  const shellVariable = awsFileOf(world, 'AWS_CONFIG_FILE');
  const isPrivate = shellVariable !== undefined && isPrivateConfig(world, shellVariable);
  const configVariable = isPrivate ? variableBefore(shellVariable, world) : shellVariable;
  const userConfig = configVariable ?? (home && join(home, '.aws', 'config'));
  const credentials = awsFileOf(world, 'AWS_SHARED_CREDENTIALS_FILE') ?? (home && join(home, '.aws', 'credentials'));
  const root = rootOf(world, home);
  const jobs = join(root.path, 'jobs');
  const directory = join(jobs, jobName);
  const isolation = isolationOf(world, options, userConfig, root.cause);
  const privateConfig = join(directory, 'config');
  const config = isolation === undefined ? sharedConfigOf(userConfig, options, files) : privateConfig;
  const isCurrent = isPrivate && dirname(shellVariable) === directory;
  const leavesCurrent = options.isolated === false && shellVariable === privateConfig;
  const copied = options.copiesShellConfig ? (shellVariable ?? userConfig) : userConfig;
  return {
    isolation,
    directory,
    jobs,
    config,
    userConfig: copied === privateConfig || copied === nullDevice ? undefined : copied,
    configVariable,
    currentConfig: isCurrent && !leavesCurrent ? shellVariable : undefined,
    credentials,
  };
}

/** Returns the config file that this shell's AWS clients read; undefined without HOME. */
export function shellConfigOf({ environment, platform }: Pick<World, 'environment' | 'platform'>): string | undefined {
  const home = environment[homeVariableOf(environment, platform)];
  return environment['AWS_CONFIG_FILE'] || (home ? join(home, '.aws', 'config') : undefined);
}

/** Returns the name of a private config file. `id` is undefined for the first one. */
export function privateConfigName(id: string | undefined): string {
  return id === undefined ? 'config' : `config-${id}`;
}

const privateConfigNames = /^config(?:-[0-9a-f]{8})?$/;

function isPrivateConfig(world: RootInputs, path: string): boolean {
  const names = privateRootsOf(world).map((root) => nameInJobDirectory(root, path));
  return names.some((name) => name !== undefined && privateConfigNames.test(name));
}

/**
 * Returns the job's directory that holds this shell's private config file; undefined for another
 * config file.
 */
export function directoryOfShellConfig(world: RootInputs): string | undefined {
  const config = world.environment['AWS_CONFIG_FILE'];
  return config && isPrivateConfig(world, config) ? dirname(config) : undefined;
}

/** Whether a path is in the directory of a job. */
export function isInJobDirectory(world: RootInputs, path: string): boolean {
  return privateRootsOf(world).some((root) => nameInJobDirectory(root, path) !== undefined);
}

/** Returns AWS_CONFIG_FILE as it was before the login that made this private file. */
function variableBefore(privateConfig: string, world: PathInputs): string | undefined {
  const before = readJobRecord(dirname(privateConfig), world.files)?.environmentBefore['AWS_CONFIG_FILE'];
  return before === undefined || isPrivateConfig(world, before) ? undefined : before || undefined;
}

function sharedConfigOf(userConfig: string | undefined, options: PathOptions, files: PathInputs['files']): string {
  if (userConfig === undefined) throw new Failure({ kind: 'home-needed' });
  if (options.isolated === undefined) return userConfig;
  if (!files.isWritable(userConfig))
    throw new Failure({ kind: 'file-unusable', path: userConfig, operation: 'write', code: 'EACCES' });
  const loss = files.whyNotReplaceable(userConfig);
  if (loss !== undefined) throw new Failure({ kind: 'file-not-replaceable', path: userConfig, loss });
  return userConfig;
}

/** Returns each directory that can hold private files. Skips relative paths, which fail later. */
export function privateRootsOf(world: RootInputs): readonly string[] {
  const home = world.environment[homeVariableOf(world.environment, world.platform)];
  const roots = [
    world.environment['SEM_AWS_LOGIN_HOME'] || (home && join(home, '.sem-aws-login')),
    join(world.environment['TMPDIR'] || '/tmp', temporaryRootName(world)),
  ];
  return roots.flatMap((root) => (root !== undefined && isAbsolute(root) ? [normalize(root)] : []));
}

/**
 * Whether the job runs on a self-hosted agent, which other jobs use too. Machine types of such
 * agents start with "s1": https://docs.semaphoreci.com/reference/env-vars
 */
export function isSelfHosted(environment: Environment): boolean {
  return environment['SEMAPHORE_AGENT_MACHINE_TYPE']?.startsWith('s1') === true;
}

/** Returns the name of the home variable: HOME, or on Windows USERPROFILE if HOME is not set. */
export function homeVariableOf(environment: Environment, platform: NodeJS.Platform): string {
  return platform === 'win32' && !environment['HOME'] ? 'USERPROFILE' : 'HOME';
}

function rootOf(world: PathInputs, home: string | undefined): { path: string; cause: IsolationReason | undefined } {
  const given = pathVariableOf(world.environment, 'SEM_AWS_LOGIN_HOME');
  const fallback = temporaryRootOf(world);
  if (home === undefined) return { path: given ?? fallback, cause: 'home-unset' };
  if (given !== undefined) return { path: given, cause: undefined };
  const standard = join(home, '.sem-aws-login');
  if (world.files.isWritable(join(standard, 'jobs'))) return { path: standard, cause: undefined };
  return { path: fallback, cause: 'home-read-only' };
}

function awsFileOf(world: PathInputs, source: string): string | undefined {
  const value = pathVariableOf(world.environment, source);
  const failure = value === undefined ? undefined : privateFileFailure({ value, source }, privateRootsOf(world));
  if (failure !== undefined) throw new Failure(failure);
  return value;
}

function temporaryRootName({ uid }: RootInputs): string {
  return `sem-aws-login-${uid ?? 'user'}`;
}

function temporaryRootOf(world: RootInputs): string {
  return join(pathVariableOf(world.environment, 'TMPDIR') ?? '/tmp', temporaryRootName(world));
}

function isolationOf(
  world: PathInputs,
  options: PathOptions,
  userConfig: string | undefined,
  rootCause: IsolationReason | undefined,
): IsolationReason | undefined {
  if (options.isolated === false) return undefined;
  if (options.isolated === true) return 'requested';
  if (isSelfHosted(world.environment)) return 'self-hosted';
  if (rootCause !== undefined) return rootCause;
  if (userConfig === undefined) return undefined;
  if (userConfig === nullDevice || !world.files.isWritable(userConfig)) return 'config-read-only';
  const loss = world.files.whyNotReplaceable(userConfig);
  return loss && `config-${loss}`;
}

/** A job's id, for the session name, and a name that is safe for its directory. */
export interface JobIdentity {
  readonly id: string | undefined;
  readonly name: string;
}

/**
 * Returns `SEMAPHORE_JOB_ID`, else the token's `job_id`, else its `jti`. Reads the token only if
 * needed. The name is the SHA-256 of an id that is unsafe for a directory (`../`).
 */
export function jobIdentityOf(environment: Environment, readToken: () => JobToken): JobIdentity {
  const id = environment['SEMAPHORE_JOB_ID'] || idOf(readToken().claims);
  if (id !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(id)) return { id, name: id };
  return {
    id,
    name: createHash('sha256')
      .update(id ?? readToken().text)
      .digest('hex'),
  };
}

function idOf({ jobId, jti }: JobToken['claims']): string | undefined {
  return jobId || jti || undefined;
}

/** Returns the default session name, unchecked: an unusual job id can make it invalid. */
export function defaultSessionName({ id, name }: JobIdentity): string {
  return `semaphore-job-${id ?? name.slice(0, 32)}`;
}

/** Returns the default session name. Throws `value-invalid` if STS does not allow it. */
export function sessionNameFor(job: JobIdentity): string {
  return parseSessionName({ value: defaultSessionName(job), source: "the session name made from the job's id" });
}

/**
 * Returns why an AWS file variable cannot name this path: it is a token, env file or record in a
 * job's directory. Undefined for other paths, also for a job's private config file.
 */
export function privateFileFailure(given: GivenValue, roots: readonly string[]): FactsOf<'value-invalid'> | undefined {
  const name = roots.map((root) => nameInJobDirectory(root, given.value)).find((found) => found !== undefined);
  if (name === undefined || privateConfigNames.test(name)) return undefined;
  return {
    kind: 'value-invalid',
    ...given,
    problem: `"${name}" is a file that sem-aws-login keeps for a job, not a config or credentials file of AWS`,
    remedy: `unset ${given.source}, or set it to a config or credentials file of AWS`,
  };
}

function nameInJobDirectory(root: string, path: string): string | undefined {
  const steps = relative(root, path);
  const [jobs, , name, ...deeper] = steps.split(sep);
  return isAbsolute(steps) || jobs !== 'jobs' || deeper.length > 0 ? undefined : name;
}
