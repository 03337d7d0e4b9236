import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Shell } from '../cli/login-options.ts';
import type { LogoutRequest } from '../cli/login-request.ts';
import { Failure } from '../failure.ts';
import { type JobEnvironment, makeEnvFile, makeRestoredEnvironment } from '../login/env-file.ts';
import { readJobRecord } from '../login/job-record.ts';
import { jobIdentityOf, privateRootsOf } from '../login/paths.ts';
import { logoutReportLines } from '../login/report-text.ts';
import { removeExpiredJobs, undoJob } from '../login/undo.ts';
import { readJobToken } from '../semaphore/token.ts';
import { toByteText } from '../text/byte-text.ts';
import type { World } from '../world/world.ts';

/**
 * Undoes this job's logins and prints the path of an env file that restores the environment.
 * Without a login it prints no summary. Also removes what jobs that are over left. Throws `Failure`.
 */
export async function logout(request: LogoutRequest, world: World): Promise<void> {
  const { environment, files, output } = world;
  const job = jobIdentityOf(environment, () => readJobToken(request.token, world));

  let envFile = '/dev/null';
  for (const root of privateRootsOf(world)) {
    if (hasForeignOwner(root, files)) continue;
    const jobs = join(root, 'jobs');
    envFile = (await undoLogins(join(jobs, job.name), root, request, world)) ?? envFile;
    await removeExpiredJobs(jobs, job.name, world);
  }
  if (!output.stdoutIsTerminal) output.stdout(envFile);
}

/** Returns the path of the env file; undefined if there was no login, or no one can source the file. */
async function undoLogins(
  directory: string,
  root: string,
  { shell, quiet }: LogoutRequest,
  world: World,
): Promise<string | undefined> {
  const { environment, files, output } = world;
  const record = readJobRecord(directory, files);
  if (record === undefined) return undefined;
  // Before the record is removed, so that a logout that is killed can run again.
  const before = makeRestoredEnvironment(record.environmentBefore);
  const envFile = output.stdoutIsTerminal ? undefined : writeEnvFile(before, root, shell, world);
  const outcomes = await undoJob(directory, record, files);
  if (!quiet) for (const line of logoutReportLines(outcomes, environment['HOME'])) output.stderr(line);
  return envFile;
}

// Any user can create a directory of our name in a shared TMPDIR. It is not ours, so skip it.
function hasForeignOwner(root: string, files: World['files']): boolean {
  try {
    files.listPrivateDirectories(root);
    return false;
  } catch (error) {
    if (error instanceof Failure && error.facts.kind === 'file-unsafe') return error.facts.reason === 'foreign-owner';
    throw error;
  }
}

// The file outlives the job's directory. Its name is its hash, so that equal files of jobs are one.
function writeEnvFile(environment: JobEnvironment, root: string, shell: Shell, { files }: World): string {
  const text = makeEnvFile(shell, environment);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const path = join(root, `logout-${hash}.${shell === 'bash' ? 'env' : 'ps1'}`);
  files.makePrivateDirectory(root);
  files.replace([{ kind: 'private', path, text: toByteText(text) }]);
  return path;
}
