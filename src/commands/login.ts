import { dirname } from 'node:path';
import type { LoginRequest } from '../cli/login-request.ts';
import { makeSeededCacheText } from '../login/cache.ts';
import {
  envFileFor,
  identityOf,
  isCaptured,
  makeJobEnvironment,
  rejectWithoutEffect,
  restorableVariablesIn,
} from '../login/env-file.ts';
import { exportedVariablesOf } from '../login/exported-variables.ts';
import { removeOldLogoutFiles } from '../login/logout-file.ts';
import { jobIdentityOf, type LoginPaths, loginPathsOf, sessionNameFor } from '../login/paths.ts';
import { planLogin } from '../login/plan.ts';
import { makeLoginReport } from '../login/report.ts';
import { loginReportLines } from '../login/report-text.ts';
import { removeExpiredJobs } from '../login/undo.ts';
import { watchJob } from '../login/watcher.ts';
import { writeLoginFiles } from '../login/write.ts';
import { endOf, readJobToken } from '../semaphore/token.ts';
import type { World } from '../world/world.ts';

/**
 * Logs the job in: reads the token, asks STS, then writes profiles, token and env file, and prints the
 * env file's path. Throws `Failure` with nothing written.
 */
export async function login(request: LoginRequest, world: World): Promise<void> {
  const { environment, files, clock, output } = world;
  // Before the requests to STS, in which the shell can end.
  const owner = world.processTable.jobShell();
  const token = readJobToken(request.token, world);
  const job = jobIdentityOf(environment, () => token);
  const sessionName = request.sessionName ?? sessionNameFor(job);
  const paths = loginPathsOf(world, job.name, request);
  rejectWithoutEffect(request, paths, world);

  const plan = await planLogin(request, { token, sessionName, paths }, world);

  const environmentFor = (chosen: LoginPaths) =>
    makeJobEnvironment(request.exports, identityOf(plan, request, chosen, environment));
  const written = await writeLoginFiles(
    {
      paths,
      job: job.name,
      profiles: plan.roles,
      overwriteProfile: request.overwriteProfile,
      token: 'file' in token.source ? undefined : token.text,
      cache: makeSeededCacheText(plan, { token: token.text, directory: paths.directory }, world),
      envFile: (chosen) => envFileFor(environmentFor(chosen), plan, request.shell),
      exported: (chosen) => exportedVariablesOf(environmentFor(chosen)),
      canExport: request.exports !== 'none' && isCaptured(output),
      environmentBefore: restorableVariablesIn({ ...environment, AWS_CONFIG_FILE: paths.configVariable }),
      expires: endOf(token.claims, clock.now()),
      owner,
    },
    files,
  );
  const unwatched = await watchJob(paths.directory, world);
  const leftovers = await removeExpiredJobs(paths.jobs, job.name, world);
  removeOldLogoutFiles(dirname(paths.jobs), world);

  const outcome = {
    request,
    job,
    claims: token.claims,
    paths: written.paths,
    sessionName,
    plan,
    written,
    unwatched,
    leftovers,
  };
  const report = makeLoginReport({ ...outcome, unset: environmentFor(written.paths).unset }, world);
  for (const line of loginReportLines(report, request.quiet)) output.stderr(line);
  if (!output.stdoutIsTerminal) output.stdout(written.envFile ?? '');
}
