import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goodArguments, type Job, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { program } from './program.ts';

const aws = useAws();

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * Runs `exec` in the foreground of a separate terminal and presses a key when the command prints
 * `ready`. Returns all output of the terminal.
 */
function onTerminal(job: Job, script: string, key: string, redirection = ''): Promise<string> {
  const words = [...program, 'exec', '--quiet', ...goodArguments, '--', 'bash', '-c', script];
  const line = `trap : INT QUIT; ${words.map(quoted).join(' ')} ${redirection}; echo "exit code $?"`;
  const child = spawn('script', ['-q', '-f', '-c', `exec bash -c ${quoted(line)}`, '/dev/null'], {
    cwd: job.home,
    env: job.environment,
  });
  let shown = '';
  let pressed = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    if (pressed || !shown.includes('ready')) return;
    pressed = true;
    child.stdin.write(key);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(shown.replaceAll('\r\n', '\n')));
  });
}

// The foreground gets the key's signal: bash waits for it, sem-aws-login does not forward it, and
// the command counts.
const counting = (signal: string) =>
  `n=0; trap 'n=$((n+1))' ${signal}; echo ready; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; done; echo "signals: $n"; exit 7`;

describe('a key on the terminal reaches the command once, and exec waits for it', () => {
  it.each([
    ['Ctrl-C', 'INT', '\x03', ''],
    ['Ctrl-\\', 'QUIT', '\x1c', ''],
    ['Ctrl-C, stdin from elsewhere', 'INT', '\x03', '</dev/null'],
  ])('%s', async (_title, signal, key, redirection) => {
    const job = startJob(aws());
    const shown = await onTerminal(job, counting(signal), key, redirection);
    expect(shown).toMatch(/signals: 1\n(.*\n)?exit code 7\n$/);
    expect(readdirSync(join(job.home, '.sem-aws-login/jobs'))).toEqual([]);
  });

  it('Ctrl-C ends a command without a handler, with 143 and not 130', async () => {
    const job = startJob(aws());
    const shown = await onTerminal(job, 'trap "echo bye; exit 130" INT; echo ready; sleep 20', '\x03');
    expect(shown).toMatch(/bye\nexit code 143\n$/);
    expect(readdirSync(join(job.home, '.sem-aws-login/jobs'))).toEqual([]);
  });
});
