import { join } from 'node:path';
import type { ProcessIdentity, World } from '../world/world.ts';
import { readJobRecord } from './job-record.ts';
import { homeVariableOf, isSelfHosted } from './paths.ts';

/** Holds the watcher's mark, pid and start time, then the processes that it watches. */
const watcherFileName = 'watcher';

/**
 * Starts a watcher that logs the job out when its shell has ended; only self-hosted agents survive
 * their jobs. An earlier login's watcher stays if it watches the same processes.
 *
 * Returns why a watcher could not be started; undefined otherwise.
 */
export async function watchJob(directory: string, world: World): Promise<string | undefined> {
  const { environment, files, platform, processTable, processes, program } = world;
  const self = isSelfHosted(environment) ? processTable.thisProcess() : undefined;
  if (self === undefined) return undefined;
  const owners = readJobRecord(directory, files)?.owners ?? [];
  // A container inside the job must not end the login of the job around it.
  if (owners[0] === undefined || !isVisible(owners[0], self)) return undefined;
  const watched = owners.filter((owner) => isVisible(owner, self));
  const shells = watched.map(({ pid, startTime }) => `${pid}/${startTime}`).join(' ');
  if (isWatched(files.readPrivate(join(directory, watcherFileName)), shells, self, world)) return undefined;
  return await processes.startWatcher({
    directory,
    mark: `${self.pid}-${self.startTime}`,
    owners: watched,
    home: environment[homeVariableOf(environment, platform)] ?? '',
    root: environment['SEM_AWS_LOGIN_HOME'] ?? '',
    program,
  });
}

function isVisible({ bootId, pidNamespace }: ProcessIdentity, self: ProcessIdentity): boolean {
  return bootId === self.bootId && pidNamespace === self.pidNamespace;
}

function isWatched(
  text: string | undefined,
  shells: string,
  self: ProcessIdentity,
  { processTable }: Pick<World, 'processTable'>,
): boolean {
  const [, pid, startTime, watched] = /^\S+ (\d+) (\d+) (.*)\n$/.exec(text ?? '') ?? [];
  if (pid === undefined || startTime === undefined || watched !== shells) return false;
  return !processTable.hasEnded({ ...self, pid: Number(pid), startTime });
}
