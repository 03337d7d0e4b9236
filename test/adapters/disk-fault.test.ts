import { closeSync, fstatSync, lstatSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, vi } from 'vitest';
import { canTrace, changesMadeBy, type Program, runWithFault, type SystemCall } from '../faults/system-calls.ts';
import { skipped } from '../skips.ts';
import { makeScratch, treeOf } from './scratch.ts';

// Dozens of processes, possibly on a slow machine.
vi.setConfig({ testTimeout: 180_000 });

const tracing = canTrace();
if (!tracing) skipped('faults of the disk, injected', 'strace is missing or is not allowed to trace');

/** The program that replaces files, in a new home with a user config file and no private files. */
function makeReplacing(): Program {
  const home = makeScratch();
  mkdirSync(join(home, '.aws'), { mode: 0o755 });
  writeFileSync(join(home, '.aws/config'), 'old', { mode: 0o640 });
  mkdirSync(join(home, 'own'), { mode: 0o700 });
  writeFileSync(join(home, 'own/unrelated'), '', { mode: 0o600 });
  const script = fileURLToPath(new URL('programs/replace-files.ts', import.meta.url));
  return { command: [execPath, script, home], environment: { PATH: env['PATH'] ?? '' }, directory: home };
}

const before = ['.aws/ 755', '.aws/config 640 "old"', 'own/ 700', 'own/unrelated 600 ""'];

const after = [
  '.aws/ 755',
  '.aws/config 640 "new"',
  'own/ 700',
  'own/jobs/ 700',
  'own/jobs/1/ 700',
  'own/jobs/1/env 600 "new env"',
  'own/jobs/1/token 600 "new token"',
  'own/unrelated 600 ""',
];

/** The changes that the program makes without a fault. */
async function changesOfReplacing(): Promise<readonly SystemCall[]> {
  const program = makeReplacing();
  expect(treeOf(program.directory)).toEqual(before);
  const calls = await changesMadeBy(program);
  expect(treeOf(program.directory)).toEqual(after);
  return calls;
}

describe.runIf(tracing)('a disk that fails', () => {
  /**
   * A failed second name becomes a copy; a failed removal leaves a leftover that is removed later.
   */
  const dispensable = ['link', 'linkat', 'unlink', 'unlinkat'];

  test.each(['EIO', 'ENOSPC'])(
    'with %s at any change: the failure is clear, and all files are unchanged',
    async (error) => {
      const vital = (await changesOfReplacing()).filter(({ name }) => !dispensable.includes(name));
      console.log(`${error} injected into each of ${vital.length} calls`);
      expect(vital.length).toBeGreaterThan(15);
      for (const call of vital) {
        const { stdout, program } = await runWithFault(call, { error }, makeReplacing);
        expect(JSON.parse(stdout), call.shown).toMatchObject({ kind: 'file-unusable', code: error });
        expect(treeOf(program.directory), call.shown).toEqual(before);
      }
    },
  );

  test('at every rename from one on: each file is whole, and an original that cannot be restored is kept beside it', async () => {
    const renames = (await changesOfReplacing()).filter(({ name }) => name.startsWith('rename'));
    expect(renames.length).toBeGreaterThan(2);
    const outcomes: string[] = [];
    for (const call of renames) {
      const { stdout, program } = await runWithFault(call, { error: 'EIO', lasting: true }, makeReplacing);
      expect(JSON.parse(stdout), call.shown).toMatchObject({ kind: 'file-unusable', code: 'EIO' });
      const lines = treeOf(program.directory).filter((line) => line.startsWith('.aws/'));
      outcomes.push(lines.map((line) => line.replace(/[0-9a-f]{16}/, 'RANDOM')).join('\n'));
    }
    const notYet = '.aws/ 755\n.aws/config 640 "old"';
    const notBack = '.aws/ 755\n.aws/.config.sem-aws-login-RANDOM 640 "old"\n.aws/config 640 "new"';
    expect(outcomes).toEqual([notYet, notYet, notBack]);
  });

  test('allows no second name: a copy of the original is used', async () => {
    const links = (await changesOfReplacing()).filter(({ name }) => name.startsWith('link'));
    expect(links.length).toBeGreaterThan(0);
    for (const call of links) {
      const { stdout, program } = await runWithFault(call, { error: 'EPERM' }, makeReplacing);
      expect(stdout, call.shown).toBe('true\n');
      expect(treeOf(program.directory), call.shown).toEqual(after);
    }
  });
});

describe.runIf(tracing)('another program writes just after our rename', () => {
  /** Result and files after another program writes just after the rename of the config file. */
  async function interferedWith(
    write: (config: string, formerlyOpened: number) => void,
  ): Promise<readonly [unknown, ...string[]]> {
    const rename = (await changesOfReplacing()).find(
      ({ name, paths }) => name.startsWith('rename') && paths.endsWith('"~/.aws/config"'),
    );
    if (rename === undefined) throw new Error('the program renames no config file');
    let interference: Promise<void> | undefined;
    const prepare = () => {
      const program = makeReplacing();
      interference = interfere(join(program.directory, '.aws/config'), write);
      return program;
    };
    const { stdout, program } = await runWithFault(rename, { pause: 1500 }, prepare);
    await interference;
    return [JSON.parse(stdout), ...treeOf(program.directory)];
  }

  async function interfere(config: string, write: (config: string, formerlyOpened: number) => void): Promise<void> {
    const formerlyOpened = openSync(config, 'r+');
    const original = fstatSync(formerlyOpened).ino;
    while (lstatSync(config).ino === original) await sleep(5);
    write(config, formerlyOpened);
    closeSync(formerlyOpened);
  }

  const others = ['own/ 700', 'own/unrelated 600 ""'];

  test('it had opened the original: its change is restored, ours is undone', async () => {
    const outcome = await interferedWith((_, formerlyOpened) => writeSync(formerlyOpened, 'their own'));
    expect(outcome).toEqual([false, '.aws/ 755', '.aws/config 640 "their own"', ...others]);
  });

  test('it had read the original and writes it over ours: its file stays, ours is undone', async () => {
    const outcome = await interferedWith((config) => writeFileSync(config, 'old and their own'));
    expect(outcome).toEqual([false, '.aws/ 755', '.aws/config 640 "old and their own"', ...others]);
  });

  test('it removes our new file: the file stays removed', async () => {
    const outcome = await interferedWith((config) => rmSync(config));
    expect(outcome).toEqual([false, '.aws/ 755', ...others]);
  });
});
