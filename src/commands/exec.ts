import { randomUUID } from 'node:crypto';
import type { ExecRequest } from '../cli/login-request.ts';
import { Failure } from '../failure.ts';
import { applyJobEnvironment, makeJobEnvironment } from '../login/env-file.ts';
import { keepAliveExpiry, withKeepAlive } from '../login/job-record.ts';
import { jobIdentityOf, loginPathsOf, sessionNameFor } from '../login/paths.ts';
import { planLogin } from '../login/plan.ts';
import { execWarningsOf, identityOf } from '../login/report.ts';
import { execReportLines } from '../login/report-text.ts';
import { removeExpiredJobs } from '../login/undo.ts';
import { writeLoginFiles } from '../login/write.ts';
import { readJobToken } from '../semaphore/token.ts';
import type { World } from '../world/world.ts';

/**
 * Runs a command with a login that is its own: config file and token lie in a directory that is removed at its end, or swept by a later
 * login if nobody lived to remove it. Gives the command's exit code, 143 for 130, on which Semaphore would end the job. Throws `Failure`.
 */
export async function exec({ login, command, args }: ExecRequest, world: World): Promise<number> {
  const { environment, files, clock, output } = world;
  const token = readJobToken(login.token, world);
  const sessionName = login.sessionName ?? sessionNameFor(jobIdentityOf(environment, () => token));
  const name = `exec-${randomUUID()}`;
  const paths = loginPathsOf(world, name, { isolated: true });

  const plan = await planLogin(login, { token, sessionName, paths }, world);

  const jobEnvironment = makeJobEnvironment(login.exports, identityOf(plan, login, paths));
  return await files.withTemporaryDirectory(paths.directory, async () => {
    const written = await writeLoginFiles(
      {
        paths,
        job: name,
        profiles: plan.roles,
        overwriteProfile: true,
        token: 'file' in token.source ? undefined : token.text,
        envFile: undefined,
        environmentBefore: {},
        expires: keepAliveExpiry(clock.now()),
      },
      files,
    );
    await removeExpiredJobs(paths.jobs, name, world);
    const warnings = execWarningsOf({ plan, claims: token.claims, written, paths }, clock.now());
    for (const line of execReportLines(plan, login, warnings)) output.stderr(line);
    const running = world.processes.run(command, args, applyJobEnvironment(environment, jobEnvironment));
    const end = await withKeepAlive(paths.directory, world, running);
    if (end.kind === 'not-started') throw new Failure({ kind: 'command-not-started', command, reason: end.reason });
    return end.code === 130 ? 143 : end.code;
  });
}
