import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHere, pathOf } from '../install/installer-run.ts';

/** The id of the user `semaphore`, Debian's first. */
const user = 1000;

/** The result of a command; stdout and stderr together. */
export interface RootRun {
  readonly exitCode: number;
  readonly output: string;
}

/**
 * A Debian system in a directory, with a user `semaphore` who can use sudo, as on a hosted agent.
 */
export interface DebianRoot {
  readonly directory: string;
  /**
   * Runs a command line as that user, in the same HOME each time, without /proc, with these
   * variables only.
   */
  run(command: string, options?: RootRunOptions): Promise<RootRun>;
  /** Empties HOME and removes the command from /usr/local/bin. */
  reset(): void;
}

export interface RootRunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Size in kilobytes of a separate, empty disk for HOME. */
  readonly homeDisk?: number;
  readonly shell?: readonly string[];
}

/** Returns why this machine cannot create such a system; undefined if it can. */
export function debianRootObstacle(): string | undefined {
  if (process.geteuid?.() !== 0) return 'only root can make a root directory';
  return ['debootstrap', 'unshare', 'chroot']
    .map((tool) => (isHere(tool) ? undefined : `there is no ${tool}`))
    .find(Boolean);
}

/**
 * Creates a minimal system with the downloaders, other shells and sudo. Copies share their files as
 * hard links, so nothing in them may be changed in place.
 */
export function makeDebianRoot(): { copy(without: readonly string[]): DebianRoot; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'debian-'));
  const base = join(directory, 'base');
  const packages = 'ca-certificates,curl,wget,sudo,busybox-static,mksh';
  execFileSync('debootstrap', ['--variant=minbase', `--include=${packages}`, 'bookworm', base], { stdio: 'pipe' });
  const inBase = (script: string) => execFileSync('chroot', [base, 'sh', '-ec', script], { stdio: 'pipe' });
  inBase('useradd --create-home --shell /bin/bash semaphore');
  inBase('echo "semaphore ALL=(ALL) NOPASSWD: ALL" >/etc/sudoers.d/semaphore');
  let copies = 0;
  return {
    copy(without) {
      copies += 1;
      const copy = join(directory, String(copies));
      execFileSync('cp', ['-al', base, copy]);
      for (const program of without) rmSync(join(copy, 'usr/bin', program));
      return {
        directory: copy,
        run: (command, options) => runIn(copy, command, options),
        reset: () => resetHome(copy),
      };
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** Adds this machine's pinned Node. */
export function addNode({ directory }: DebianRoot): void {
  copyFileSync(process.execPath, join(directory, 'usr/local/bin/node'));
}

/** Adds a file that every user can read. */
export function addFile({ directory }: DebianRoot, path: string, content: string): void {
  mkdirSync(join(directory, path, '..'), { recursive: true });
  rmSync(join(directory, path), { force: true });
  writeFileSync(join(directory, path), content, { mode: 0o755 });
}

function resetHome(directory: string): void {
  rmSync(join(directory, 'usr/local/bin/sem-aws-login'), { force: true });
  rmSync(join(directory, 'home/semaphore'), { recursive: true });
  execFileSync('chroot', [directory, 'install', '-d', '-o', 'semaphore', '-g', 'semaphore', '/home/semaphore']);
}

/** In a mount namespace, so that mounts end with the command. */
function runIn(
  directory: string,
  command: string,
  { environment = {}, homeDisk, shell = ['bash', '-c'] }: RootRunOptions = {},
): Promise<RootRun> {
  const home = join(directory, 'home/semaphore');
  const mounts = [`mount -t proc proc '${directory}/proc'`];
  if (homeDisk !== undefined)
    mounts.push(`mount -t tmpfs -o size=${homeDisk}k,uid=${user},gid=${user} tmpfs '${home}'`);
  const variables = {
    HOME: '/home/semaphore',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LOGNAME: 'semaphore',
    ...environment,
  };
  const args = [
    ...['--mount', 'sh', '-ec', [...mounts, 'exec env -i "$@"'].join('\n'), 'sh'],
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    ...[pathOf('chroot'), `--userspec=${user}:${user}`, directory, ...shell, `cd ~ && ${command}`],
  ];
  return new Promise((resolve) => {
    const child = execFile('unshare', args, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
    child.stdin?.end();
  });
}
