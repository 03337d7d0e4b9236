import { createHash } from 'node:crypto';
import { isAbsolute, join, normalize, relative, sep } from 'node:path';
import { parseSessionName } from '../aws/names.ts';
import { pathVariableOf } from '../cli/values.ts';
import { type FactsOf, Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import type { JobToken } from '../semaphore/token.ts';
import type { Environment, World } from '../world/world.ts';

/** Why a job gets a config file of its own. */
export type IsolationReason = 'asked' | 'self-hosted' | 'home-unset' | 'home-read-only' | 'config-read-only';

/** Where a login reads and writes. All paths absolute. */
export interface LoginPaths {
  readonly isolation: IsolationReason | undefined;
  /** This job's own directory. */
  readonly directory: string;
  /** The directory that holds the directories of all jobs. */
  readonly jobs: string;
  /** The config file that is edited. */
  readonly config: string;
  /** The user's config file, which a private one starts as a copy of. */
  readonly userConfig: string | undefined;
  /** The user's credentials file, which SDKs read beside any config file. */
  readonly credentials: string | undefined;
}

/** What of a request decides the place. */
export interface PathOptions {
  /** Undefined: as the agent's kind wants it. */
  readonly isolated: boolean | undefined;
}

/** `AWS_CONFIG_FILE=/dev/null` is how one says that no config file is wanted. */
const nullDevice = '/dev/null';

type Surroundings = Pick<World, 'environment' | 'platform' | 'uid'> & {
  readonly files: Pick<World['files'], 'isWritable'>;
};

/**
 * Hosted agents are one job's alone, self-hosted ones are reused, with a HOME that several jobs may share: there, and where HOME cannot be
 * written, the job gets a private config file. Throws `home-needed` where a shared config file is asked for without a HOME to hold it,
 * and `value-invalid` for a path that is relative, or of one of this program's own files.
 */
export function loginPathsOf(world: Surroundings, jobName: string, wishes: PathOptions): LoginPaths {
  const { environment, files } = world;
  const home = pathVariableOf(environment, homeVariableOf(environment, world.platform));
  const userConfig = awsFileOf(world, 'AWS_CONFIG_FILE') ?? (home && join(home, '.aws', 'config'));
  const credentials = awsFileOf(world, 'AWS_SHARED_CREDENTIALS_FILE') ?? (home && join(home, '.aws', 'credentials'));
  const root = rootOf(world, home);
  const jobs = join(root.path, 'jobs');
  const directory = join(jobs, jobName);
  const isolation = isolationOf(world, wishes, userConfig, root.cause);
  const privateConfig = join(directory, 'config');
  const config = isolation === undefined ? sharedConfigOf(userConfig, files) : privateConfig;
  return {
    isolation,
    directory,
    jobs,
    config,
    userConfig: userConfig === privateConfig || userConfig === nullDevice ? undefined : userConfig,
    credentials,
  };
}

function sharedConfigOf(userConfig: string | undefined, files: Surroundings['files']): string {
  if (userConfig === undefined) throw new Failure({ kind: 'home-needed' });
  if (!files.isWritable(userConfig))
    throw new Failure({ kind: 'file-unusable', path: userConfig, operation: 'write', code: 'EACCES' });
  return userConfig;
}

/** Every directory that may hold what is this program's own; a variable with a relative path gives none, and `placeOf` refuses it. */
export function privateRootsOf(world: Pick<World, 'environment' | 'platform' | 'uid'>): readonly string[] {
  const home = world.environment[homeVariableOf(world.environment, world.platform)];
  const roots = [
    world.environment['SEM_AWS_LOGIN_HOME'] || (home && join(home, '.sem-aws-login')),
    join(world.environment['TMPDIR'] || '/tmp', temporaryRootName(world)),
  ];
  return roots.flatMap((root) => (root !== undefined && isAbsolute(root) ? [normalize(root)] : []));
}

/** Whether this agent is one of the user's own, which other jobs use too. */
export function isSelfHosted(environment: Environment): boolean {
  // https://docs.semaphoreci.com/reference/env-vars: the machine types of self-hosted agents start with "s1".
  return environment['SEMAPHORE_AGENT_MACHINE_TYPE']?.startsWith('s1') === true;
}

/** The variable that names the user's home: HOME, or on Windows USERPROFILE where HOME is not set. */
export function homeVariableOf(environment: Environment, platform: NodeJS.Platform): string {
  return platform === 'win32' && !environment['HOME'] ? 'USERPROFILE' : 'HOME';
}

function rootOf(world: Surroundings, home: string | undefined): { path: string; cause: IsolationReason | undefined } {
  const given = pathVariableOf(world.environment, 'SEM_AWS_LOGIN_HOME');
  const elsewhere = temporaryRootOf(world);
  if (home === undefined) return { path: given ?? elsewhere, cause: 'home-unset' };
  if (given !== undefined) return { path: given, cause: undefined };
  const usual = join(home, '.sem-aws-login');
  if (world.files.isWritable(join(usual, 'jobs'))) return { path: usual, cause: undefined };
  return { path: elsewhere, cause: 'home-read-only' };
}

function awsFileOf(world: Surroundings, source: string): string | undefined {
  const value = pathVariableOf(world.environment, source);
  const failure = value === undefined ? undefined : privateFileFailure({ value, source }, privateRootsOf(world));
  if (failure !== undefined) throw new Failure(failure);
  return value;
}

function temporaryRootName({ uid }: Pick<World, 'uid'>): string {
  return `sem-aws-login-${uid ?? 'user'}`;
}

function temporaryRootOf(world: Pick<World, 'environment' | 'uid'>): string {
  return join(pathVariableOf(world.environment, 'TMPDIR') ?? '/tmp', temporaryRootName(world));
}

function isolationOf(
  world: Surroundings,
  wishes: PathOptions,
  userConfig: string | undefined,
  rootCause: IsolationReason | undefined,
): IsolationReason | undefined {
  if (wishes.isolated === false) return undefined;
  if (wishes.isolated === true) return 'asked';
  if (isSelfHosted(world.environment)) return 'self-hosted';
  if (rootCause !== undefined) return rootCause;
  const isEditable = userConfig === undefined || (userConfig !== nullDevice && world.files.isWritable(userConfig));
  return isEditable ? undefined : 'config-read-only';
}

/** What tells this job from others: its id as given (for the session's name) and a name that is safe as a directory's. */
export interface JobIdentity {
  readonly id: string | undefined;
  readonly name: string;
}

/**
 * `SEMAPHORE_JOB_ID`, else the token's `job_id`, else its `jti`; an id that no directory should be named by, such as
 * one with `../` in it, is replaced by its SHA-256 in the name. The token is read only where no variable tells.
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

/** The session's name unless one is given; may be illegal where the id is odd. */
export function defaultSessionName({ id, name }: JobIdentity): string {
  return `semaphore-job-${id ?? name.slice(0, 32)}`;
}

/** The default name, checked. Throws `value-invalid` where the job's id makes none that STS takes. */
export function sessionNameFor(job: JobIdentity): string {
  return parseSessionName({ value: defaultSessionName(job), source: "the session name made from the job's id" });
}

/**
 * Why a variable for one of AWS's shared files cannot have this path: a token, an env file or a record of this program's own lies there.
 * Undefined for all else, a job's private config file among it, which is one of AWS's. `roots` are this program's own.
 */
export function privateFileFailure(given: GivenValue, roots: readonly string[]): FactsOf<'value-invalid'> | undefined {
  const name = roots.map((root) => nameInJobDirectory(root, given.value)).find((found) => found !== undefined);
  if (name === undefined || name === 'config') return undefined;
  return {
    kind: 'value-invalid',
    ...given,
    problem: `"${name}" there is this program's own file in the directory of a job, and no file of AWS`,
    remedy: `unset ${given.source}, or give it the path of a file for AWS's profiles alone`,
  };
}

function nameInJobDirectory(root: string, path: string): string | undefined {
  const way = relative(root, path);
  const [jobs, , name, ...deeper] = way.split(sep);
  return isAbsolute(way) || jobs !== 'jobs' || deeper.length > 0 ? undefined : name;
}
