import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentFileOf } from './environment-file.ts';
import { type JobShell, startShell } from './shell.ts';

/** The part of a pipeline's job that a command stands in. */
export type Phase = 'prologue' | 'commands' | 'epilogue';

/** A Semaphore job, as its YAML and its project give it. */
export type Job = {
  /** HOME of the agent's user; the shell starts in it. */
  readonly home: string;
  /** The job's variables (`SEMAPHORE_…`, secrets). They reach the shell through a file that is sourced once. */
  readonly environment: Readonly<Record<string, string>>;
  readonly prologue?: readonly string[];
  readonly commands: readonly string[];
  /** Commands of `epilogue: always`. */
  readonly epilogue?: readonly string[];
  /** Told before a command runs: what the log shows as its headline. */
  readonly onCommand?: (phase: Phase, command: string) => void;
  /** Told the terminal's text as it comes, `\r\n` included. */
  readonly onOutput?: (text: string) => void;
  /** Limit of one command in seconds, 120 unless given. */
  readonly limitSeconds?: number;
};

/** One command that ran, in the order of running. */
export type Step = {
  readonly phase: Phase;
  readonly command: string;
  readonly exitCode: number;
  readonly output: string;
};

/** What became of a job. */
export type PlayedJob = {
  readonly steps: readonly Step[];
  readonly result: 'passed' | 'failed' | 'stopped';
  /** Whether the shell lived to the end; a dead one ran no epilogue. */
  readonly shellSurvived: boolean;
  /** Whether the shell sat on a pseudo-terminal, as on a real agent. */
  readonly onTerminal: boolean;
};

/** The agent takes this exit code of any command as "stop the job", and runs no epilogue then. */
const STOPPED = 130;

const exportVariables = async (shell: JobShell, name: string, variables: Job['environment']): Promise<void> => {
  const file = join(shell.directory, name);
  await writeFile(file, environmentFileOf(variables));
  const { exitCode, output } = await shell.run(`source ${file}`);
  if (exitCode !== 0) throw new Error(`The job's variables could not be set: ${output}`);
};

/**
 * Plays a job as Semaphore's agent does on a hosted machine: one login shell on a pseudo-terminal, each command sourced
 * from a file, until the first that fails; then the epilogue, with SEMAPHORE_JOB_RESULT set.
 */
export const playJob = async (job: Job): Promise<PlayedJob> => {
  const shell = await startShell({ home: job.home, limitSeconds: job.limitSeconds ?? 120 });
  const steps: Step[] = [];
  const runAll = async (phase: Phase, commands: readonly string[]): Promise<number> => {
    for (const command of commands) {
      if (!shell.alive()) return 1;
      job.onCommand?.(phase, command);
      const outcome = await shell.run(command, job.onOutput);
      steps.push({ phase, command, ...outcome });
      if (outcome.exitCode !== 0) return outcome.exitCode;
    }
    return 0;
  };
  try {
    await exportVariables(shell, '.env', job.environment);
    const prologue = await runAll('prologue', job.prologue ?? []);
    const exitCode = prologue === 0 ? await runAll('commands', job.commands) : prologue;
    const result = exitCode === 0 ? 'passed' : exitCode === STOPPED ? 'stopped' : 'failed';
    if (shell.alive() && result !== 'stopped') {
      await exportVariables(shell, '.env-epilogue', { SEMAPHORE_JOB_RESULT: result });
      await runAll('epilogue', job.epilogue ?? []);
    }
    return { steps, result, shellSurvived: shell.alive(), onTerminal: shell.onTerminal };
  } finally {
    await shell.close();
  }
};
