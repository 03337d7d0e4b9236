import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeProcessTable } from '../../src/adapters/process-table.ts';
import type { ProcessIdentity, ProcessTable } from '../../src/world/world.ts';
import { makeScratch } from './scratch.ts';

interface Machine {
  readonly bootId?: string;
  readonly namespace?: string;
  readonly machineId?: string | undefined;
  /** What `/proc/self` points to. */
  readonly self?: number;
  /** Session and `stat` fields by pid; this process is 100. */
  readonly processes?: Readonly<
    Record<
      number,
      { readonly session: number; readonly state?: string; readonly start?: number; readonly name?: string }
    >
  >;
}

/** A file system like that of Linux, as process 100 sees it. */
function machine({
  bootId = 'boot-1',
  namespace = 'pid:[1]',
  machineId = 'abc',
  self = 100,
  processes,
}: Machine): ProcessTable {
  const root = makeScratch();
  const write = (path: string, text: string) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('proc/sys/kernel/random/boot_id', `${bootId}\n`);
  write('etc/machine-id', `${machineId}\n`);
  const all = processes ?? { 50: { session: 50 }, 100: { session: 50 } };
  for (const [pid, { session, state = 'S', start = 1000, name = 'bash' }] of Object.entries(all))
    write(
      `proc/${pid}/stat`,
      `${pid} (${name}) ${state} 1 ${pid} ${session} 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ${start} 0 0\n`,
    );
  write(`proc/${self}/ns/x`, '');
  symlinkSync(namespace, join(root, 'proc', String(self), 'ns', 'pid'));
  symlinkSync(String(self), join(root, 'proc', 'self'));
  return makeProcessTable({ platform: 'linux', pid: 100, root });
}

const shell = (changes: Partial<ProcessIdentity> = {}): ProcessIdentity => {
  const found = machine({}).jobShell();
  if (found === undefined) throw new Error('no shell');
  return { ...found, ...changes };
};

describe("the job's shell", () => {
  test('is the leader of the session', () => {
    expect(machine({}).jobShell()).toMatchObject({
      pid: 50,
      startTime: '1000',
      bootId: 'boot-1',
      pidNamespace: 'pid:[1]',
    });
  });

  test.each<readonly [why: string, machine: Machine]>([
    ['a container that the leader is outside of', { processes: { 100: { session: 0 } } }],
    ['a session of this process itself', { processes: { 100: { session: 100 } } }],
    ['a leader that has ended', { processes: { 100: { session: 50 } } }],
    ['a leader that is a zombie', { processes: { 50: { session: 50, state: 'Z' }, 100: { session: 50 } } }],
    ['a /proc of another PID namespace', { self: 7 }],
  ])('is not known in %s', (_why, given) => {
    expect(machine(given).jobShell()).toBeUndefined();
  });

  test.each(['a) S 1 (b', 'two\nlines', ') ) Z 9'])('can have any name: %j', (name) => {
    const processes = { 50: { session: 50, name, start: 77 }, 100: { session: 50, name } };
    expect(machine({ processes }).jobShell()).toMatchObject({ pid: 50, startTime: '77' });
  });

  test('is known on Linux only', () => {
    const table = makeProcessTable({ platform: 'darwin', pid: process.pid });
    expect([table.jobShell(), table.thisProcess(), table.hasEnded(shell())]).toEqual([undefined, undefined, false]);
  });
});

describe('a process has ended', () => {
  test.each<readonly [when: string, ended: boolean, identity: Partial<ProcessIdentity>, machine: Machine]>([
    ['not while it runs', false, {}, {}],
    ['if it is gone', true, { pid: 51 }, {}],
    ['if it is a zombie', true, {}, { processes: { 50: { session: 50, state: 'Z' }, 100: { session: 50 } } }],
    ['if it is being removed', true, {}, { processes: { 50: { session: 50, state: 'X' }, 100: { session: 50 } } }],
    ['if another one has its pid', true, { startTime: '999' }, {}],
    ['if the machine was booted since', true, {}, { bootId: 'boot-2' }],
    ['not as far as known on another machine', false, {}, { bootId: 'boot-2', machineId: 'def' }],
    ['not as far as known on a machine without an id', false, { machine: '' }, { bootId: 'boot-2', machineId: '' }],
    ['not as far as known in another PID namespace', false, { pid: 51 }, { namespace: 'pid:[2]' }],
    ['not as far as known in a /proc of another PID namespace', false, { pid: 51 }, { self: 7 }],
  ])('%s', (_when, ended, identity, given) => {
    expect(machine(given).hasEnded(shell(identity))).toBe(ended);
  });
});

describe.runIf(process.platform === 'linux')('on this machine', () => {
  const table = makeProcessTable(process);

  test('this process is alive, with the start time that the system has', () => {
    const own = table.thisProcess();
    const start = /\) (?:\S+ ){19}(?<start>\d+) /.exec(readFileSync('/proc/self/stat', 'latin1'))?.groups?.['start'];
    expect(own).toMatchObject({ pid: process.pid, startTime: start });
    expect(own && table.hasEnded(own)).toBe(false);
  });

  test('a child is alive until it is killed', async () => {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    const own = table.thisProcess();
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'latin1');
    const startTime = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    if (own === undefined || child.pid === undefined) throw new Error('no process');
    const identity = { ...own, pid: child.pid, startTime };
    expect(table.hasEnded(identity)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(table.hasEnded(identity)).toBe(true);
  });

  test('a session’s leader has no job’s shell, but a program in a shell of that session has', () => {
    const script = `import { makeProcessTable } from '${join(import.meta.dirname, '../../src/adapters/process-table.ts')}';
      console.log(JSON.stringify(makeProcessTable(process).jobShell() ?? null));`;
    const run = (command: string) =>
      spawnSync('setsid', ['--wait', 'sh', '-c', command, 'sh', process.execPath, script], { encoding: 'utf8' }).stdout;
    expect(run('exec "$1" --input-type=module -e "$2"')).toBe('null\n');
    expect(JSON.parse(run('"$1" --input-type=module -e "$2"; true'))).toHaveProperty('pid');
  });
});
