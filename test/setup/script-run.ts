import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ScriptRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script in a directory. `aws` is the text of the program that the script finds as `aws`. */
export async function runScript(
  shell: readonly string[],
  script: string,
  directory: string,
  aws: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ScriptRun> {
  const programs = join(directory, 'programs');
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, 'aws'), aws);
  chmodSync(join(programs, 'aws'), 0o755);
  writeFileSync(join(directory, 'setup.sh'), script);
  const [command = 'sh', ...args] = shell;
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, join(directory, 'setup.sh')], {
      cwd: directory,
      env: { PATH: `${programs}:/usr/bin:/bin`, HOME: directory, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
