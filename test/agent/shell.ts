import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { makeTranscript, type Transcript } from './transcript.ts';

/** What one sourced command did. The output is the terminal's, with `\n` for its `\r\n`. */
export type Outcome = { readonly exitCode: number; readonly output: string };

/** The one shell of a job. */
export type JobShell = {
  /** Whether it sits on a pseudo-terminal; false only where the machine has no `script` to make one with. */
  readonly onTerminal: boolean;
  /** Where the agent keeps its own files: the current command and the environment files. */
  readonly directory: string;
  /** False once a command has ended the shell itself (`exit`, `set -e` and a failure, a kill). */
  alive(): boolean;
  /**
   * Writes the command to a file, has the shell source it, and gives its exit code. A shell that dies meanwhile, or
   * is dead, gives 1, as the agent reports it. A command that is not done after `limitSeconds` is an error.
   */
  run(command: string, onOutput?: (text: string) => void): Promise<Outcome>;
  /** Ends the shell and removes the agent's files. */
  close(): Promise<void>;
};

type Options = {
  readonly home: string;
  /** The limit of one command, after which the shell is killed: a job that hangs must not hang the tests. */
  readonly limitSeconds: number;
};

type Waiting = { onText(text: string): void; onEnd(): void };

const executableOnPath = (name: string): boolean =>
  (process.env['PATH'] ?? '').split(':').some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/**
 * Whether this machine has `script`, which every Debian, Ubuntu and macOS has: Node cannot make a pseudo-terminal by
 * itself without a native module. Where it is missing the shell gets pipes.
 */
export const canMakeTerminal: boolean = executableOnPath('script');

// The arguments differ between util-linux and BSD.
const commandLineOf = (platform: NodeJS.Platform, onTerminal: boolean): readonly [string, ...string[]] => {
  if (!onTerminal) return ['bash', '-c', 'exec bash --login 2>&1'];
  if (platform === 'darwin') return ['script', '-q', '/dev/null', 'bash', '--login'];
  return ['script', '-q', '-f', '-c', 'exec bash --login', '/dev/null'];
};

/** Only what the agent's own service would have: nothing of the test's environment reaches the job. */
const agentEnvironment = (home: string): Record<string, string> => ({
  HOME: home,
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  SHELL: '/bin/bash',
  TERM: 'xterm',
  LANG: 'C.UTF-8',
});

/** Starts `bash --login` on a pseudo-terminal, in `home`, silent and without a prompt, as the Semaphore agent does. */
export const startShell = async ({ home, limitSeconds }: Options): Promise<JobShell> => {
  const onTerminal = canMakeTerminal;
  const directory = await mkdtemp(join(tmpdir(), 'semaphore-agent-'));
  const [program, ...args] = commandLineOf(process.platform, onTerminal);
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(program, args, {
    cwd: home,
    env: agentEnvironment(home),
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // a process group of its own, to be killed with whatever hangs in it
  });
  const kill = (): void => {
    if (child.pid !== undefined && alive) process.kill(-child.pid, 'SIGKILL');
  };
  let alive = true;
  let waiting: Waiting | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      alive = false;
      waiting?.onEnd();
      resolve();
    });
  });
  child.stdin.on('error', () => {}); // the shell may die before it has read what was written
  child.stdout.setEncoding('utf8').on('data', (text: string) => waiting?.onText(text));

  /** Sends a line and collects what comes between the two marks, or until the shell ends. */
  const exchange = (line: string, start: RegExp, end: RegExp, onOutput: (text: string) => void) =>
    new Promise<Transcript>((resolve, reject) => {
      const transcript = makeTranscript(start, end, onOutput);
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        waiting = undefined;
        finish();
      };
      const timer = setTimeout(() => {
        kill();
        const text = transcript.text();
        settle(() => reject(new Error(`A command of the job was not done after ${limitSeconds} s; so far:\n${text}`)));
      }, limitSeconds * 1000);
      waiting = {
        onText: (text) => {
          if (transcript.add(text)) settle(() => resolve(transcript));
        },
        onEnd: () => settle(() => resolve(transcript)),
      };
      child.stdin.write(`${line}\n`);
    });

  const ready = randomUUID();
  const quiet = `export PS1=''; unset PROMPT_COMMAND; stty -echo 2>/dev/null; cd ~; printf 'ready %s\\n' ${ready}`;
  await exchange(quiet, /^/, new RegExp(`ready ${ready}\\r?\\n`), () => {});

  const run: JobShell['run'] = async (command, onOutput) => {
    if (!alive) return { exitCode: 1, output: '' };
    const file = join(directory, 'current-agent-cmd');
    await writeFile(file, command);
    const mark = randomUUID();
    const line =
      `printf '\\001 %s start\\n' ${mark}; source ${file}; AGENT_CMD_RESULT=$?; ` +
      `printf '\\001 %s end %d\\n' ${mark} "$AGENT_CMD_RESULT"; (exit "$AGENT_CMD_RESULT")`;
    const start = new RegExp(`\\u0001 ${mark} start\\r?\\n`);
    const end = new RegExp(`\\u0001 ${mark} end (\\d+)\\r?\\n`);
    const transcript = await exchange(line, start, end, onOutput ?? (() => {}));
    return { exitCode: Number(transcript.endGroup() ?? 1), output: transcript.text().replaceAll('\r\n', '\n') };
  };

  const close = async (): Promise<void> => {
    child.stdin.end('exit\n');
    const timer = setTimeout(kill, 5000);
    await ended;
    clearTimeout(timer);
    await rm(directory, { recursive: true, force: true });
  };

  return { onTerminal, directory, alive: () => alive, run, close };
};
