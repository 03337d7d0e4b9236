import { join } from 'node:path';
import { loginReportLines } from '../explain/login-report.ts';
import { Failure } from '../failure.ts';
import { type Identity, makeEnvFile, makeJobEnvironment, managedVariablesIn } from '../job/env-file.ts';
import { defaultSessionName, type JobIdentity, jobIdentityOf } from '../job/job-name.ts';
import { refuseWithoutEffect } from '../job/login-effect.ts';
import { tokenName, writeLoginFiles } from '../job/login-files.ts';
import { makeLoginReport } from '../job/login-outcome.ts';
import { placeOf } from '../job/place.ts';
import { webIdentityKeys } from '../job/profile-keys.ts';
import { pruneJobs } from '../job/prune.ts';
import { rivalKeysFor, standingRegionOf } from '../job/standing.ts';
import { readJobToken } from '../job/token-source.ts';
import type { LoginRequest } from '../request/login-request.ts';
import { parseSessionName } from '../request/session-name.ts';
import { assumeRole } from '../sts/verified-session.ts';
import { instantOf, longestTokenLife, refuseOutOfTime } from '../token/lifetime.ts';
import type { World } from '../world.ts';

/**
 * Logs the job in: reads the token, asks STS, and only then writes the profile, the token and the env file, and prints the env file's path.
 * Throws `Failure` with nothing written.
 */
export async function login(request: LoginRequest, world: World): Promise<void> {
  const { environment, files, clock, output } = world;
  const profile = request.profile ?? 'default';

  const token = readJobToken(request.token, world);
  const job = jobIdentityOf(environment, () => token);
  const sessionName = request.sessionName ?? sessionNameFor(job);
  const place = placeOf(world, job.name, request);
  refuseWithoutEffect(request, place, world);
  const region = request.region ?? standingRegionOf(place, profile, files);
  const rivalKeys = rivalKeysFor(place, profile, files);
  if (rivalKeys !== undefined && !request.overwriteProfile)
    throw new Failure({ kind: 'static-keys', profile, ...rivalKeys });

  const endpoint = world.sts.endpointOf(region, request.role.partition);
  const asked = { roleArn: request.role.text, sessionName, token, endpoint };
  if (!request.verify) refuseOutOfTime(token.claims, clock.now());
  const session = request.verify ? await assumeRole(asked, request, world) : undefined;

  const tokenFile = 'file' in token.source ? token.source.file : join(place.directory, tokenName);
  const identity: Identity = {
    roleArn: request.role.text,
    sessionName,
    tokenFile,
    region,
    profile: request.profile,
    configFile: place.isolation === undefined ? undefined : place.config,
    keys: session?.keys,
  };
  const jobEnvironment = makeJobEnvironment(request.exports, identity);
  const written = await writeLoginFiles(
    {
      place,
      job: job.name,
      profile,
      keys: webIdentityKeys(identity),
      overwriteProfile: request.overwriteProfile,
      token: 'file' in token.source ? undefined : token.text,
      envFileName: request.shell === 'bash' ? 'env' : 'env.ps1',
      envFileText: makeEnvFile(request.shell, jobEnvironment),
      environmentBefore: managedVariablesIn(environment),
      expires: instantOf(token.claims.exp) ?? new Date(clock.now().getTime() + longestTokenLife),
    },
    files,
  );
  const leftovers = await pruneJobs(place.jobs, job.name, world);

  const outcome = { request, job, claims: token.claims, place, profile, region, sessionName, endpoint, session };
  const { unset } = jobEnvironment;
  const report = makeLoginReport({ ...outcome, rivalKeys, written, leftovers, unset }, world);
  for (const line of loginReportLines(report, request.quiet)) output.stderr(line);
  if (!output.stdoutIsTerminal) output.stdout(written.envFile);
}

function sessionNameFor(job: JobIdentity): string {
  return parseSessionName({ value: defaultSessionName(job), source: "the session name made from the job's id" });
}
