import { dirname, join } from 'node:path';
import { parseRoleArn } from '../aws/arn.ts';
import type { CredentialsRequest } from '../cli/credentials-options.ts';
import { Failure } from '../failure.ts';
import { cacheFileName, cacheKeyOf, freshKeysOf, makeCacheText, parseCache } from '../login/cache.ts';
import { type Recipe, type RecordedProfile, readJobRecord } from '../login/job-record.ts';
import { jobIdentityOf, privateRootsOf, shellConfigOf } from '../login/paths.ts';
import { readJobToken } from '../semaphore/token.ts';
import { assumeChain } from '../sts/assume.ts';
import { rejectForeignRegion } from '../sts/endpoint.ts';
import { loginIdOf } from '../sts/role-chain.ts';
import type { SessionKeys } from '../world/sts.ts';
import type { World } from '../world/world.ts';

/** Milliseconds to wait for other processes with the same request, on top of this request's timeout. */
const timeoutForOthers = 30_000;

/** Prints the keys of a profile of this job's login, from the cache or from STS. Throws `Failure`. */
export async function credentials(request: CredentialsRequest, world: World): Promise<void> {
  if (world.output.stdoutIsTerminal) throw new Failure({ kind: 'secret-on-terminal' });
  const directory = jobDirectoryOf(request, world);
  const profiles = readJobRecord(directory, world.files)?.profiles ?? [];
  const recorded = requestedAmong(profiles, request, world);
  if (recorded === undefined) throw new Failure({ kind: 'profile-unknown', profile: request.profile, directory });
  const keys = await sessionKeysOf(recorded.recipe, directory, request, world);
  const { region } = recorded.recipe;
  world.output.stdout(request.format === 'process' ? processAnswer(keys) : environmentLines(keys, region));
}

// Two shells of a job can use the same profile as different roles.
function requestedAmong(
  profiles: readonly RecordedProfile[],
  { profile, loginId }: CredentialsRequest,
  world: World,
): RecordedProfile | undefined {
  const named = profiles.filter((one) => one.profile === profile);
  if (loginId !== undefined) return named.findLast(({ recipe }) => loginIdOf(recipe.chain) === loginId);
  const shellConfig = shellConfigOf(world);
  return named.findLast(({ config }) => config === shellConfig) ?? named.at(-1);
}

function jobDirectoryOf(request: CredentialsRequest, world: World): string {
  const given = request.jobDirectory;
  if (given !== undefined) {
    world.files.addPrivateRoot(dirname(dirname(given)));
    return given;
  }
  const job = jobIdentityOf(world.environment, () => readJobToken(request.token, world));
  const directories = privateRootsOf(world).map((root) => join(root, 'jobs', job.name));
  return directories.find((directory) => readJobRecord(directory, world.files) !== undefined) ?? directories[0] ?? '';
}

async function sessionKeysOf(
  recipe: Recipe,
  directory: string,
  request: CredentialsRequest,
  world: World,
): Promise<SessionKeys> {
  const { files, clock } = world;
  const { chain, region, tokenFile } = recipe;
  const token = readJobToken({ file: tokenFile }, world);
  const source = 'the login';
  const role = parseRoleArn({ value: chain.first.roleArn, source });
  rejectForeignRegion(role, region === undefined ? undefined : { value: region, source }, world.environment);
  const endpoint = world.sts.endpointOf(region, role.partition);
  const path = join(directory, cacheFileName);
  const key = cacheKeyOf(chain, endpoint.url, token.text);
  const cached = () => freshKeysOf(parseCache(files.readPrivate(path)), key, clock.now());
  const requested = async () =>
    (await assumeChain(chain, { token, endpoint, timeouts: { timeout: request.timeout, wait: 0 } }, world)).keys;

  const store = (keys: SessionKeys) => {
    const obtained = clock.now();
    const text = makeCacheText(parseCache(files.readPrivate(path)), new Map([[key, { ...keys, obtained }]]), obtained);
    files.replace([{ kind: 'private', path, text }]);
  };

  const ready = cached();
  if (ready !== undefined) return ready;
  const lockTimeout = timeoutForOthers + request.timeout * (1 + chain.further.length);
  const locked = await unlessDiskFails(() =>
    files.withLock(path, lockTimeout, async () => {
      const storedMeanwhile = cached();
      if (storedMeanwhile !== undefined) return storedMeanwhile;
      const keys = await requested();
      await unlessDiskFails(async () => store(keys));
      return keys;
    }),
  );
  return locked ?? (await requested());
}

// The cache is optional: the disk can be full, or read-only in a container.
async function unlessDiskFails<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure && error.facts.kind === 'file-unusable') return undefined;
    throw error;
  }
}

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
function processAnswer(keys: SessionKeys): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    SessionToken: keys.sessionToken,
    // Without milliseconds, as AWS writes it.
    Expiration: keys.expiration.toISOString().replace(/\.\d+Z$/, 'Z'),
  });
}

// Docker does not unquote lines; none of these values needs quotes in a shell either.
function environmentLines(keys: SessionKeys, region: string | undefined): string {
  return [
    `AWS_ACCESS_KEY_ID=${keys.accessKeyId}`,
    `AWS_SECRET_ACCESS_KEY=${keys.secretAccessKey}`,
    `AWS_SESSION_TOKEN=${keys.sessionToken}`,
    ...(region === undefined ? [] : [`AWS_REGION=${region}`, `AWS_DEFAULT_REGION=${region}`]),
  ].join('\n');
}
