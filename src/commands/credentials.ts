import { dirname, join } from 'node:path';
import { Failure } from '../failure.ts';
import { jobIdentityOf } from '../job/job-name.ts';
import { markerOf, type Recipe } from '../job/marker.ts';
import { ownRootsOf } from '../job/place.ts';
import { cacheKeyOf, cacheName, freshKeysOf, makeCacheText, parseCache } from '../job/session-cache.ts';
import { readJobToken } from '../job/token-source.ts';
import type { CredentialsRequest } from '../request/credentials-request.ts';
import { parseRoleArn } from '../request/role-arn.ts';
import type { SessionKeys } from '../sts/answer.ts';
import { assumeChain } from '../sts/verified-session.ts';
import type { World } from '../world.ts';

/** Milliseconds to wait for another process that asks STS for the same keys; longer than it may take. */
const patienceForOthers = 60_000;

/** Prints the keys of a profile that a login of this job made, asking STS only where the job's cache has none. Throws `Failure`. */
export async function credentials(request: CredentialsRequest, world: World): Promise<void> {
  if (world.output.stdoutIsTerminal) throw new Failure({ kind: 'secret-on-terminal' });
  const directory = jobDirectoryOf(request, world);
  const marked = markerOf(directory, world.files)?.profiles.findLast(({ profile }) => profile === request.profile);
  if (marked === undefined) throw new Failure({ kind: 'profile-unknown', profile: request.profile, directory });
  const keys = await sessionKeysOf(marked.recipe, directory, request, world);
  world.output.stdout(request.format === 'process' ? processAnswer(keys) : environmentLines(keys));
}

function jobDirectoryOf(request: CredentialsRequest, world: World): string {
  const given = request.jobDirectory;
  if (given !== undefined) {
    world.files.adoptRoot(dirname(dirname(given)));
    return given;
  }
  const job = jobIdentityOf(world.environment, () => readJobToken(request.token, world));
  const directories = ownRootsOf(world).map((root) => join(root, 'jobs', job.name));
  return directories.find((directory) => markerOf(directory, world.files) !== undefined) ?? directories[0] ?? '';
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
  const { partition } = parseRoleArn({ value: chain.first.roleArn, source: 'the login' });
  const endpoint = world.sts.endpointOf(region, partition);
  const path = join(directory, cacheName);
  const key = cacheKeyOf(chain, endpoint.url, token.text);
  const cached = () => freshKeysOf(parseCache(files.readOwn(path)), key, clock.now());

  const ready = cached();
  if (ready !== undefined) return ready;
  return await files.withLock(path, patienceForOthers, async () => {
    const madeMeanwhile = cached();
    if (madeMeanwhile !== undefined) return madeMeanwhile;
    const patience = { timeout: request.timeout, wait: 0 };
    const { keys } = await assumeChain(chain, { token, endpoint, patience }, world);
    const text = makeCacheText(parseCache(files.readOwn(path)), key, keys, clock.now());
    files.replace([{ own: true, path, text }]);
    return keys;
  });
}

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
function processAnswer(keys: SessionKeys): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    SessionToken: keys.sessionToken,
    Expiration: keys.expiration.toISOString(),
  });
}

// Docker takes every line as it stands, without any quoting; no key has a character that would need it.
function environmentLines(keys: SessionKeys): string {
  return [
    `AWS_ACCESS_KEY_ID=${keys.accessKeyId}`,
    `AWS_SECRET_ACCESS_KEY=${keys.secretAccessKey}`,
    `AWS_SESSION_TOKEN=${keys.sessionToken}`,
  ].join('\n');
}
