import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { describeInstaller } from './describe-installer.ts';
import { type Machine, makeMachine, treeOf } from './installer-run.ts';
import { publishForSuite } from './published.ts';

const published = publishForSuite();
const hosted = { SEMAPHORE_AGENT_MACHINE_TYPE: 'e1-standard-2' };
const selfHosted = { SEMAPHORE_AGENT_MACHINE_TYPE: 's1-example' };
const callable = { exitCode: 0, output: 'sem-aws-login 1.2.3\n' };
const install = (machine: Machine, environment: Readonly<Record<string, string>> = {}) =>
  machine.install({ installer: published.installer, environment: { ...published.environment, ...environment } });
const linksOf = (machine: Machine) => treeOf(machine.home).filter((line) => line.includes(' -> '));

describeInstaller('the command is linked into a directory on PATH', () => {
  it.for([
    ['its own directory first', '~/bin:~/.local/bin:~/.sem-aws-login/bin', '.sem-aws-login/bin'],
    ['a customary one', '~/.nvm/bin:~/bin', 'bin'],
    ['that of a version manager if there is no other', '/usr/bin/none:~/.nvm/bin', '.nvm/bin'],
    ['one with a space and a star in its name', '~/my *:~/.none', 'my *'],
    ['one with a trailing slash', '~/.local/bin/', '.local/bin'],
  ] as const)('%s', async ([, path, expected]) => {
    const machine = makeMachine({ path });
    for (const directory of ['.nvm/bin', 'my *']) mkdirSync(join(machine.home, directory), { recursive: true });
    expect(await install(machine, selfHosted)).toMatchObject({ exitCode: 0 });
    expect(linksOf(machine)).toEqual([`${expected}/sem-aws-login -> .sem-aws-login/1.2.3/sem-aws-login`]);
    expect(await machine.job('sem-aws-login')).toEqual(callable);
  });

  it('the link of an older version is replaced, also if it comes first on PATH', async () => {
    const machine = makeMachine({ path: '~/.nvm/bin:~/.local/bin' });
    const old = join(machine.home, '.nvm/bin/sem-aws-login');
    mkdirSync(dirname(old), { recursive: true });
    symlinkSync(join(machine.root, '1.0.0/sem-aws-login'), old);
    machine.prepare('mkdir -p -m 700 ~/.sem-aws-login/1.0.0 && cp /bin/true ~/.sem-aws-login/1.0.0/sem-aws-login');
    expect(await install(machine)).toMatchObject({ exitCode: 0 });
    expect(await machine.job('sem-aws-login')).toEqual(callable);
  });

  it('without one in HOME, the error says what to do, and nothing outside HOME changes', async () => {
    const machine = makeMachine({ path: '' });
    // A use of sudo would leave this file.
    machine.addProgram('sudo', 'echo "$@" >~/sudo');
    for (const environment of [selfHosted, {}]) {
      const { exitCode, output } = await install(machine, environment);
      expect(output).toContain('sem-aws-login: Installed, but no directory on PATH can take the command\n');
      expect(output).toContain(`→ Put this line before the installer's: export PATH="${machine.root}/bin:$PATH"\n`);
      expect(exitCode).toBe(4);
    }
    expect(treeOf(machine.home)).toEqual([
      '.sem-aws-login/ 700',
      '.sem-aws-login/1.2.3/ 700',
      '.sem-aws-login/1.2.3/sem-aws-login 700',
    ]);
    const advised = { ...selfHosted, PATH: `${machine.root}/bin:${machine.programs}` };
    expect(await install(machine, advised)).toMatchObject({ exitCode: 0 });
    expect(await machine.job('sem-aws-login', advised)).toEqual(callable);
  });

  it.for([
    ['a file', (path: string) => writeFileSync(path, '#!/bin/sh\necho mine\n', { mode: 0o755 })],
    ['a foreign link', (path: string) => symlinkSync('/bin/true', path)],
  ] as const)('%s from another source is kept and reported', async ([, put]) => {
    const machine = makeMachine();
    const theirs = join(machine.home, '.local/bin/sem-aws-login');
    mkdirSync(dirname(theirs), { recursive: true });
    put(theirs);
    const before = treeOf(dirname(theirs));
    const { exitCode, output } = await install(machine, hosted);
    expect(output).toContain(`Installed, but another sem-aws-login comes first on PATH: "${theirs}"\n`);
    expect(exitCode).toBe(4);
    expect(treeOf(dirname(theirs))).toEqual(before);
    await machine.install({ installer: published.installer, args: ['--uninstall'] });
    expect(treeOf(dirname(theirs))).toEqual(before);
  });
});

describeInstaller('the installation directory', () => {
  it('is SEM_AWS_LOGIN_HOME if that is set', async () => {
    const machine = makeMachine({ path: "~/its own 'place'/bin" });
    const SEM_AWS_LOGIN_HOME = join(machine.home, "its own 'place'");
    expect(await install(machine, { SEM_AWS_LOGIN_HOME })).toMatchObject({ exitCode: 0 });
    expect(treeOf(machine.home)).toContain("its own 'place'/1.2.3/sem-aws-login 700");
    expect(await machine.job('sem-aws-login')).toEqual(callable);
  });

  it.for([
    ['a link', 'mkdir elsewhere && ln -s elsewhere .sem-aws-login'],
    ['writable by a group', 'mkdir .sem-aws-login && chmod 770 .sem-aws-login'],
    ['writable by everyone', 'mkdir .sem-aws-login && chmod 1707 .sem-aws-login'],
    ['a file', 'touch .sem-aws-login'],
  ] as const)('is rejected if it is %s', async ([, make]) => {
    const machine = makeMachine();
    machine.prepare(make);
    const { exitCode, output } = await install(machine);
    expect(output).toContain(`sem-aws-login: "${machine.root}" is not safe to install to\n`);
    expect(exitCode).toBe(4);
    expect(published.server.requests).toEqual([]);
  });

  it.for([
    ['HOME is not set', { HOME: '' }, 'HOME is not set', 4],
    ['it is not absolute', { SEM_AWS_LOGIN_HOME: 'here' }, '"here" is not an absolute path', 2],
    ['it cannot be created', { SEM_AWS_LOGIN_HOME: '/proc/none' }, 'Cannot make the directory "/proc/none"', 4],
  ] as const)('causes an error if %s', async ([, environment, headline, code]) => {
    const { exitCode, output } = await install(makeMachine(), environment);
    expect(output.split('\n')[0]).toBe(`sem-aws-login: ${headline}`);
    expect(exitCode).toBe(code);
  });

  it('is cleared of files of killed installs after a day', async () => {
    const machine = makeMachine();
    machine.prepare('mkdir -p -m 700 ~/.sem-aws-login/.install.old1 ~/.sem-aws-login/.install.new1');
    machine.prepare('touch -d "2 days ago" .sem-aws-login/.install.old1');
    await install(machine);
    expect(treeOf(machine.root)).toEqual(['.install.new1/ 700', '1.2.3/ 700', '1.2.3/sem-aws-login 700']);
  });

  it('can be read-only if the right version is installed', async () => {
    const machine = makeMachine();
    await install(machine);
    chmodSync(machine.root, 0o500);
    expect(await install(machine)).toEqual({ exitCode: 0, output: '' });
    chmodSync(machine.root, 0o700);
  });
});
