import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isOnPath } from '../../needed-programs.ts';

const run = promisify(execFile);
const PROGRAMS = ['ceph', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin'];

/** A one-node Ceph on loopback, in memory; its gateway supports STS and a part of IAM. */
export interface Radosgw {
  readonly url: string;
  /** Keys of a user who can manage roles and providers. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  close(): Promise<void>;
}

/** Returns the missing programs of Debian's ceph-mon, ceph-osd and radosgw. */
export function missingPrograms(): readonly string[] {
  return PROGRAMS.filter((program) => !isOnPath(program));
}

/**
 * Starts monitor, storage and gateway in 10 to 20 seconds. Throws with the gateway's last output if
 * it does not answer.
 */
export async function startRadosgw(): Promise<Radosgw> {
  const folder = await mkdtemp(join(tmpdir(), 'radosgw-'));
  const children: ChildProcess[] = [];
  const close = async () => {
    for (const child of children.toReversed()) await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { ...(await startIn(folder, children)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startIn(folder: string, children: ChildProcess[]): Promise<Omit<Radosgw, 'close'>> {
  const [monitor, gateway] = await Promise.all([freePort(), freePort()]);
  const [cluster, storage] = [randomUUID(), randomUUID()];
  const config = join(folder, 'ceph.conf');
  await Promise.all([mkdir(join(folder, 'mon')), mkdir(join(folder, 'osd'))]);
  await writeFile(config, configOf(folder, cluster, monitor, gateway));
  const tool = (program: string, ...args: string[]) =>
    run(program, ['-c', config, ...args], { cwd: folder, timeout: 90_000 });
  const daemon = (program: string, ...args: string[]) => {
    const output = openSync(join(folder, `${program}.out`), 'w');
    const stdio = ['ignore', output, output] as const;
    const child = spawn(program, ['-f', '-c', config, ...args], { cwd: folder, stdio: [...stdio] });
    children.push(child);
    return child;
  };

  const map = join(folder, 'monmap');
  await run('monmaptool', ['--create', '--fsid', cluster, '--addv', 'a', `[v1:127.0.0.1:${monitor}]`, map]);
  await tool('ceph-mon', '--mkfs', '-i', 'a', '--monmap', map);
  daemon('ceph-mon', '-i', 'a');
  await tool('ceph', 'osd', 'new', storage);
  await tool('ceph-osd', '--mkfs', '-i', '0', '--osd-uuid', storage);
  await storing(
    () => daemon('ceph-osd', '-i', '0'),
    async () => (await tool('ceph', 'osd', 'stat')).stdout.includes(' 1 up'),
  );
  const keys = { accessKeyId: 'EXAMPLEKEY', secretAccessKey: randomUUID() };
  const asAdmin = ['--access-key', keys.accessKeyId, '--secret-key', keys.secretAccessKey];
  const caps = ['--caps', 'roles=*;oidc-provider=*'];
  await tool('radosgw-admin', 'user', 'create', '--uid', 'admin', '--display-name', 'admin', ...asAdmin, ...caps);
  daemon('radosgw', '-n', 'client.rgw');
  const url = `http://127.0.0.1:${gateway}`;
  await answering(url, join(folder, 'radosgw.out'));
  return { url, ...keys };
}

function configOf(folder: string, cluster: string, monitor: number, gateway: number): string {
  return `[global]
fsid = ${cluster}
mon host = v1:127.0.0.1:${monitor}
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
run dir = ${folder}
log file =
log to stderr = true
admin socket =
pid file =
mon data = ${folder}/mon
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 1073741824
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
rgw frontends = beast endpoint=127.0.0.1:${gateway}
rgw sts key = abcdefghijklmnop
rgw s3 auth use sts = true
rgw data = ${folder}
`;
}

// Ceph needs its ports in advance. If another process takes one first, the gateway never answers.
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

// Storage that reaches the monitor too early gets "wrong fsid" and ends.
async function storing(start: () => ChildProcess, isUp: () => Promise<boolean>): Promise<void> {
  let storage = start();
  for (let tries = 0; tries < 60; tries += 1) {
    await delay(250);
    if (storage.exitCode !== null) storage = start();
    else if (await isUp()) return;
  }
  throw new Error('ceph-osd does not come up');
}

async function answering(url: string, log: string): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await delay(250);
  }
  throw new Error(`radosgw does not answer:\n${(await readFile(log, 'utf8')).slice(-2000)}`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  // Its data is in memory and in a directory that is removed next, so it can be killed.
  child.kill('SIGKILL');
  await exit;
}
