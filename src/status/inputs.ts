import { join } from 'node:path';
import { parseRoleArn } from '../aws/arn.ts';
import { readAwsFiles } from '../doctor/aws-files.ts';
import { Failure } from '../failure.ts';
import { cacheFileName, cacheKeyOf, parseCache } from '../login/cache.ts';
import { type Recipe, readJobRecord } from '../login/job-record.ts';
import { directoryOfShellConfig, isInJobDirectory, jobIdentityOf, privateRootsOf } from '../login/paths.ts';
import { hasForeignOwner } from '../login/root-owner.ts';
import { instantOf, type JobToken, readJobToken, type TokenPlace } from '../semaphore/token.ts';
import type { StsEndpoint } from '../world/sts.ts';
import type { World } from '../world/world.ts';
import type { JobLogin, StatusInputs } from './status.ts';

/** Reads everything that the status of this job depends on. Changes nothing and sends no request. */
export function readStatusInputs(token: TokenPlace, world: World): StatusInputs {
  const { environment, clock } = world;
  const job = jobNameOf(token, world);
  const shellDirectory = directoryOfShellConfig(world);
  const directories = [
    // A shell inside `exec` uses the login of `exec`.
    ...(shellDirectory === undefined ? [] : [shellDirectory]),
    ...(job === undefined ? [] : privateRootsOf(world).map((root) => join(root, 'jobs', job))),
  ];
  const login = directories.map((directory) => readLogin(directory, world)).find((one) => one !== undefined);
  return {
    job,
    login,
    environment,
    awsFiles: readAwsFiles(world),
    leftoverVariables: login === undefined ? leftoverVariablesIn(world) : [],
    now: clock.now(),
  };
}

// Without a job's variables nothing identifies a job: outside of jobs, under sudo and in containers.
function jobNameOf(token: TokenPlace, world: World): string | undefined {
  try {
    return jobIdentityOf(world.environment, () => readJobToken(token, world)).name;
  } catch (error) {
    if (error instanceof Failure && error.facts.kind === 'token-missing') return undefined;
    throw error;
  }
}

function readLogin(directory: string, world: World): JobLogin | undefined {
  const root = join(directory, '..', '..');
  if (hasForeignOwner(root, world.files)) return undefined;
  const record = readJobRecord(directory, world.files);
  const latest = record?.profiles.at(-1);
  if (record === undefined || latest === undefined) return undefined;
  const { tokenFile } = latest.recipe;
  const token = tokenOrFailure(tokenFile, world);
  const failure = token instanceof Failure ? token.facts : undefined;
  const claims = token instanceof Failure ? undefined : token.claims;
  return {
    directory,
    record,
    // Not the record's expiry, which for `exec` is only the next keep-alive.
    token: { path: tokenFile, expires: instantOf(claims?.exp), failure },
    sessionEnds: (recipe) => (token instanceof Failure ? undefined : cachedSessionEnd(directory, recipe, token, world)),
  };
}

function tokenOrFailure(file: string, world: World): JobToken | Failure {
  try {
    return readJobToken({ file }, world);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

/** Returns the STS endpoint that a recorded profile uses. Throws `Failure` for a role that is not one. */
export function endpointFor({ chain, region }: Recipe, { sts }: Pick<World, 'sts'>): StsEndpoint {
  const role = parseRoleArn({ value: chain.first.roleArn, source: 'the login' });
  return sts.endpointOf(region, role.partition);
}

function cachedSessionEnd(directory: string, recipe: Recipe, token: JobToken, world: World): Date | undefined {
  const cache = parseCache(world.files.readPrivate(join(directory, cacheFileName)));
  if (cache.size === 0) return undefined;
  const ends = cache.get(cacheKeyOf(recipe.chain, endpointFor(recipe, world).url, token.text))?.expiration;
  return ends !== undefined && ends > world.clock.now() ? ends : undefined;
}

// After a logout that was not sourced, the shell still names files that are gone.
function leftoverVariablesIn(world: World): readonly string[] {
  const namesJobFile = (variable: string) => isInJobDirectory(world, world.environment[variable] ?? '');
  const names = [
    ...(namesJobFile('AWS_CONFIG_FILE') ? ['AWS_CONFIG_FILE', 'AWS_PROFILE'] : []),
    ...(namesJobFile('AWS_WEB_IDENTITY_TOKEN_FILE')
      ? ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_SESSION_NAME']
      : []),
  ];
  return names.filter((name) => world.environment[name] !== undefined);
}
