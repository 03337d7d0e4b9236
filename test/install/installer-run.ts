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

/** The shells that the installer supports, if installed here. */
export const shells = {
  dash: ['dash'],
  'busybox sh': ['busybox', 'sh'],
  bash: ['bash'],
} as const;

export type ShellName = keyof typeof shells;

/** The tools that the installer can use, apart from downloaders. */
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

export interface Installed {
  /** Undefined after a signal. */
  readonly exitCode: number | undefined;
  readonly output: string;
}

/** A machine for one test: a HOME, and a PATH with these programs only. */
export interface Machine {
  readonly home: string;
  /** `~/.sem-aws-login`. */
  readonly root: string;
  readonly programs: string;
  /** Adds a shell script as a program. */
  addProgram(name: string, script: string): void;
  /** Runs a command in HOME first, with all programs; throws if it fails. */
  prepare(command: string): void;
  /** Runs the installer with its text on stdin, like `curl … | bash`. */
  install(run: InstallerRun): Promise<Installed>;
  /** Runs a command line in the same job, after the installer. */
  job(command: string, environment?: Readonly<Record<string, string>>): Promise<Installed>;
}

export interface InstallerRun {
  readonly installer: string;
  /** Default: dash. */
  readonly shell?: ShellName;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the installer and its children, as an agent ends a job. */
  readonly signal?: AbortSignal;
}

/**
 * Creates a machine with this computer's `programs`. `~/.local/bin` is first on the default PATH.
 */
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
      // Removes the link first: a write would change this computer's own program.
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

export function isHere(program: string): boolean {
  return find(program) !== undefined;
}

/** Returns the path of a program; throws if it is missing. `node` is the pinned Node. */
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

/**
 * Lists a directory recursively: one sorted line each, with the mode or the link's relative target.
 */
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
    // A separate process group, as for a job's command, so that a kill ends all of it.
    const child = spawn(command, args, { cwd, env: environment, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    signal?.addEventListener('abort', () => child.pid !== undefined && process.kill(-child.pid, 'SIGTERM'));
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    // A shell does not read the rest after a syntax error.
    child.stdin.on('error', () => undefined).end(input);
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode: exitCode ?? undefined, output }));
  });
}
