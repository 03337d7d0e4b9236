import { join } from 'node:path';
import { managingJobOfProfile, sectionsOf, sectionsPointingInto } from '../config-file/find.ts';
import type { ConfigFile } from '../config-file/model.ts';
import { readConfig } from '../config-file/read.ts';
import { exitCodeOf, Failure, type FailureFacts } from '../failure.ts';
import { markerOf } from '../login/job-record.ts';
import { homeVariableOf, ownFileFailure, privateRootsOf } from '../login/paths.ts';
import type { Environment, Files, World } from '../world/world.ts';
import { type Finding, fail, failed, ok, warn } from './finding.ts';

/** Whether the shared files can be read by every SDK and by nobody else, and have the profile that this job would use. */
export function checkConfig(
  awsFiles: AwsFiles,
  environment: Environment,
  files: Pick<Files, 'isWritable' | 'isOpenToAll'>,
): Finding[] {
  return [
    ...faultsOf(awsFiles.config),
    ...faultsOf(awsFiles.credentials),
    ...permissionsOf(awsFiles, files),
    ...profileFinding(awsFiles, environment),
  ];
}

function permissionsOf({ config, credentials }: AwsFiles, files: Pick<Files, 'isWritable' | 'isOpenToAll'>): Finding[] {
  const findings: Finding[] = [];
  if (config.path !== undefined && config.failure === undefined && !files.isWritable(config.path))
    findings.push(warn('config', { kind: 'config-read-only', path: config.path }));
  const { path, file } = credentials;
  const hasKeys = file?.sections.some(({ keys }) => keys.some(({ name }) => name === 'aws_secret_access_key'));
  if (path !== undefined && hasKeys === true && files.isOpenToAll(path))
    findings.push(warn('config', { kind: 'open-to-all', path, holds: 'keys' }));
  return findings;
}

function faultsOf({ path, file, failure }: FoundFile): Finding[] {
  if (failure !== undefined) return [failed('config', exitCodeOf(failure), failure)];
  if (file === undefined || path === undefined) return [];
  return file.defects.map(({ why, line }) => warn('config', { kind: 'file-defect', path, line, why }));
}

function profileFinding(awsFiles: AwsFiles, environment: Environment): Finding[] {
  const { config, credentials } = awsFiles;
  const { name: profile, variable } = chosenProfileOf(environment);
  const { path, file } = config;
  if (config.failure !== undefined) return [];
  const [section] = file === undefined ? [] : sectionsOf(file, profile);
  if (file !== undefined && section !== undefined && path !== undefined) {
    const job = managingJobOfProfile(file, profile) ?? undefined;
    return [ok('config', { kind: 'config-good', path, profile, line: section.line, job })];
  }
  if (variable !== undefined && !isInCredentials(awsFiles, profile)) {
    const paths = [config.path, credentials.path].filter((one) => one !== undefined);
    return [fail('config', 4, { kind: 'profile-missing', profile, variable, paths })];
  }
  if (file === undefined || path === undefined) return [ok('config', { kind: 'config-absent', path })];
  return [ok('config', { kind: 'config-without-profile', path, profile })];
}

/** A file as found: its path (undefined without a HOME), and what it says where it is there and can be read. */
export interface FoundFile {
  readonly path: string | undefined;
  readonly file: ConfigFile | undefined;
  readonly failure: FailureFacts | undefined;
}

/** The two files that every AWS SDK reads. */
export interface AwsFiles {
  readonly config: FoundFile;
  readonly credentials: FoundFile;
}

