import { join } from 'node:path';
import { loginReportLines } from '../explain/login-report.ts';
import { makeEnvFile, makeJobEnvironment, managedVariablesIn } from '../job/env-file.ts';
import { jobIdentityOf, sessionNameFor } from '../job/job-name.ts';
import { refuseWithoutEffect } from '../job/login-effect.ts';
import { writeLoginFiles } from '../job/login-files.ts';
import { identityOf, makeLoginReport } from '../job/login-outcome.ts';
import { planLogin } from '../job/login-plan.ts';
import { placeOf } from '../job/place.ts';
import { pruneJobs } from '../job/prune.ts';
import { readJobToken } from '../job/token-source.ts';
import type { LoginRequest } from '../request/login-request.ts';
import { endOf } from '../token/lifetime.ts';
import type { World } from '../world.ts';

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
