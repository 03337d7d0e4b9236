import { type ChildProcess, spawn } from 'node:child_process';
import type { Job } from './job-run.ts';
import { program } from './program.ts';

/** `exitCode` is undefined if a signal ended the run. */
export interface CrowdRun {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CrowdMember {
  readonly ended: Promise<CrowdRun>;
  kill(signal: NodeJS.Signals): void;
}

/**
 * Starts the program `count` times at once in a job. Does not check the job's files as `Job.run`
 * does, since they change all the time.
 */
export function startCrowd(job: Job, args: readonly string[], count: number): readonly CrowdMember[] {
  return Array.from({ length: count }, () => {
    const [command, ...first] = program;
    const child = spawn(command, [...first, ...args], {
      cwd: job.home,
      env: job.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return { ended: resultOf(child), kill: (signal) => void child.kill(signal) };
  });
}

function resultOf(child: ChildProcess): Promise<CrowdRun> {
  const texts = [child.stdout, child.stderr].map(async (stream) => {
    let text = '';
    for await (const part of stream?.setEncoding('utf8') ?? []) text += part;
    return text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', async (code) => {
      const [stdout = '', stderr = ''] = await Promise.all(texts);
      resolve({ exitCode: code ?? undefined, stdout, stderr });
    });
  });
}
