import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type LocalAws, standardRoleArn } from '../aws-simulator/aws.ts';
import type { TokenChanges } from '../aws-simulator/issuer.ts';
import type { Agent } from '../aws-simulator/job-environment.ts';
import { type JobDescription, makeJob } from '../aws-simulator/semaphore-job.ts';
import type { RecordedRequest } from '../aws-simulator/sts-server.ts';
import { leaksOf } from './leak.ts';
import { program } from './program.ts';
import { changesBetween, type Snapshot, snapshotOf } from './snapshot.ts';

/** Variables to set for one run; `undefined` unsets one. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The environment of one run. */
export interface RunOptions {
  readonly environment?: Variables;
  /** The program's stdout is a terminal; stderr is not. */
  readonly terminal?: boolean;
  /** A command that runs the program, such as `['setpriv', '--reuid', '12345', …]`. */
  readonly wrapper?: readonly string[];
}

export interface Run {
  /** Undefined if a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /**
   * New and changed files in the job's directory (`home/…`, `tmp/…`) with their modes; `gone` for
   * removed ones. `JOB` replaces the job's id in a path.
   */
  readonly written: Readonly<Record<string, string>>;
  /** The requests to STS during the run. */
  readonly requests: readonly RecordedRequest[];
}

export interface StartedRun {
  readonly pid: number;
  readonly ended: Promise<Run>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when STS has received a request of this run. */
  whenAsked(): Promise<void>;
}

/** A Semaphore job on a new machine: empty HOME and TMPDIR, and the agent's variables. */
export interface Job {
  readonly id: string;
  readonly token: string;
  /** Holds `home` and `tmp`. */
  readonly directory: string;
  readonly home: string;
  readonly temporary: string;
  /** The job's directory below HOME; with some options it is elsewhere. */
  readonly own: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Writes a file and its directories, by its path below HOME. Returns the whole path. */
  write(path: string, text: string, mode?: number): string;
  /** Returns a file's text, by its path below HOME; undefined if it is missing. */
  read(path: string): string | undefined;
  /** Runs the program with these arguments only. */
  run(args: readonly string[], options?: RunOptions): Promise<Run>;
  start(args: readonly string[], options?: RunOptions): StartedRun;
  /** Runs a login with the standard role and region, and with these further arguments. */
  login(args?: readonly string[], options?: RunOptions): Promise<Run>;
}

export const goodArguments: readonly string[] = ['--role-arn', standardRoleArn, '--region', 'eu-west-1'];

/** Milliseconds after which a run counts as hung and its test fails. */
const longestRun = 45_000;

/** Prepares a job. Its directory is removed after the test. */
export function startJob(
  aws: LocalAws,
  options: TokenChanges & {
    readonly job?: JobDescription;
    readonly agent?: Agent;
    readonly environment?: Variables;
  } = {},
): Job {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'sem-aws-login-program-')));
  // A watcher on a self-hosted agent can still write its mark now.
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 }));
  const home = join(directory, 'home');
  const temporary = join(directory, 'tmp');
  mkdirSync(home, { mode: 0o755 });
  mkdirSync(temporary);
  chmodSync(directory, 0o755);
  chmodSync(temporary, 0o1777);
  const { job: description = 'branch', agent, environment: more = {}, ...changes } = options;
  const facts = makeJob(description);
  const given = aws.environmentFor(facts, { ...changes, ...(agent === undefined ? {} : { agent }) });
  const environment = withChanges(
    { PATH: process.env['PATH'], HOME: home, TMPDIR: temporary, ...given, ...aws.clientEnvironment },
    more,
  );
  const start = (args: readonly string[], runOptions: RunOptions = {}) =>
    startRun({ aws, directory, id: facts.jobId }, args, {
      ...runOptions,
      environment: withChanges(environment, runOptions.environment ?? {}),
    });
  const run = (args: readonly string[], runOptions?: RunOptions) => start(args, runOptions).ended;
  return {
    id: facts.jobId,
    token: given['SEMAPHORE_OIDC_TOKEN'] ?? '',
    directory,
    home,
    temporary,
    own: join(home, '.sem-aws-login', 'jobs', facts.jobId),
    environment,
    write: (path, text, mode = 0o644) => {
      const file = join(home, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode });
      return file;
    },
    read: (path) => (existsSync(join(home, path)) ? readFileSync(join(home, path), 'utf8') : undefined),
    run,
    start,
    login: (args = [], runOptions) => run([...goodArguments, ...args], runOptions),
  };
}