/** Reads both, at the places that the environment names. */
export function readAwsFiles(world: Pick<World, 'environment' | 'platform' | 'uid' | 'files'>): AwsFiles {
  const { environment, platform, files } = world;
  const home = environment[homeVariableOf(environment, platform)];
  const found = (variable: string, name: string): FoundFile => {
    const path = environment[variable] || (home ? join(home, '.aws', name) : undefined);
    if (path === undefined) return { path, file: undefined, failure: undefined };
    const failure = ownFileFailure({ value: path, source: variable }, privateRootsOf(world));
    if (failure !== undefined) return { path, file: undefined, failure };
    try {
      const text = files.read(path);
      return { path, file: text === undefined ? undefined : readConfig(text), failure: undefined };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { path, file: undefined, failure: error.facts };
    }
  };
  return {
    config: found('AWS_CONFIG_FILE', 'config'),
    credentials: found('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
  };
}

/** Whether the credentials file has a section for this profile, whose header there is the bare name. */
function isInCredentials({ credentials }: AwsFiles, profile: string): boolean {
  return credentials.file?.sections.some(({ inner }) => inner.trim() === profile) === true;
}

/** The profile that the environment chooses, and the variable by which it does. */
function chosenProfileOf(environment: World['environment']): { name: string; variable: string | undefined } {
  const variable = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'].find((name) => environment[name]);
  return { name: (variable && environment[variable]) || 'default', variable };
}

/** With which credentials Semaphore's `cache` command reaches its store, where that is S3. */
export function checkCache(environment: Environment, awsFiles: AwsFiles): Finding {
  const backend = environment['SEMAPHORE_CACHE_BACKEND'] || undefined;
  if (backend !== 's3') return ok('cache', { kind: 'cache-elsewhere', backend });
  // https://docs.semaphoreci.com/using-semaphore/optimization/cache: otherwise the default profile and the AWS variables.
  const profile = environment['SEMAPHORE_CACHE_AWS_PROFILE'];
  if (!profile) return warn('cache', { kind: 'cache-uses-default' });
  const { file } = awsFiles.config;
  const inConfig = file !== undefined && sectionsOf(file, profile).length > 0;
  const facts = {
    kind: inConfig || isInCredentials(awsFiles, profile) ? 'cache-has-profile' : 'cache-lacks-profile',
    profile,
  } as const;
  return facts.kind === 'cache-has-profile' ? ok('cache', facts) : warn('cache', facts);
}

/** What other jobs left on this machine: directories whose token has ended, and profiles that point to another job's files. */
export function checkLeftovers(
  roots: readonly string[],
  ownJob: string | undefined,
  config: FoundFile,
  { files, now }: { readonly files: Pick<Files, 'listPrivateDirectories' | 'readPrivate'>; readonly now: Date },
): Finding[] {
  try {
    const paths = roots.flatMap((root) => endedIn(join(root, 'jobs'), ownJob, files, now));
    const foreign = roots.flatMap((root) => foreignSections(join(root, 'jobs'), ownJob, config));
    const found = [
      ...(paths.length === 0 ? [] : [warn('leftovers', { kind: 'leftover-directories', paths })]),
      ...foreign,
    ];
    return found.length === 0 ? [ok('leftovers', { kind: 'no-leftovers' })] : found;
  } catch (error) {
    if (error instanceof Failure) return [failed('leftovers', exitCodeOf(error.facts), error.facts)];
    throw error;
  }
}

function endedIn(
  jobs: string,
  ownJob: string | undefined,
  files: Pick<Files, 'listPrivateDirectories' | 'readPrivate'>,
  now: Date,
): string[] {
  const others = files.listPrivateDirectories(jobs).filter((name) => name !== ownJob);
  return others
    .map((name) => join(jobs, name))
    .filter((directory) => {
      const marker = markerOf(directory, files);
      return marker !== undefined && marker.expires < now;
    });
}

function foreignSections(jobs: string, ownJob: string | undefined, { path, file }: FoundFile): Finding[] {
  if (file === undefined || path === undefined) return [];
  const own = ownJob === undefined ? undefined : join(jobs, ownJob);
  const ours = new Set(own === undefined ? [] : sectionsPointingInto(file, own).map(({ line }) => line));
  return sectionsPointingInto(file, jobs)
    .filter(({ line }) => !ours.has(line))
    .map(({ profile, line, job }) =>
      warn('leftovers', { kind: 'foreign-section', path, profile, line, job: job ?? undefined }),
    );
}

/** A token file that SDKs are told to read, and who tells them. */
export interface NamedTokenFile {
  readonly path: string;
  /** A variable's name, the profile's, or both. */
  readonly source: string;
}

/** The token files that the environment and the chosen profile name. */
export function namedTokenFilesOf({ config }: AwsFiles, environment: Environment): NamedTokenFile[] {
  const named: NamedTokenFile[] = [];
  const variable = environment['AWS_WEB_IDENTITY_TOKEN_FILE'];
  if (variable) named.push({ path: variable, source: 'AWS_WEB_IDENTITY_TOKEN_FILE' });
  const { name } = chosenProfileOf(environment);
  const keys = config.file === undefined ? [] : sectionsOf(config.file, name).flatMap((section) => section.keys);
  const path = keys.find((key) => key.name === 'web_identity_token_file')?.value;
  const source = `the profile "${name}"`;
  if (path === undefined || path === '') return named;
  if (path === variable) return [{ path, source: `AWS_WEB_IDENTITY_TOKEN_FILE and ${source}` }];
  return [...named, { path, source }];
}

/** Whether a token file is there, can be read by this user and not by all, and ends as every SDK needs it. */
export function checkTokenFile({ path, source }: NamedTokenFile, files: Pick<Files, 'read' | 'isOpenToAll'>): Finding {
  try {
    const text = files.read(path);
    if (text === undefined) return fail('token-file', 4, { kind: 'token-file-gone', path, source });
    if (/[\r\n]$/.test(text)) throw new Failure({ kind: 'token-file-newline', path });
    if (files.isOpenToAll(path)) return warn('token-file', { kind: 'open-to-all', path, holds: 'a token' });
    return ok('token-file', { kind: 'token-file-good', path, source });
  } catch (error) {
    if (error instanceof Failure) return failed('token-file', exitCodeOf(error.facts), error.facts);
    throw error;
  }
}
