import { execFileSync, spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { onTestFinished } from 'vitest';

/** The shells that the installer is written for, as far as this machine has them. */
export const shells = {
  dash: ['dash'],
  'busybox sh': ['busybox', 'sh'],
  bash: ['bash'],
} as const;

/** A shell by its name. */
export type ShellName = keyof typeof shells;

/** What the installer may use beside what downloads. */
const tools = [
  ...[
    'cat',
    'chmod',
    'df',
    'find',
    'grep',
    'gzip',
    'id',
    'ln',
    'ls',
    'mkdir',
    'mkfifo',
    'mktemp',
    'mv',
    'readlink',
    'rm',
    'rmdir',
  ],
  ...['sed', 'sha256sum', 'sh', 'sleep', 'tar', 'tee', 'tr', 'uname'],
];

/** What one run of the installer did. */
export interface Installed {
  readonly exitCode: number | null;
  readonly output: string;
}

/** A machine of a test's own: a HOME, and a PATH with these programs and no others. */
export interface Machine {
  readonly home: string;
  /** `~/.sem-aws-login`. */
  readonly root: string;
  /** The directory of programs. */
  readonly programs: string;
  /** Adds a program that is a shell script. */
  addProgram(name: string, script: string): void;
  /** Does something to HOME beforehand, with all programs at hand; throws where that fails. */
  prepare(command: string): void;
  /** Runs the installer: its text on the shell's stdin, as `curl … | bash` has it. */
  install(run: InstallerRun): Promise<Installed>;
  /** Runs a command line in the job that follows: what it prints. */
  job(command: string, environment?: Readonly<Record<string, string>>): Promise<Installed>;
}

/** How the installer is run. */
export interface InstallerRun {
  readonly installer: string;
  /** dash, unless said. */
  readonly shell?: ShellName;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the installer and what it has started, as an agent ends a job. */
  readonly signal?: AbortSignal;
}

/** Makes a machine; what is named in `programs` is this machine's. `~/.local/bin` comes first on PATH, unless another path is given. */
export function makeMachine({
  programs = ['curl'],
  path = '~/.local/bin',
  name = 'machine',
}: {
  readonly programs?: readonly string[];
  readonly path?: string;
  readonly name?: string;
} = {}): Machine {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), `${name}-`)));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const home = join(directory, 'home');
  const bin = join(directory, 'bin');
  mkdirSync(home, { mode: 0o755 });
  mkdirSync(bin);
  for (const program of [...tools, ...programs]) symlinkSync(pathOf(program), join(bin, program));
  const environment = {
    HOME: home,
    PATH: path === '' ? bin : `${path.replaceAll('~', home)}:${bin}`,
    TMPDIR: directory,
  };
  const run = (command: readonly string[], { environment: more, ...rest }: CommandRun) =>
    runCommand(command, { cwd: directory, environment: { ...environment, ...more }, ...rest });
  return {
    home,
    root: join(home, '.sem-aws-login'),
    programs: bin,
    addProgram(program, script) {
      // What stands there is a link to the program of the machine that runs the tests: never to be written through.
      rmSync(join(bin, program), { force: true });
      writeFileSync(join(bin, program), `#!/bin/sh\n${script}`, { mode: 0o755, flag: 'wx' });
    },
    prepare(command) {
      execFileSync('bash', ['-ec', `cd ~ && ${command}`], { env: { ...process.env, HOME: home } });
    },
    install({ installer, shell = 'dash', args = [], ...how }) {
      const [first, ...rest] = shells[shell];
      return run([pathOf(first), ...rest, '-s', '--', ...args], { input: installer, ...how });
    },
    job: (command, more = {}) => run([pathOf('bash'), '-c', command], { environment: more }),
  };
}

/** Whether this machine has a program. */
export function isHere(program: string): boolean {
  return find(program) !== undefined;
}

/** Where this machine has a program; throws where it has not. `node` is the pinned one. */
export function pathOf(program: string): string {
  const path = program === 'node' ? process.execPath : find(program);
  if (path === undefined) throw new Error(`This machine has no ${program}`);
  return path;
}

function find(program: string): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(':').map((directory) => join(directory, program));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** All that is below a directory: a line each, sorted, with the mode; of a link where it leads to, from that directory. */
export function treeOf(directory: string, prefix = ''): readonly string[] {
  return readdirSync(join(directory, prefix))
    .sort()
    .flatMap((name) => {
      const path = join(prefix, name);
      const stats = lstatSync(join(directory, path));
      if (stats.isSymbolicLink()) return [`${path} -> ${relative(directory, readlinkSync(join(directory, path)))}`];
      const mode = (stats.mode & 0o7777).toString(8);
      return stats.isDirectory() ? [`${path}/ ${mode}`, ...treeOf(directory, path)] : [`${path} ${mode}`];
    });
}

interface CommandRun {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

function runCommand(
  [command = '', ...args]: readonly string[],
  { input = '', environment = {}, signal, cwd }: CommandRun & { readonly cwd: string },
): Promise<Installed> {
  return new Promise((resolve, reject) => {
    // A group of its own, as a job's command has: what ends it ends all of it.
    const child = spawn(command, args, { cwd, env: environment, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    signal?.addEventListener('abort', () => child.pid !== undefined && process.kill(-child.pid, 'SIGTERM'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    // A shell that has found an error does not read the rest.
    child.stdin.on('error', () => undefined).end(input);
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, output }));
  });
}
