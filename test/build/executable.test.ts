import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project, root } from '../../scripts/build/bundle.ts';

const executable = join(root, 'dist', 'sem-aws-login');
const slimScript = join(root, 'dist', 'sem-aws-login.cjs');
const named = `sem-aws-login ${project.version}\n`;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'executable-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function run(command: string, args: readonly string[], environment: Record<string, string> = {}): string {
  return execFileSync(command, args, { encoding: 'utf8', cwd: directory, env: environment, timeout: 20_000 });
}

describe('both forms of the program print their version in an empty environment', () => {
  it('the executable', () => expect(run(executable, ['--version'])).toBe(named));
  it('the slim script', () => expect(run(process.execPath, [slimScript, '--version'])).toBe(named));
});

describe('NODE_OPTIONS does not affect the executable', () => {
  it('the executable does not run code from it', () => {
    const intruder = join(directory, 'intruder.cjs');
    writeFileSync(intruder, `require('node:fs').writeFileSync(${JSON.stringify(join(directory, 'was-here'))}, '');`);
    const environment = { NODE_OPTIONS: `--require=${intruder}` };
    expect(run(executable, ['--version'], environment)).toBe(named);
    expect(readdirSync(directory)).not.toContain('was-here');
    // Proves the test: the variable does affect a plain Node.
    run(process.execPath, ['-e', '0'], environment);
    expect(readdirSync(directory)).toContain('was-here');
  });

  it('the executable starts with an option that Node does not know', () => {
    expect(run(executable, ['--version'], { NODE_OPTIONS: '--no-such-option' })).toBe(named);
  });
});

describe('SIGUSR1 does not open Node’s inspector', () => {
  /** Sends SIGUSR1 after a delay (ms) and returns what the command writes to stderr until it ends. */
  async function stderrAfterSignal(command: readonly string[], delay: number): Promise<string> {
    const [program = '', ...args] = command;
    const child = spawn(program, args, { env: {}, cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const closed = new Promise((resolve) => child.on('close', resolve));
    await sleep(delay);
    child.kill('SIGUSR1');
    await closed;
    return stderr;
  }

  const delays = Array.from({ length: 60 }, (_, index) => index / 2);

  it('of the executable, at any time', async () => {
    for (const delay of delays) expect(await stderrAfterSignal([executable, '--version'], delay)).toBe('');
  }, 60_000);

  // Proves the test.
  it('but of a plain Node', async () => {
    const plain = [process.execPath, '-e', 'setTimeout(() => {}, 500)'];
    const texts = await Promise.all([100, 200, 300, 400].map((delay) => stderrAfterSignal(plain, delay)));
    expect(texts.join('')).toMatch(/Debugger listening|inspector/);
  });
});

describe('OPENSSL_CONF does not affect the executable', () => {
  const providerOf = (module: string) => `nodejs_conf = init
[init]
providers = list
[list]
other = other
[other]
module = ${module}
activate = 1
`;

  it('it loads no code from there', () => {
    const configuration = join(directory, 'openssl.cnf');
    writeFileSync(configuration, providerOf(join(directory, 'missing.so')));
    const environment = { OPENSSL_CONF: configuration };
    expect(run(executable, ['--version'], environment)).toBe(named);
    // Proves the test: a plain Node tries to load the module, and fails.
    expect(() => run(process.execPath, ['-e', '0'], environment)).toThrow();
  });

  it('it does not wait for a named pipe', () => {
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(run(executable, ['--version'], { OPENSSL_CONF: pipe })).toBe(named);
  });
});

// Node refuses it where NODE_OPTIONS has no effect. Nothing can turn that off, but nothing runs.
it('NODE_REPL_EXTERNAL_MODULE prevents the start, and its code does not run', () => {
  const intruder = join(directory, 'repl.cjs');
  writeFileSync(intruder, `require('node:fs').writeFileSync(${JSON.stringify(join(directory, 'repl-was-here'))}, '');`);
  expect(() => run(executable, ['--version'], { NODE_REPL_EXTERNAL_MODULE: intruder })).toThrow(/can't be used/);
  expect(readdirSync(directory)).not.toContain('repl-was-here');
});
