import { randomUUID } from 'node:crypto';
import type { ExecRequest } from '../cli/login-request.ts';
import { Failure } from '../failure.ts';
import { makeSeededCacheText } from '../login/cache.ts';
import { removeCachedSessions } from '../login/cached-sessions.ts';
import { applyJobEnvironment, identityOf, makeJobEnvironment } from '../login/env-file.ts';
import { exportedVariablesOf } from '../login/exported-variables.ts';
import { keepAliveExpiry, withKeepAlive } from '../login/job-record.ts';
import { jobIdentityOf, loginPathsOf, sessionNameFor } from '../login/paths.ts';
import { planLogin } from '../login/plan.ts';
import { execWarningsOf } from '../login/report.ts';
import { execReportLines } from '../login/report-text.ts';
import { removeExpiredJobs } from '../login/undo.ts';
import { watchJob } from '../login/watcher.ts';
import { writeLoginFiles } from '../login/write.ts';
import { readJobToken } from '../semaphore/token.ts';
import type { World } from '../world/world.ts';

/**
 * Runs a command with a login of its own, in a temporary directory. Throws `Failure`. Returns the
 * command's exit code, but 143 for 130, on which Semaphore would stop the job.
 */
export async function exec({ login, command, args }: ExecRequest, world: World): Promise<number> {
  const { environment, files, clock, output } = world;
  const token = readJobToken(login.token, world);
  const sessionName = login.sessionName ?? sessionNameFor(jobIdentityOf(environment, () => token));
  const name = `exec-${randomUUID()}`;
  const paths = loginPathsOf(world, name, { isolated: true, copiesShellConfig: true });

  const plan = await planLogin(login, { token, sessionName, paths }, world);

  const jobEnvironment = makeJobEnvironment(login.exports, identityOf(plan, login, paths, environment));
  return await files.withTemporaryDirectory(paths.directory, async () => {
    const written = await writeLoginFiles(
      {
        paths,
        job: name,
        profiles: plan.roles,
        overwriteProfile: true,
        token: 'file' in token.source ? undefined : token.text,
        cache: makeSeededCacheText(plan, { token: token.text, directory: paths.directory }, world),
        envFile: undefined,
        exported: () => exportedVariablesOf(jobEnvironment),
        canExport: true,
        environmentBefore: {},
        expires: keepAliveExpiry(clock.now()),
        owner: world.processTable.thisProcess(),
      },
      files,
    );
    const unwatched = await watchJob(paths.directory, world);
    await removeExpiredJobs(paths.jobs, name, world);
    const warnings = execWarningsOf({ plan, claims: token.claims, written, unwatched, paths }, clock.now());
    for (const line of execReportLines(plan, login, warnings)) output.stderr(line);
    const running = world.processes.run(command, args, applyJobEnvironment(environment, jobEnvironment));
    const end = await withKeepAlive(paths.directory, world, running);
    removeCachedSessions([{ profiles: plan.roles }], world);
    if (end.kind === 'not-started') throw new Failure({ kind: 'command-not-started', command, reason: end.reason });
    return end.code === 130 ? 143 : end.code;
  });
}
