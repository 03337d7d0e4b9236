import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { hostPlatform, type Platform } from '../build/executable.ts';

/** How this machine runs another platform's executables. */
export interface Runner {
  /** What stands before the executable on the command line. */
  readonly prefix: readonly string[];
  /** What must be in the environment. */
  readonly environment: Readonly<Record<string, string>>;
}

const SYSTEM_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * The runner for a platform; undefined where this machine has none. For linux-arm64 on another Linux: qemu with Debian's arm64 libraries
 * (`qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross`); for Windows: `wine`, with a prefix of its own under `directory`.
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
  // Node refuses to start on the Windows 7 that Debian's wine plays by default.
  const version = ['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/t', 'REG_SZ', '/d', 'win10', '/f'];
  execFileSync('wine', version, { env: environment, stdio: 'ignore' });
  return { prefix: ['wine'], environment };
}

/** What an executable of another platform prints, run with nothing but the runner's environment. Throws when it fails. */
export function outputOf({ prefix, environment }: Runner, executable: string, args: readonly string[]): string {
  const [command = '', ...rest] = [...prefix, executable, ...args];
  const log = `${executable}.log`;
  // Wine takes no sockets for output, which is what Node's pipes are.
  const output = openSync(log, 'w');
  const { status } = spawnSync(command, rest, { stdio: ['ignore', output, output], env: { ...environment } });
  closeSync(output);
  const text = readFileSync(log, 'utf8');
  rmSync(log);
  if (status !== 0) throw new Error(`${executable} ${args.join(' ')} ended with ${status}:\n${text}`);
  return text;
}

/** Whether a command is installed. */
export function isCommand(name: string): boolean {
  return spawnSync('which', [name], { stdio: 'ignore' }).status === 0;
}
