import { spawn } from 'node:child_process';

/** A block that shows a session: `$ ` begins a command, its output follows. */
export const consoleBlock = /^```console ?(\w*)\n(.*?)^```$/gms;

const mark = '@ next command @';

/** Runs the commands of a block in one bash and returns the block with its current output. */
export async function replayed(body: string, cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  const commands = body.split('\n').filter((line) => line.startsWith('$ '));
  const script = commands.map((command) => `echo '${mark}'; ${command.slice(2)}`).join('\n');
  const [, ...outputs] = (await outputOf(script, cwd, env)).split(`${mark}\n`);
  return commands.map((command, index) => `${command}\n${outputs[index] ?? ''}`).join('');
}

function outputOf(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', `exec 2>&1\n${script}`], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}

/** Replaces parts that change from run to run: HOME, times, durations and request ids. */
export function timeless(output: string, home: string): string {
  return output
    .replaceAll(home, '/home/semaphore')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '2026-11-22 21:15 UTC')
    .replaceAll(/(?<=request id\s+)[0-9a-f-]{36}/g, '7d3c5a1e-0f4b-4c6d-9a2e-5b8f1c3d7e90')
    .replaceAll(/(?<=issued )\d+ s(?= ago)/g, '40 s')
    .replaceAll(/^ {4}clock .*\n/gm, '')
    .replaceAll(/^bash: line \d+: /gm, 'bash: ')
    .replaceAll(/\b2[34] h(?: \d+ min)?/g, '23 h 59 min');
}
