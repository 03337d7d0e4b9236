import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The system calls of a program's main thread that change something on disk, seen and made to fail by strace. The main thread is enough,
 * because this program writes synchronously, and only it is followed, because strace counts calls by thread: the n-th `write` of the main
 * thread is always the same one, while the others write to each other as they like.
 */
const changing = [
  'open openat creat mkdir mkdirat mknod mknodat symlink symlinkat',
  'link linkat rename renameat renameat2 unlink unlinkat rmdir',
  'write writev pwrite64 pwritev pwritev2 sendfile copy_file_range ftruncate truncate fallocate',
  'fsync fdatasync sync_file_range chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utimensat futimesat',
].flatMap((names) => names.split(' '));

/** One call: its name, its number among the main thread's calls of that name, counted from 1, and how strace shows it. */
export interface SystemCall {
  readonly name: string;
  readonly number: number;
  readonly shown: string;
  /** The paths it works on, in the program's directory, without what is random in them. */
  readonly paths: string;
}

export interface Program {
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** Where its changes are of interest. */
  readonly directory: string;
}

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * What a call meets: an error (and all later calls of its name too, if it is lasting) or the program's end instead of its work, or a pause
 * (milliseconds) after it.
 */
export type Fault =
  | { readonly error: string; readonly lasting?: true }
  | { readonly signal: 'KILL' }
  | { readonly pause: number };

/** Whether strace is there and allowed to trace. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;
}

/** Runs a program and gives its calls that change something in its directory: neither opening to read nor writing to elsewhere is among them. */
export async function changesMadeBy(program: Program): Promise<readonly SystemCall[]> {
  const { calls } = await runTraced(program, []);
  return calls.filter(
    ({ shown }) => shown.includes(program.directory) && (!/^open/.test(shown) || /O_CREAT|O_TRUNC/.test(shown)),
  );
}

/**
 * Runs a program, made anew for each try, in which one call meets a fault. A run in which the call of that number was another one
 * than in the run that was seen (Node's main thread also wakes other threads, as often as it sees fit) is thrown away.
 */
export async function runWithFault<P extends Program>(
  call: SystemCall,
  fault: Fault,
  prepare: () => P | Promise<P>,
): Promise<Ended & { readonly program: P }> {
  const injection = `inject=${call.name}:${actionOf(fault)}:when=${call.number}${'lasting' in fault ? '+' : ''}`;
  for (let tries = 1; tries <= 10; tries++) {
    const program = await prepare();
    const { calls, ended } = await runTraced(program, ['-e', injection]);
    const met = calls.find(({ name, number }) => name === call.name && number === call.number);
    if (met !== undefined && pathsOf(met, program) === call.paths) return { ...ended, program };
  }
  throw new Error(`no run met the call ${call.shown}`);
}

function actionOf(fault: Fault): string {
  if ('error' in fault) return `error=${fault.error}`;
  // The signal strikes before the call is carried out only if the call is kept from it.
  if ('signal' in fault) return `signal=${fault.signal}:error=EINTR`;
  return `delay_exit=${fault.pause * 1000}`;
}

async function runTraced(
  program: Program,
  options: readonly string[],
): Promise<{ calls: readonly SystemCall[]; ended: Ended }> {
  const work = await mkdtemp(join(tmpdir(), 'sem-aws-login-strace-'));
  try {
    const log = join(work, 'log');
    const trace = `trace=${changing.map((name) => `?${name}`).join(',')}`;
    const ended = await endOf(
      'strace',
      ['-y', '-s', '0', '-o', log, '-e', trace, ...options, ...program.command],
      program,
    );
    return { ended, calls: parseLog(await readFile(log, 'latin1'), program) };
  } finally {
    await rm(work, { recursive: true });
  }
}

function parseLog(log: string, program: Program): readonly SystemCall[] {
  const counts = new Map<string, number>();
  return log.split('\n').flatMap((shown) => {
    const name = /^(\w+)\(/.exec(shown)?.[1];
    if (name === undefined) return [];
    const number = (counts.get(name) ?? 0) + 1;
    counts.set(name, number);
    return [{ name, number, shown, paths: pathsOf({ shown }, program) }];
  });
}

/** What tells one call from another: the paths that it is given, without what is random in them. */
function pathsOf({ shown }: Pick<SystemCall, 'shown'>, { directory }: Program): string {
  const given = shown.replace(/\) += .*$/, '').replaceAll(directory, '~');
  const paths = given.match(/<~[^>]*>|"~[^"]*"/g) ?? [];
  return paths.join(' ').replaceAll(/[0-9a-f]{16,}/g, 'RANDOM');
}

function endOf(command: string, parameters: readonly string[], { environment }: Program): Promise<Ended> {
  const child = spawn(command, parameters, { env: { ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => resolve({ ...output, status, signal }));
  });
}
