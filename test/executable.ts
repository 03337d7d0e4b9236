import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** The directory of the built executable, for a job's PATH. `npm test` builds it. */
export const executableDirectory = join(import.meta.dirname, '../dist');

/** What one run of the executable did. */
export type Run = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/**
 * Runs the built executable with this environment and no other, in HOME, with nothing on stdin; stdout and stderr are
 * pipes. Rejects only where it could not be started or was killed.
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
