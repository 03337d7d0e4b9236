import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { project, root as projectRoot } from '../../scripts/build/bundle.ts';
import { type FileServer, startFileServer } from '../install/file-server.ts';
import { platform, publish } from '../install/sample-release.ts';
import { skipped } from '../skips.ts';
import { addFile, addNode, type DebianRoot, debianRootObstacle, makeDebianRoot, type RootRun } from './debian-root.ts';

const obstacle = debianRootObstacle();
if (obstacle !== undefined) skipped('the installer in a bare Debian', obstacle);

const version = `sem-aws-login ${project.version}\n`;
const archive = `GET /v${project.version}/sem-aws-login-${platform}.gz`;
const hosted = { SEMAPHORE_AGENT_MACHINE_TYPE: 'e1-standard-2' };
const selfHosted = { SEMAPHORE_AGENT_MACHINE_TYPE: 's1-example' };

describe.skipIf(obstacle !== undefined)('in a minimal Debian', () => {
  let published: string;
  let server: FileServer;
  let installer: string;
  let debian: ReturnType<typeof makeDebianRoot>;
  const roots = new Map<string, DebianRoot>();

  beforeAll(async () => {
    published = mkdtempSync(join(tmpdir(), 'published-'));
    const built = (name: string) => readFileSync(join(projectRoot, 'dist', name));
    const release = publish(published, {
      version: project.version,
      executable: built('sem-aws-login'),
      slimScript: built('sem-aws-login.cjs'),
    });
    installer = readFileSync(release.installer, 'utf8');
    server = await startFileServer(published, built('sem-aws-login.cjs'));
    debian = makeDebianRoot();
    for (const [name, without] of [
      ['curl', ['wget']],
      ['wget', ['curl']],
      ['busybox wget', ['curl', 'wget']],
      ['no downloader', ['curl', 'wget']],
    ] as const) {
      roots.set(name, debian.copy(without));
    }
    addFile(rootWith('busybox wget'), 'usr/local/bin/wget', '#!/bin/sh\nexec busybox wget "$@"\n');
    for (const root of roots.values()) addFile(root, 'opt/install.sh', installer);
  });
  beforeEach(() => {
    for (const root of roots.values()) root.reset();
    server.requests.length = 0;
    server.faults.length = 0;
  });
  afterAll(async () => {
    await server.close();
    debian.remove();
    rmSync(published, { recursive: true });
  });

  const rootWith = (name: string): DebianRoot => {
    const found = roots.get(name);
    if (found === undefined) throw new Error(`There is no root with ${name}`);
    return found;
  };
  const environment = (agent: Readonly<Record<string, string>>) => ({ ...agent, SEM_AWS_LOGIN_BASE_URL: server.url });
  const install = (root: DebianRoot, args = '', agent: Readonly<Record<string, string>> = hosted, shell = 'bash') =>
    root.run(`cat /opt/install.sh | ${shell} -s -- ${args}`, { environment: environment(agent) });
  const leftIn = async (root: DebianRoot) => (await root.run('find ~ -mindepth 1')).output;

  // mksh is not related to the supported shells. Debian has no bash 3.2.
  const ways = [
    ['curl', 'bash'],
    ['curl', 'dash'],
    ['curl', 'busybox sh'],
    ['curl', 'mksh'],
    ['wget', 'bash'],
    ['busybox wget', 'busybox sh'],
  ] as const;

  it.for(ways)(
    'with only %s, in %s, on a hosted agent: a link in /usr/local/bin makes the command callable',
    async ([name, shell]) => {
      const root = rootWith(name);
      const first = await install(root, '', hosted, shell);
      expect(first.output).toBe(
        `sem-aws-login: Version ${project.version} (${platform}, downloaded) is installed: /usr/local/bin/sem-aws-login\n`,
      );
      expect(first.exitCode).toBe(0);
      expect(await root.run('sem-aws-login --version')).toEqual({ exitCode: 0, output: version });
      expect(await install(root, '', hosted, shell)).toEqual({ exitCode: 0, output: '' });
      expect(server.requests).toEqual([archive]);
      expect(await install(root, '--uninstall', hosted, shell)).toEqual({
        exitCode: 0,
        output: 'sem-aws-login: Removed\n',
      });
      expect(await leftIn(root)).toBe('');
      expect((await root.run('command -v sem-aws-login')).output).toBe('');
    },
  );

  it.for(ways)('with only %s, in %s, on a self-hosted agent: nothing outside HOME changes', async ([name, shell]) => {
    const root = rootWith(name);
    addFile(root, 'opt/marker', '');
    const PATH = '/home/semaphore/.sem-aws-login/bin:/usr/local/bin:/usr/bin:/bin';
    const { exitCode, output } = await install(root, '', { ...selfHosted, PATH }, shell);
    expect(output).toContain('is installed: /home/semaphore/.sem-aws-login/bin/sem-aws-login\n');
    expect(exitCode).toBe(0);
    expect(await root.run('sem-aws-login --version', { environment: { PATH } })).toEqual({
      exitCode: 0,
      output: version,
    });
    const touched = 'find / -xdev -newer /opt/marker -not -path "/proc*" -not -path "/home/semaphore*" 2>/dev/null';
    expect((await root.run(`${touched} || true`)).output).toBe('');
  });

  it('on a self-hosted agent without a directory on PATH in HOME, says what to do', async () => {
    const { exitCode, output } = await install(rootWith('curl'), '', selfHosted);
    expect(output).toContain('export PATH="/home/semaphore/.sem-aws-login/bin:$PATH"\n');
    expect(exitCode).toBe(4);
  });

  it('without Node, --slim reports it and installs the executable; with Node, the script runs on it', async () => {
    const root = debian.copy(['wget']);
    addFile(root, 'opt/install.sh', installer);
    const without = await install(root, '--slim');
    expect(without.output).toContain('No Node 22.12 or later is on PATH for --slim: taking the executable\n');
    addNode(root);
    const { exitCode, output } = await install(root, '--slim');
    expect(output).toContain(
      `Version ${project.version} (slim, downloaded) is installed: /usr/local/bin/sem-aws-login\n`,
    );
    expect(exitCode).toBe(0);
    expect(await root.run('NODE_OPTIONS=--none sem-aws-login --version')).toEqual({ exitCode: 0, output: version });
    expect(server.requests).toEqual([archive, `GET /v${project.version}/sem-aws-login.cjs`]);
  });

  it('with neither curl nor wget, reports it', async () => {
    const { exitCode, output } = await install(rootWith('no downloader'));
    expect(output).toContain('sem-aws-login: Neither curl nor wget is here\n');
    expect(exitCode).toBe(1);
  });

  it.for(['curl', 'wget', 'busybox wget'])('with only %s, rejects truncated, wrong and missing files', async (name) => {
    const root = rootWith(name);
    const expectations = [
      ['other', 5, 'is not what was released'],
      ['page', 5, 'is not what was released'],
      ['not-found', 6, 'Cannot download'],
    ] as const;
    for (const [fault, code, headline] of expectations) {
      server.faults.push(fault);
      const { exitCode, output } = await install(root);
      expect(output).toContain(headline);
      expect(exitCode).toBe(code);
    }
    server.faults.push('cut', 'cut', 'cut');
    const cut = await install(root);
    expect(cut.output).toContain('Cannot download');
    expect(cut.exitCode).toBe(6);
    expect(await leftIn(root)).toBe('/home/semaphore/.sem-aws-login\n');
  });

  it.for(['bash', 'dash', 'busybox sh'])('with a full disk, reports it and leaves no files (%s)', async (shell) => {
    const root = rootWith('curl');
    const command = [
      `cat /opt/install.sh | ${shell} -s --`,
      'echo "exit code $?"',
      'find ~ -mindepth 1',
      'df --output=avail -k ~ | tail -n 1',
    ].join('; ');
    const { output } = await root.run(command, { environment: environment(hosted), homeDisk: 60_000 });
    expect(output).toContain('sem-aws-login: No space left for "/home/semaphore/.sem-aws-login/');
    expect(output).toContain('exit code 4\n/home/semaphore/.sem-aws-login\n60000\n');
  });

  it('two at once both succeed', async () => {
    const root = rootWith('curl');
    const both = await Promise.all([install(root), install(root)]);
    expect(both.map(({ exitCode }: RootRun) => exitCode)).toEqual([0, 0]);
    expect(await root.run('sem-aws-login --version')).toEqual({ exitCode: 0, output: version });
    expect((await root.run('find ~/.sem-aws-login -type f')).output).toBe(
      `/home/semaphore/.sem-aws-login/${project.version}/sem-aws-login\n`,
    );
  });

  it.for([
    ['musl', ['lib/ld-musl-x86_64.so.1'], 'The executable does not run on this system (musl)'],
    ['no libc in its usual path', [], 'The executable does not run on this system (no "/lib64/ld-linux-x86-64.so.2")'],
  ] as const)('on a system with %s, says so', async ([, files, headline]) => {
    const root = debian.copy([]);
    // One static program, which is all that such a system has in common with this one.
    addFile(root, 'opt/install.sh', installer);
    const tools =
      'for tool in cat df grep gzip id ls mkdir readlink rm sed sh sha256sum uname; do ln -s /usr/bin/busybox ~/$tool; done';
    await root.run(tools);
    rmSync(join(root.directory, 'lib64'), { recursive: true });
    rmSync(join(root.directory, 'usr/lib64'), { recursive: true });
    for (const file of files) addFile(root, file, '');
    const { exitCode, output } = await root.run('busybox sh /opt/install.sh', {
      environment: { ...environment(hosted), PATH: '/home/semaphore' },
      shell: ['/usr/bin/busybox', 'sh', '-c'],
    });
    expect(output).toContain(`sem-aws-login: ${headline}\n`);
    expect(exitCode).toBe(1);
  });
});
