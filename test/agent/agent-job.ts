import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentFileOf } from './environment-file.ts';
import { type JobShell, startShell } from './shell.ts';

/** The part of a job that a command belongs to. */
export type Phase = 'prologue' | 'commands' | 'epilogue';

/** A Semaphore job, as defined in its YAML and its project. */
export interface Job {
  /** HOME of the agent's user, where the shell starts. */
  readonly home: string;
  /** The job's variables (`SEMAPHORE_…`, secrets). The shell sources them from a file. */
  readonly environment: Readonly<Record<string, string>>;
  readonly prologue?: readonly string[];
  readonly commands: readonly string[];
  readonly epilogue?: readonly string[];
  /** Called before a command runs, with the headline of the log. */
  readonly onCommand?: (phase: Phase, command: string) => void;
  /** Called with the terminal's output as it arrives, `\r\n` included. */
  readonly onOutput?: (text: string) => void;
  /** Limit for one command in seconds, 120 by default. */
  readonly limitSeconds?: number;
}

/** A command that ran, in order. */
export interface Step {
  readonly phase: Phase;
  readonly command: string;
  readonly exitCode: number;
  readonly output: string;
}

/** The result of a job. */
export interface PlayedJob {
  readonly steps: readonly Step[];
  readonly result: 'passed' | 'failed' | 'stopped';
  /** False if a command ended the shell; there was no epilogue then. */
  readonly shellSurvived: boolean;
  /** True if the shell had a pseudo-terminal, as on a real agent. */
  readonly onTerminal: boolean;
}

/** With this exit code of a command the agent stops the job and skips the epilogue. */
const STOPPED = 130;

const exportVariables = async (shell: JobShell, name: string, variables: Job['environment']): Promise<void> => {
  const file = join(shell.directory, name);
  await writeFile(file, environmentFileOf(variables));
  const { exitCode, output } = await shell.run(`source ${file}`);
  if (exitCode !== 0) throw new Error(`The job's variables could not be set: ${output}`);
};

/**
 * Runs a job like Semaphore's agent on a hosted machine: one login shell on a pseudo-terminal, each
 * command sourced from a file until one fails, then the epilogue with SEMAPHORE_JOB_RESULT.
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
