import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { makeProcessTable } from '../../src/adapters/process-table.ts';
import { startWatcher } from '../../src/adapters/watcher.ts';
import type { ProcessIdentity, Watch } from '../../src/world/world.ts';
import { skipped } from '../skips.ts';
import { makeScratch, stranger } from './scratch.ts';

const isLinux = process.platform === 'linux';
if (!isLinux) skipped('the watcher', 'it needs Linux');
const canLimit = isLinux && process.geteuid?.() === 0 && spawnSync('prlimit', ['--version']).status === 0;
if (!canLimit) skipped('the watcher in a full process table', 'it needs root, and `prlimit`');

/** A process to watch. */
function startOwner(): { readonly child: ChildProcess; readonly identity: ProcessIdentity } {
  const child = spawn('sleep', ['300'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const self = makeProcessTable(process).thisProcess();
  const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1');
  const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  if (self === undefined) throw new Error('no process table');
  return { child, identity: { ...self, pid: child.pid ?? 0, startTime } };
}

interface Scene {
  readonly directory: string;
  readonly watch: Watch;
  /** Each line has the arguments and variables of a call of the program. */
  calls(): readonly string[];
}

/** A job's directory, and a program that notes its calls and, when called, removes the directory. */
function makeScene(owners: readonly ProcessIdentity[], program = 'rm -r "$4"'): Scene {
  const scratch = makeScratch();
  const directory = join(scratch, 'jobs', 'j1');
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of [
    ['token', 'eyJ'],
    ['credentials.json', '{"secret":1}'],
    ['env', 'export A=secret'],
    ['.token.sem-aws-login-0123456789abcdef', 'eyJ'],
    ['login.json', '{"form":"x"}'],
  ] as const)
    writeFileSync(join(directory, name), text);
  const log = join(scratch, 'calls');
  const file = join(scratch, 'my program');
  writeFileSync(file, `#!/bin/sh\necho "$* HOME=$HOME ROOT=$SEM_AWS_LOGIN_HOME" >>"${log}"\n${program}\n`);
  chmodSync(file, 0o755);
  return {
    directory,
    watch: { directory, mark: 'm1', owners, home: '/the home', root: '', program: ['/bin/sh', file, "it's $HOME"] },
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  };
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within 10 s: ${condition}`);
    await sleep(20);
  }
}

const textOf = ({ directory }: Scene, name: string) => readFileSync(join(directory, name), 'utf8');

/** Starts the watcher and returns its pid. */
async function start(scene: Scene): Promise<number> {
  expect(await startWatcher(scene.watch)).toBeUndefined();
  const file = join(scene.directory, 'watcher');
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
  const pid = Number(textOf(scene, 'watcher').split(' ')[1]);
  onTestFinished(() => {
    if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
  });
  return pid;
}

describe.runIf(isLinux)('the watcher', () => {
  test('logs out when its owner has ended, and ends', async () => {
    const owner = startOwner();
    const scene = makeScene([owner.identity]);
    const pid = await start(scene);
    await sleep(700);
    expect(textOf(scene, 'token')).toBe('eyJ');
    owner.child.kill('SIGKILL');
    await until(() => !existsSync(scene.directory));
    await until(() => !existsSync(`/proc/${pid}`));
    expect(scene.calls()).toEqual([
      `it's $HOME logout --job-directory ${scene.directory} --quiet HOME=/the home ROOT=`,
    ]);
  });

  test('waits for the last of several owners', async () => {
    const owners = [startOwner(), startOwner()];
    const scene = makeScene(owners.map(({ identity }) => identity));
    await start(scene);
    owners[0]?.child.kill('SIGKILL');
    await sleep(700);
    expect(textOf(scene, 'token')).toBe('eyJ');
    owners[1]?.child.kill('SIGKILL');
    await until(() => !existsSync(scene.directory));
  });

  test('does not take another process with the same pid for its owner', async () => {
    const { identity } = startOwner();
    const scene = makeScene([{ ...identity, startTime: '1' }]);
    expect(await startWatcher(scene.watch)).toBeUndefined();
    await until(() => !existsSync(scene.directory));
  });

  test('empties the secrets, keeps the record and tries again if the program fails', async () => {
    const owner = startOwner();
    const scene = makeScene([owner.identity], 'exit 4');
    const outside = join(scene.directory, '..', 'outside');
    writeFileSync(outside, 'mine');
    symlinkSync(outside, join(scene.directory, 'link'));
    await start(scene);
    owner.child.kill('SIGKILL');
    await until(() => scene.calls().length >= 2);
    const secrets = readdirSync(scene.directory).filter((name) => !['login.json', 'watcher', 'link'].includes(name));
    expect(secrets.sort()).toEqual(['.token.sem-aws-login-0123456789abcdef', 'credentials.json', 'env', 'token']);
    for (const name of secrets) expect(textOf(scene, name)).toBe('');
    expect([textOf(scene, 'login.json'), readFileSync(outside, 'utf8')]).toEqual(['{"form":"x"}', 'mine']);
  });

  test.each([
    ['is gone', (scene: Scene) => spawnSync('rm', [join(scene.directory, 'watcher')])],
    ['is another watcher’s', (scene: Scene) => writeFileSync(join(scene.directory, 'watcher'), 'm2 1 1 1/1\n')],
  ])('ends at once, and removes nothing, when its mark %s', async (_why, change) => {
    const owner = startOwner();
    const scene = makeScene([owner.identity]);
    const pid = await start(scene);
    change(scene);
    await until(() => !existsSync(`/proc/${pid}`));
    expect([textOf(scene, 'token'), scene.calls()]).toEqual(['eyJ', []]);
  });

  test('ends if there is no directory', async () => {
    const scene = makeScene([startOwner().identity]);
    const missing = join(scene.directory, 'missing');
    expect(await startWatcher({ ...scene.watch, directory: missing })).toBeUndefined();
    await sleep(300);
    expect(existsSync(missing)).toBe(false);
  });

  test('says why it cannot be started', async () => {
    const scene = makeScene([]);
    const tooLong = 'x'.repeat(200_000);
    expect(await startWatcher({ ...scene.watch, home: tooLong })).toBe('E2BIG');
  });

  test.runIf(canLimit)('empties the secrets in a full process table, and logs out when there is room', async () => {
    const owner = startOwner();
    const scene = makeScene([owner.identity]);
    const all = [join(scene.directory, '..', '..'), join(scene.directory, '..'), scene.directory];
    for (const path of [...all, ...readdirSync(scene.directory).map((name) => join(scene.directory, name))])
      chownSync(path, stranger, stranger);
    const module = join(import.meta.dirname, '../../src/adapters/watcher.ts');
    const code = `import { startWatcher } from ${JSON.stringify(module)}; console.log(await startWatcher(JSON.parse(process.argv[1])));`;
    const started = spawnSync(process.execPath, ['--input-type=module', '-e', code, JSON.stringify(scene.watch)], {
      // The limit does not apply to root.
      uid: stranger,
      gid: stranger,
      cwd: '/',
      encoding: 'utf8',
    });
    expect(started).toMatchObject({ stdout: 'undefined\n' });
    await until(() => existsSync(join(scene.directory, 'watcher')) && textOf(scene, 'watcher').endsWith('\n'));
    const pid = Number(textOf(scene, 'watcher').split(' ')[1]);
    // Root can be without the capability to limit others' processes.
    const limit = (processes: string) =>
      spawnSync('prlimit', ['--pid', String(pid), `--nproc=${processes}`], { uid: stranger, gid: stranger }).status;
    expect(limit('0:')).toBe(0);
    await sleep(1000);
    expect(textOf(scene, 'token')).toBe('eyJ');
    owner.child.kill('SIGKILL');
    await until(() => textOf(scene, 'token') === '');
    expect([textOf(scene, 'credentials.json'), textOf(scene, 'env'), scene.calls()]).toEqual(['', '', []]);
    expect(limit('1000:')).toBe(0);
    await until(() => !existsSync(scene.directory));
    await until(() => !existsSync(`/proc/${pid}`));
  });
});
