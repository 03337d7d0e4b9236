import { parseRoleArn } from '../aws/arn.ts';
import type { StatusRequest } from '../cli/status-options.ts';
import type { ExitCode } from '../failure.ts';
import type { RecordedProfile } from '../login/job-record.ts';
import { shownLoginOf } from '../login/shown-login.ts';
import { readJobToken } from '../semaphore/token.ts';
import { endpointFor, readStatusInputs } from '../status/inputs.ts';
import { statusJson } from '../status/json.ts';
import { statusReportLines, type VerifiedRoles } from '../status/report.ts';
import { makeLoginStatus } from '../status/status.ts';
import { assumeChain } from '../sts/assume.ts';
import { rejectForeignRegion } from '../sts/endpoint.ts';
import type { World } from '../world/world.ts';

/**
 * Shows how this job is logged in and whether the AWS clients of this shell use the login. Changes nothing.
 * Returns 0 if they do, otherwise 3. Throws `Failure` if `--verify` is refused.
 */
export async function status(request: StatusRequest, world: World): Promise<ExitCode> {
  const inputs = readStatusInputs(request.token, world);
  const found = makeLoginStatus(inputs);
  const exitCode = found.state === 'logged-in' ? 0 : 3;
  const hasToken = found.state === 'logged-in' || found.state === 'not-in-use';
  const shown = inputs.login && shownLoginOf(inputs.login.record, inputs.awsFiles.config.path);
  const verified = request.verify && hasToken ? await verify(shown?.profiles ?? [], request, world) : undefined;
  const { output, environment } = world;
  if (request.json) output.stdout(statusJson(found, verified, exitCode));
  else for (const line of statusReportLines(found, verified, environment['HOME'])) output.stdout(line);
  return exitCode;
}

async function verify(
  profiles: readonly RecordedProfile[],
  { timeout }: StatusRequest,
  world: World,
): Promise<VerifiedRoles> {
  const sessions = profiles.map(async ({ profile, recipe }) => {
    const { chain, region, tokenFile } = recipe;
    const source = 'the login';
    const role = parseRoleArn({ value: chain.first.roleArn, source });
    rejectForeignRegion(role, region === undefined ? undefined : { value: region, source }, world.environment);
    const token = readJobToken({ file: tokenFile }, world);
    const caller = { token, endpoint: endpointFor(recipe, world), timeouts: { timeout, wait: 0 } };
    return [profile, (await assumeChain(chain, caller, world)).assumedRoleArn] as const;
  });
  return new Map(await Promise.all(sessions));
}
