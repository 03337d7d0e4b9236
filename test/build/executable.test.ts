import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  return execFileSync(command, args, { encoding: 'utf8', cwd: directory, env: environment });
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
