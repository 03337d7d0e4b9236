import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { skipped } from '../skips.ts';
import { describeInstaller } from './describe-installer.ts';
import { isHere, makeMachine, type ShellName, shells, treeOf } from './installer-run.ts';
import { publishForSuite } from './published.ts';
import { platform } from './sample-release.ts';

const published = publishForSuite();

const here: readonly ShellName[] = (['dash', 'busybox sh', 'bash'] as const).filter((name) => {
  if (isHere(shells[name][0])) return true;
  skipped(`the installer under ${name}`, `there is no ${shells[name][0]}`);
  return false;
});
const downloaders = ['curl', 'wget', 'busybox wget'] as const;
const machineWith = (downloader: (typeof downloaders)[number], more: readonly string[] = []) => {
  const machine = makeMachine({ programs: downloader === 'busybox wget' ? more : [downloader, ...more] });
  if (downloader === 'busybox wget') machine.addProgram('wget', 'exec /usr/bin/busybox wget "$@"');
  return machine;
};
const table = [
  ...here.map((shell) => [shell, 'curl'] as const),
  ['dash', 'wget'] as const,
  ['dash', 'busybox wget'] as const,
];

describeInstaller.for(table)('under %s, with only %s', ([shell, downloader]) => {
  it('installs the executable, and does and prints nothing the second time', async () => {
    const { installer, environment, server, runs } = published;
    const machine = machineWith(downloader);
    const first = await machine.install({ installer, shell, environment });
    expect(first).toEqual({
      exitCode: 0,
      output: `sem-aws-login: Version 1.2.3 (${platform}, downloaded) is installed: ${machine.home}/.local/bin/sem-aws-login\n`,
    });
    expect(server.requests).toEqual([`GET /v1.2.3/sem-aws-login-${platform}.gz`]);
    expect(treeOf(machine.home)).toEqual([
      '.local/ 700',
      '.local/bin/ 700',
      '.local/bin/sem-aws-login -> .sem-aws-login/1.2.3/sem-aws-login',
      '.sem-aws-login/ 700',
      '.sem-aws-login/1.2.3/ 700',
      '.sem-aws-login/1.2.3/sem-aws-login 700',
    ]);
    expect(await machine.job('sem-aws-login a b')).toEqual({ exitCode: 0, output: 'sem-aws-login 1.2.3\n' });
    const ran = runs().length;
    expect(await machine.install({ installer, shell, environment })).toEqual({ exitCode: 0, output: '' });
    expect(server.requests).toHaveLength(1);
    // The installer hashes the file and does not run it.
    expect(runs()).toHaveLength(ran);
  });

  it('installs the script with --slim, and back', async () => {
    const { installer, environment, server } = published;
    const machine = machineWith(downloader, ['node']);
    const slim = await machine.install({ installer, shell, environment, args: ['--slim'] });
    expect(slim).toEqual({
      exitCode: 0,
      output: `sem-aws-login: Version 1.2.3 (slim, downloaded) is installed: ${machine.home}/.local/bin/sem-aws-login\n`,
    });
    expect(server.requests).toEqual(['GET /v1.2.3/sem-aws-login.cjs']);
    expect(await machine.job('sem-aws-login "a  b"')).toEqual({ exitCode: 0, output: 'sem-aws-login 1.2.3 - a  b\n' });
    expect(await machine.install({ installer, shell, environment, args: ['--slim'] })).toEqual({
      exitCode: 0,
      output: '',
    });
    expect(server.requests).toHaveLength(1);
    await machine.install({ installer, shell, environment });
    expect(await machine.job('sem-aws-login')).toEqual({ exitCode: 0, output: 'sem-aws-login 1.2.3\n' });
  });

  it('removes with --uninstall what it installed, and nothing else', async () => {
    const { installer, environment } = published;
    const machine = machineWith(downloader, ['node']);
    machine.prepare('mkdir -p -m 700 ~/.sem-aws-login/jobs/1 && echo token >~/.sem-aws-login/jobs/1/token');
    machine.prepare('mkdir -p ~/.local/bin && echo >~/.local/bin/other');
    const before = treeOf(machine.home);
    await machine.install({ installer, shell, environment });
    await machine.install({ installer, shell, environment, args: ['--slim'] });
    const removal = await machine.install({ installer, shell, args: ['--uninstall'] });
    expect(removal).toEqual({ exitCode: 0, output: 'sem-aws-login: Removed\n' });
    expect(treeOf(machine.home)).toEqual(before);
    const again = await machine.install({ installer, shell, args: ['--uninstall'] });
    expect(again).toEqual({ exitCode: 0, output: 'sem-aws-login: There was nothing to remove\n' });
  });
});

