import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { makeScratch, treeOf } from './scratch.ts';

// Dozens of processes, possibly on a slow machine.
vi.setConfig({ testTimeout: 180_000 });

const run = promisify(execFile);

function runProgram(name: string, ...parameters: string[]): Promise<unknown> {
  return run(execPath, [fileURLToPath(new URL(`programs/${name}`, import.meta.url)), ...parameters]);
}

test('50 processes add a section each while another program rewrites the file: no change is lost', async () => {
  const home = makeScratch();
  const path = join(home, 'config');
  writeFileSync(path, '[profile other]\nforeign = 0\n', { mode: 0o600 });
  const names = Array.from({ length: 50 }, (_, index) => `job-${index + 1}`);
  await Promise.all([
    runProgram('read-and-write-back.ts', path, '40'),
    ...names.map((name) => runProgram('add-profile.ts', path, name)),
  ]);
  const sections = readFileSync(path, 'latin1').split(/^(?=\[)/m);
  const expected = names.map((name) => `[profile ${name}]\nregion = eu-west-1\n`);
  expect(sections.sort()).toEqual([...expected, '[profile other]\nforeign = 40\n'].sort());
  expect(treeOf(home)).toHaveLength(1);
});
