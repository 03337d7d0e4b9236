import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The directory of the built executable, for a job's PATH. `npm test` builds it. */
export const executableDirectory = join(import.meta.dirname, '../dist');

/** The result of one run. */
export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built executable in HOME with this environment only and an empty stdin. Rejects only if
 * it could not start or was killed.
 */
export const runExecutable = (args: readonly string[], environment: { readonly HOME: string }): Promise<Run> =>
  new Promise((resolve, reject) => {
    const child = spawn(join(executableDirectory, 'sem-aws-login'), args, {
      cwd: environment.HOME,
      env: { PATH: '/usr/bin:/bin', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      if (exitCode === null) reject(new Error(`the executable was ended by ${signal}: ${stderr}`));
      else resolve({ exitCode, stdout, stderr });
    });
  });
