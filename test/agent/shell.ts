import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { makeTranscript, type Transcript } from './transcript.ts';

/** The result of one sourced command; the output has `\n` for the terminal's `\r\n`. */
export interface Outcome {
  readonly exitCode: number;
  readonly output: string;
}

export interface JobShell {
  /** False only if the machine has no `script` to create a pseudo-terminal. */
  readonly onTerminal: boolean;
  /** The agent's files: the current command and the environment files. */
  readonly directory: string;
  /** False after a command ended the shell (`exit`, `set -e`, a kill). */
  alive(): boolean;
  /**
   * Writes the command to a file and sources it. The exit code is 1 if the shell dies or is dead,
   * as on the agent. Rejects after `limitSeconds`.
   */
  run(command: string, onOutput?: (text: string) => void): Promise<Outcome>;
  /** Ends the shell and removes the agent's files. */
  close(): Promise<void>;
}

interface Options {
  readonly home: string;
  /** Limit for one command, after which the shell is killed. */
  readonly limitSeconds: number;
}

interface Waiting {
  onText(text: string): void;
  onEnd(): void;
}

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
 * True if `script` is installed, as on every Debian, Ubuntu and macOS. Node needs a native module
 * to create a pseudo-terminal. Without `script` the shell gets pipes.
 */
export const canMakeTerminal: boolean = executableOnPath('script');

// The arguments of util-linux and BSD differ.
const commandLineOf = (platform: NodeJS.Platform, onTerminal: boolean): readonly [string, ...string[]] => {
  if (!onTerminal) return ['bash', '-c', 'exec bash --login 2>&1'];
  if (platform === 'darwin') return ['script', '-q', '/dev/null', 'bash', '--login'];
  return ['script', '-q', '-f', '-c', 'exec bash --login', '/dev/null'];
};

/** The test's environment must not reach the job. */
const agentEnvironment = (home: string): Record<string, string> => ({
  HOME: home,
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  SHELL: '/bin/bash',
  TERM: 'xterm',
  LANG: 'C.UTF-8',
});

/**
 * Starts `bash --login` on a pseudo-terminal in `home`, without echo and prompt, as the Semaphore
 * agent does.
 */
export const startShell = async ({ home, limitSeconds }: Options): Promise<JobShell> => {
  const onTerminal = canMakeTerminal;
  const directory = await mkdtemp(join(tmpdir(), 'semaphore-agent-'));
  const [program, ...args] = commandLineOf(process.platform, onTerminal);
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(program, args, {
    cwd: home,
    env: agentEnvironment(home),
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // its own process group, so that a kill includes hanging children
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
  child.stdin.on('error', () => {}); // the shell can die before it reads its input
  child.stdout.setEncoding('utf8').on('data', (text: string) => waiting?.onText(text));

  /** Sends a line and collects the output between two marks, or until the shell ends. */
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