function withChanges(environment: Variables, changes: Variables): Record<string, string> {
  const entries = Object.entries({ ...environment, ...changes });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function startRun(
  { aws, directory, id }: Pick<Job, 'directory' | 'id'> & { readonly aws: LocalAws },
  args: readonly string[],
  options: RunOptions & { readonly environment: Record<string, string> },
): StartedRun {
  const before = snapshotOf(directory);
  const asked = aws.requests.length;
  const issued = aws.sessions.issued.length;
  const errors = options.terminal === true ? makeErrorFile() : undefined;
  const plain = [...(options.wrapper ?? []), ...program, ...args];
  const [command = '', ...rest] = errors === undefined ? plain : onTerminal(plain, errors);
  // stdin is a pipe without data or end: a program that reads it never ends.
  const child = spawn(command, rest, { cwd: directory, env: options.environment });
  const argv = argvOf(child.pid);
  const ended = resultOf(child).then(({ exitCode, stdout, stderr }): Run => {
    const after = snapshotOf(directory);
    const messages = errors === undefined ? stderr : readFileSync(errors, 'utf8');
    rejectLeaks(aws, { before, after, stdout, stderr: messages, issued, argv, args, environment: options.environment });
    return {
      exitCode,
      stdout,
      stderr: messages,
      written: withoutJobId(changesBetween(before, after), id),
      requests: aws.requests.slice(asked),
    };
  });
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    whenAsked: async () => {
      while (aws.requests.length === asked && child.exitCode === null) await sleep(5);
    },
  };
}

function withoutJobId(written: Run['written'], id: string): Run['written'] {
  return Object.fromEntries(Object.entries(written).map(([path, mode]) => [path.replaceAll(id, 'JOB'), mode]));
}

/** Checks every run for leaked secrets. */
function rejectLeaks(
  aws: LocalAws,
  run: {
    readonly before: Snapshot;
    readonly after: Snapshot;
    readonly stdout: string;
    readonly stderr: string;
    readonly issued: number;
    readonly argv: string;
    readonly args: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
  },
): void {
  const { args, environment } = run;
  const token = environment['SEMAPHORE_OIDC_TOKEN'] ?? environment['OTHER_TOKEN'];
  const leaks = leaksOf({
    ...run,
    token,
    sessions: aws.sessions.issued.slice(run.issued),
    // Some tests put the token there themselves.
    argv: args.some((argument) => argument.includes('eyJ')) ? '' : run.argv,
    keysPrinted: args[0] === 'credentials',
    keysExported: args.includes('static') || environment['SEM_AWS_LOGIN_EXPORT'] === 'static',
  });
  if (leaks.length > 0) throw new Error(`Leaked secrets: ${leaks.join(', ')}\n${run.stderr}`);
}

function resultOf(child: ChildProcessWithoutNullStreams): Promise<Pick<Run, 'exitCode' | 'stdout' | 'stderr'>> {
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // The program can end before its stdin does.
  child.stdin.on('error', () => {});
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`still running after ${longestRun} ms; output so far:\n${stdout}\n${stderr}`));
    }, longestRun);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      child.stdin.destroy();
      resolve({ exitCode: code ?? undefined, stdout, stderr });
    });
  });
}

/** The command line as `ps` shows it to everyone; empty without `/proc`. */
function argvOf(pid: number | undefined): string {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function makeErrorFile(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sem-aws-login-stderr-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'stderr');
}

function onTerminal(command: readonly string[], errors: string): readonly string[] {
  const line = [...command, '2>'].map((word) => (word === '2>' ? word : quoted(word))).join(' ');
  return ['script', '-q', '-e', '-f', '-c', `exec ${line} ${quoted(errors)}`, '/dev/null'];
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
