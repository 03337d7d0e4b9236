import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hostPlatform, type Platform } from '../build/executable.ts';

/** How this machine runs an executable of another platform. */
export interface Runner {
  /** Words before the executable on the command line. */
  readonly prefix: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * Returns the runner for a platform, if any: qemu and Debian's arm64 libraries for linux-arm64 (see
 * .ci/debian-packages-long.txt), wine for Windows, with its prefix in `directory`.
 */
export function runnerOf(platform: Platform, directory: string): Runner | undefined {
  const host = hostPlatform();
  if (platform.os === host.os && platform.arch === host.arch) return { prefix: [], environment: {} };
  if (host.os !== 'linux') return undefined;
  if (platform.os === 'linux' && platform.arch === 'arm64' && isCommand('qemu-aarch64-static')) {
    return { prefix: ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'], environment: { PATH: SYSTEM_PATH } };
  }
  return platform.os === 'win' && isCommand('wine') ? wineIn(directory) : undefined;
}

function wineIn(directory: string): Runner {
  const prefix = join(directory, 'wine');
  mkdirSync(prefix, { recursive: true });
  const environment = { PATH: SYSTEM_PATH, HOME: prefix, WINEPREFIX: join(prefix, 'prefix'), WINEDEBUG: '-all' };
  // Debian's wine reports Windows 7 by default, and Node does not start on it.
  const version = ['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/t', 'REG_SZ', '/d', 'win10', '/f'];
  execFileSync('wine', version, { env: environment, stdio: 'ignore' });
  return { prefix: ['wine'], environment };
}

/**
 * Returns the output of an executable that runs with the runner's environment only. Throws if it
 * fails.
 */
export function outputOf({ prefix, environment }: Runner, executable: string, args: readonly string[]): string {
  const [command = '', ...rest] = [...prefix, executable, ...args];
  const log = `${executable}.log`;
  // Node's pipes are sockets, and wine accepts no sockets for output.
  const output = openSync(log, 'w');
  const { status } = spawnSync(command, rest, { stdio: ['ignore', output, output], env: { ...environment } });
  closeSync(output);
  const text = readFileSync(log, 'utf8');
  rmSync(log);
  if (status !== 0) throw new Error(`${executable} ${args.join(' ')} ended with ${status}:\n${text}`);
  return text;
}

/** Returns true if a command is installed. */
export function isCommand(name: string): boolean {
  return spawnSync('which', [name], { stdio: 'ignore' }).status === 0;
}
