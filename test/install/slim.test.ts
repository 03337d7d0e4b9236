import { expect, it } from 'vitest';
import { programOfScript } from '../../src/adapters/launcher.ts';
import { describeInstaller } from './describe-installer.ts';
import { type Machine, makeMachine } from './installer-run.ts';
import { publishForSuite } from './published.ts';

const published = publishForSuite();
const installSlim = (machine: Machine, environment: Readonly<Record<string, string>> = {}) =>
  machine.install({
    installer: published.installer,
    environment: { ...published.environment, ...environment },
    args: ['--slim'],
  });

describeInstaller('the script of --slim', () => {
  it('runs on the Node found at the install, whatever PATH and NODE_OPTIONS say later', async () => {
    const machine = makeMachine({ programs: ['curl', 'node'] });
    await installSlim(machine);
    machine.addProgram('node', 'echo "another node"');
    const environment = { NODE_OPTIONS: '--no-such-option' };
    expect(await machine.job('sem-aws-login x', environment)).toEqual({
      exitCode: 0,
      output: 'sem-aws-login 1.2.3 - x\n',
    });
  });

  it('finds Node although NODE_OPTIONS would prevent its start', async () => {
    const machine = makeMachine({ programs: ['curl', 'node'] });
    expect((await installSlim(machine, { NODE_OPTIONS: '--no-such-option' })).output).toContain('(slim, downloaded)');
  });

  it('says what to do when that Node is gone', async () => {
    const machine = makeMachine({ programs: ['curl'] });
    machine.prepare(`mkdir -p ~/node/bin && cp '${process.execPath}' ~/node/bin/node`);
    const PATH = `${machine.home}/node/bin:${machine.home}/.local/bin:${machine.programs}`;
    await installSlim(machine, { PATH });
    machine.prepare('rm -r ~/node');
    const { exitCode, output } = await machine.job('source "$(sem-aws-login --role-arn x)"');
    expect(output).toContain('sem-aws-login: The Node that it was installed with is gone\n');
    expect(output).toContain(`  It was "${machine.home}/node/bin/node".\n  → Install again`);
    expect(exitCode).toBe(1);
    // The new install replaces the launcher.
    const withNode = makeMachine({ programs: ['node'] });
    expect((await installSlim(machine, { PATH: `${withNode.programs}:${PATH}` })).exitCode).toBe(0);
    expect(await machine.job('sem-aws-login')).toEqual({ exitCode: 0, output: 'sem-aws-login 1.2.3 -\n' });
  });

  it('passes NODE_OPTIONS on to child processes', () => {
    const launched = { SEM_AWS_LOGIN_LAUNCHER: '/l', SEM_AWS_LOGIN_NODE_OPTIONS: '--a', HOME: '/h' };
    expect(programOfScript(launched, ['/node', '/script', 'exec'])).toEqual(['/l']);
    expect(launched).toEqual({ HOME: '/h', NODE_OPTIONS: '--a' });
    const without = { SEM_AWS_LOGIN_LAUNCHER: '/l' };
    programOfScript(without, ['/node', '/script']);
    expect(without).toEqual({});
    const byItself = { SEM_AWS_LOGIN_NODE_OPTIONS: '--a', NODE_OPTIONS: '--b' };
    expect(programOfScript(byItself, ['/node', '/script', 'exec'])).toEqual(['/node', '/script']);
    expect(byItself).toEqual({ NODE_OPTIONS: '--b' });
  });

  it('works with any characters in HOME', async () => {
    const machine = makeMachine({ programs: ['curl', 'node'], path: "~/it's $HOME/bin" });
    await installSlim(machine, { SEM_AWS_LOGIN_HOME: `${machine.home}/it's $HOME` });
    expect(await machine.job('sem-aws-login')).toEqual({ exitCode: 0, output: 'sem-aws-login 1.2.3 -\n' });
  });
});

describeInstaller('without a supported Node', () => {
  it.for([
    ['there is none', undefined],
    ['it is too old', '20.19.4 /usr/bin/node'],
    ['it is a little too old', '22.11.0 /usr/bin/node'],
    ['it does not answer', ''],
    ['it answers something else', 'now using node'],
  ] as const)('reports it and installs the executable: %s', async ([, answer]) => {
    const machine = makeMachine();
    if (answer !== undefined) machine.addProgram('node', `echo '${answer}'`);
    const { exitCode, output } = await installSlim(machine);
    expect(output.split('\n')[0]).toBe(
      'sem-aws-login: No Node 22.12 or later is on PATH for --slim: taking the executable',
    );
    expect(exitCode).toBe(0);
    expect(await machine.job('sem-aws-login')).toEqual({ exitCode: 0, output: 'sem-aws-login 1.2.3\n' });
  });

  it.for(['22.12.0', '22.23.2', '23.0.0', '24.15.0', '100.1.0'])('but not with %s', async (version) => {
    const machine = makeMachine();
    machine.addProgram('node', `echo '${version} ${process.execPath}'`);
    expect((await installSlim(machine)).output).toContain('(slim, downloaded)');
  });
});
