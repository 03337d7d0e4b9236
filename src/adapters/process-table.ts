import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessIdentity, ProcessTable } from '../world/world.ts';
import { systemCodeOf } from './system-error.ts';

type Machine = Pick<ProcessIdentity, 'bootId' | 'pidNamespace' | 'machine'>;

interface ProcessTableOptions {
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  /** The root of the file system that has `proc` and `etc`, for tests. */
  readonly root?: string;
}

/**
 * Reads Linux's process table from `/proc`.
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function makeProcessTable({ platform, pid: ownPid, root = '' }: ProcessTableOptions): ProcessTable {
  let known: { readonly machine: Machine | undefined } | undefined;

  const thisMachine = (): Machine | undefined => {
    known ??= { machine: platform === 'linux' ? readMachine(root, ownPid) : undefined };
    return known.machine;
  };
  const identify = (pid: number): ProcessIdentity | undefined => {
    const machine = thisMachine();
    if (machine === undefined) return undefined;
    const found = readProcess(root, pid);
    return typeof found === 'object' && !found.isZombie ? { pid, startTime: found.startTime, ...machine } : undefined;
  };

  return {
    jobShell: () => {
      const own = platform === 'linux' ? readProcess(root, ownPid) : undefined;
      if (typeof own !== 'object' || own.session === 0 || own.session === ownPid) return undefined;
      return identify(own.session);
    },
    thisProcess: () => identify(ownPid),
    hasEnded: (identity) => {
      const here = thisMachine();
      if (here === undefined) return false;
      // Machines that share a HOME have different boot ids too.
      if (identity.bootId !== here.bootId) return here.machine !== '' && identity.machine === here.machine;
      if (identity.pidNamespace !== here.pidNamespace) return false;
      const found = readProcess(root, identity.pid);
      return found === 'gone' || (found !== undefined && (found.isZombie || found.startTime !== identity.startTime));
    },
  };
}

/** Undefined if `/proc` is missing or shows another PID namespace. */
function readMachine(root: string, ownPid: number): Machine | undefined {
  const bootId = readText(`${root}/proc/sys/kernel/random/boot_id`);
  const machineId = readText(`${root}/etc/machine-id`);
  const own = readProcess(root, ownPid);
  if (!bootId || typeof own !== 'object') return undefined;
  try {
    if (readlinkSync(`${root}/proc/self`) !== String(ownPid)) return undefined;
    const pidNamespace = readlinkSync(`${root}/proc/self/ns/pid`);
    return { bootId, pidNamespace, machine: machineId ? `${hostname()} ${machineId}` : '' };
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}

interface FoundProcess {
  readonly isZombie: boolean;
  readonly session: number;
  readonly startTime: string;
}

/** Undefined if the process can exist but cannot be read. */
function readProcess(root: string, pid: number): FoundProcess | 'gone' | undefined {
  let text: string;
  try {
    text = readFileSync(`${root}/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    // ESRCH: it ended between opening and reading.
    return code === 'ENOENT' || code === 'ESRCH' ? 'gone' : undefined;
  }
  // The name in parentheses can contain anything, parentheses and line breaks too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, , , session] = fields;
  const startTime = fields[19];
  if (state === undefined || session === undefined || startTime === undefined) return undefined;
  return { isZombie: state === 'Z' || state === 'X' || state === 'x', session: Number(session), startTime };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    return undefined;
  }
}
