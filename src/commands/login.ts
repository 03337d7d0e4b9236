import { join } from 'node:path';
import type { LoginRequest } from '../cli/login-options.ts';
import { makeEnvFile, makeJobEnvironment, managedVariablesIn, refuseWithoutEffect } from '../login/env-file.ts';
import { jobIdentityOf, placeOf, sessionNameFor } from '../login/paths.ts';
import { planLogin } from '../login/plan.ts';
import { identityOf, makeLoginReport } from '../login/report.ts';
import { loginReportLines } from '../login/report-text.ts';
import { pruneJobs } from '../login/undo.ts';
import { writeLoginFiles } from '../login/write.ts';
import { endOf, readJobToken } from '../semaphore/token.ts';
import type { World } from '../world/world.ts';

/**
 * Logs the job in: reads the token, asks STS, and only then writes the profiles, the token and the env file, and prints the env file's
 * path. Throws `Failure` with nothing written.
 */
export async function login(request: LoginRequest, world: World): Promise<void> {
  const { environment, files, clock, output } = world;
  const token = readJobToken(request.token, world);
  const job = jobIdentityOf(environment, () => token);
  const sessionName = request.sessionName ?? sessionNameFor(job);
  const place = placeOf(world, job.name, request);
  refuseWithoutEffect(request, place, world);

  const plan = await planLogin(request, { token, sessionName, place }, world);

  const envFileName = request.shell === 'bash' ? 'env' : 'env.ps1';
  const jobEnvironment = makeJobEnvironment(request.exports, identityOf(plan, request, place));
  const written = await writeLoginFiles(
    {
      place,
      job: job.name,
      profiles: plan.roles,
      overwriteProfile: request.overwriteProfile,
      token: 'file' in token.source ? undefined : token.text,
      envFile: { name: envFileName, text: makeEnvFile(request.shell, jobEnvironment) },
      environmentBefore: managedVariablesIn(environment),
      expires: endOf(token.claims, clock.now()),
    },
    files,
  );
  const leftovers = await pruneJobs(place.jobs, job.name, world);

  const outcome = { request, job, claims: token.claims, place, sessionName, plan, written, leftovers };
  const report = makeLoginReport({ ...outcome, unset: jobEnvironment.unset }, world);
  for (const line of loginReportLines(report, request.quiet)) output.stderr(line);
  if (!output.stdoutIsTerminal) output.stdout(join(place.directory, envFileName));
}
