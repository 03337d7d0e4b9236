import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * System calls that change the disk. strace follows the main thread only: this program writes
 * synchronously, and strace counts calls by thread, so that the n-th `write` of the main thread is
 * always the same.
 */
const changing = [
  'open openat creat mkdir mkdirat mknod mknodat symlink symlinkat',
  'link linkat rename renameat renameat2 unlink unlinkat rmdir',
  'write writev pwrite64 pwritev pwritev2 sendfile copy_file_range ftruncate truncate fallocate',
  'fsync fdatasync sync_file_range chmod fchmod fchmodat fchmodat2 chown fchown lchown fchownat utimensat futimesat',
].flatMap((names) => names.split(' '));

/**
 * A call. `number` counts the main thread's calls of that name from 1; `shown` is strace's line.
 */
export interface SystemCall {
  readonly name: string;
  readonly number: number;
  readonly shown: string;
  /** Its paths in the program's directory, without random parts. */
  readonly paths: string;
}

export interface Program {
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
  /** Changes outside it are ignored. */
  readonly directory: string;
}

export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * An error (`lasting`: of all later calls of that name, too) or a kill instead of the call, or a
 * pause (ms) after it.
 */
export type Fault =
  | { readonly error: string; readonly lasting?: true }
  | { readonly signal: 'KILL' }
  | { readonly pause: number };

/** Whether strace is installed and allowed to trace. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;
}

/** Runs a program and returns its calls that change its directory. */
export async function changesMadeBy(program: Program): Promise<readonly SystemCall[]> {
  const { calls } = await runTraced(program, []);
  return calls.filter(
    ({ shown }) => shown.includes(program.directory) && (!/^open/.test(shown) || /O_CREAT|O_TRUNC/.test(shown)),
  );
}

/**
 * Runs a program with a fault in one call. Retries, with a new program, if the call with that
 * number is a different one: Node's main thread also wakes other threads, a varying number of
 * times.
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
  // Without the error, the call would be carried out before the signal takes effect.
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

/** Returns what identifies a call: its paths, without random parts. */
function pathsOf({ shown }: Pick<SystemCall, 'shown'>, { directory }: Program): string {
  const given = shown.replace(/\) += .*$/, '').replaceAll(directory, '~');
  const paths = given.match(/<~[^>]*>|"~[^"]*"/g) ?? [];
  return paths.join(' ').replaceAll(/[0-9a-f]{16,}|(?<=\benv-)[0-9a-f]{8}\b/g, 'RANDOM');
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
