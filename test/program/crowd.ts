import { type ChildProcess, spawn } from 'node:child_process';
import type { Job } from './job-run.ts';
import { program } from './program.ts';

/** What one of many runs did; `exitCode` is undefined if a signal ended it. */
export interface CrowdRun {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** One of many runs, going on. */
export interface CrowdMember {
  readonly ended: Promise<CrowdRun>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the program so many times at once in a job. Unlike `Job.run`, nothing looks at the job's files, which change all the time. */
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