describeInstaller('an installed file that differs from the release', () => {
  it.for([
    ['altered', (path: string) => writeFileSync(path, published.foreign)],
    ['cut short', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 20))],
    ['not executable', (path: string) => chmodSync(path, 0o600)],
  ] as const)('is replaced and never runs: %s', async ([, spoil]) => {
    const { installer, environment, server, runs } = published;
    const machine = makeMachine();
    await machine.install({ installer, environment });
    spoil(join(machine.root, '1.2.3/sem-aws-login'));
    const { exitCode, output } = await machine.install({ installer, environment });
    expect(output).toContain('downloaded');
    expect(exitCode).toBe(0);
    expect(server.requests).toHaveLength(2);
    expect(runs()).toEqual(['1.2.3 --version', '1.2.3 --version']);
    expect((await machine.job('sem-aws-login')).output).toBe('sem-aws-login 1.2.3\n');
  });
});

describeInstaller('a truncated script', () => {
  it.for(here)('does nothing and fails, wherever it ends (%s)', async (shell) => {
    const { installer, environment, server } = published;
    const machine = makeMachine();
    const begin = installer.indexOf('\n{ #') + 3;
    const lastLines = [
      installer.indexOf('\nmain "$@"'),
      installer.length - 6,
      installer.length - 5,
      installer.length - 2,
    ];
    const cuts = [...lastLines, ...Array.from({ length: 60 }, (_, index) => begin + 1 + index * 377)];
    for (const cut of cuts.filter((length) => length < installer.length)) {
      const { exitCode } = await machine.install({ installer: installer.slice(0, cut), shell, environment });
      expect(exitCode, `cut at ${cut}`).not.toBe(0);
    }
    expect(server.requests).toEqual([]);
    expect(treeOf(machine.home)).toEqual([]);
    // An empty script, as from an unreachable server, is valid.
    expect(await machine.install({ installer: '', shell })).toEqual({ exitCode: 0, output: '' });
  });
});

describeInstaller('without named pipes', () => {
  it('the installer works the same: it hashes the complete file', async () => {
    const { installer, environment, server, runs } = published;
    const machine = makeMachine();
    machine.addProgram('mkfifo', 'exit 1');
    server.faults.push('other');
    expect(await machine.install({ installer, environment })).toMatchObject({ exitCode: 5 });
    expect(runs()).toEqual([]);
    expect(await machine.install({ installer, environment })).toMatchObject({ exitCode: 0 });
  });
});

describeInstaller('several installs at once', () => {
  it('all succeed and leave one complete executable', async () => {
    const { installer, environment, release } = published;
    const machine = makeMachine();
    const all = await Promise.all(Array.from({ length: 4 }, () => machine.install({ installer, environment })));
    expect(all.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(treeOf(machine.root)).toEqual(['1.2.3/ 700', '1.2.3/sem-aws-login 700']);
    const { output } = await machine.job('sha256sum <~/.sem-aws-login/1.2.3/sem-aws-login');
    expect(output).toBe(`${release.executableSum}  -\n`);
  });
});

describeInstaller('an installer that is killed', () => {
  it('leaves nothing behind', async () => {
    const { installer, environment, server } = published;
    const machine = makeMachine();
    server.faults.push('stalled');
    const ended = new AbortController();
    const [{ exitCode }] = await Promise.all([
      machine.install({ installer, environment, signal: ended.signal }),
      server.asked().then(() => ended.abort()),
    ]);
    expect(exitCode).toBe(143);
    expect(treeOf(machine.home)).toEqual(['.sem-aws-login/ 700']);
  });
});
