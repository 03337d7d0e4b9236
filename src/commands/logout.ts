import { basename, dirname, join } from 'node:path';
import type { LogoutRequest } from '../cli/login-request.ts';
import { removeCachedSessions } from '../login/cached-sessions.ts';
import { changedVariablesIn, isCaptured, makeRestoredEnvironment } from '../login/env-file.ts';
import { readJobRecord } from '../login/job-record.ts';
import { removeOldLogoutFiles, writeLogoutFile } from '../login/logout-file.ts';
import { keptVariablesLines, logoutReportLines } from '../login/logout-text.ts';
import { jobIdentityOf, privateRootsOf } from '../login/paths.ts';
import { hasForeignOwner } from '../login/root-owner.ts';
import { removeExpiredJobs, undoJob } from '../login/undo.ts';
import { readJobToken } from '../semaphore/token.ts';
import type { World } from '../world/world.ts';

/**
 * Undoes this job's logins and prints the path of an env file that restores the environment.
 * Without a login it prints no summary. Also removes what jobs that are over left. Throws `Failure`.
 */
export async function logout(request: LogoutRequest, world: World): Promise<void> {
  const { files, output } = world;
  let envFile = '/dev/null';
  for (const directory of jobDirectoriesOf(request, world)) {
    const jobs = dirname(directory);
    const root = dirname(jobs);
    if (hasForeignOwner(root, files)) continue;
    removeOldLogoutFiles(root, world);
    envFile = (await undoLogins(directory, root, request, world)) ?? envFile;
    await removeExpiredJobs(jobs, basename(directory), world);
  }
  if (!output.stdoutIsTerminal) output.stdout(envFile);
}

function jobDirectoriesOf({ jobDirectory, token }: LogoutRequest, world: World): readonly string[] {
  if (jobDirectory !== undefined) {
    world.files.addPrivateRoot(dirname(dirname(jobDirectory)));
    return [jobDirectory];
  }
  const job = jobIdentityOf(world.environment, () => readJobToken(token, world));
  return privateRootsOf(world).map((root) => join(root, 'jobs', job.name));
}

/** Returns the path of the env file; undefined if there was no login, or no one can source the file. */
async function undoLogins(
  directory: string,
  root: string,
  { jobDirectory, shell, quiet }: LogoutRequest,
  world: World,
): Promise<string | undefined> {
  const { environment, files, output } = world;
  const record = readJobRecord(directory, files);
  if (record === undefined) return undefined;
  // Before the record is removed, so that a logout that is killed can run again.
  const before = makeRestoredEnvironment(record.environmentBefore);
  // The job of a given directory is another one than this shell's.
  const isOwnShell = jobDirectory === undefined;
  const kept = isOwnShell && !isCaptured(output) ? changedVariablesIn(environment, before) : [];
  const needsFile = isOwnShell && (isCaptured(output) || kept.length > 0);
  const envFile = needsFile ? writeLogoutFile(before, root, shell, world) : undefined;
  const outcomes = await undoJob(directory, record, files);
  // After the token is removed, with which a background process could cache another session.
  const sessions = removeCachedSessions([record], world);
  if (!quiet) for (const line of logoutReportLines(outcomes, sessions, environment['HOME'])) output.stderr(line);
  if (envFile !== undefined && kept.length > 0)
    for (const line of keptVariablesLines(kept, envFile, shell)) output.stderr(line);
  return envFile;
}
