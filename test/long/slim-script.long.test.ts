import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('the slim script passes the same whole-program tests as the executable', () => {
  const directory = mkdtempSync(join(tmpdir(), 'sem-aws-login-slim-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', '--no-color', 'test/program'], {
    cwd: root,
    encoding: 'utf8',
    // A separate file for skips: the inner run would empty this run's file.
    env: { ...process.env, PROGRAM_UNDER_TEST: 'dist/sem-aws-login.cjs', SKIPS_FILE: join(directory, 'skips') },
  });
  const end = `${stdout}\n${stderr}`.slice(-4000);
  expect(status, end).toBe(0);
  expect(end).toMatch(/\b[1-9]\d* passed, 0 failed/);
});
