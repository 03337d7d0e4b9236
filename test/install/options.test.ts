import { expect, it } from 'vitest';
import { describeInstaller } from './describe-installer.ts';
import { makeMachine, treeOf } from './installer-run.ts';
import { publishForSuite } from './published.ts';
import { platform } from './sample-release.ts';

const published = publishForSuite();
const sum = 'a'.repeat(64);

describeInstaller('another version', () => {
  it('is installed with the checksum of its executable', async () => {
    const { installer, environment, next, server } = published;
    const machine = makeMachine();
    const args = ['--version', '1.2.4', '--sha256', next.executableSum];
    expect(await machine.install({ installer, environment, args })).toMatchObject({ exitCode: 0 });
    expect(await machine.job('sem-aws-login')).toEqual({ exitCode: 0, output: 'sem-aws-login 1.2.4\n' });
    expect(await machine.install({ installer, environment, args })).toEqual({ exitCode: 0, output: '' });
    expect(server.requests).toEqual([`GET /v1.2.4/sem-aws-login-${platform}.gz`]);
  });

  it('is installed if one of several checksums matches, as platforms and forms differ', async () => {
    const { installer, environment, next } = published;
    const machine = makeMachine({ programs: ['curl', 'node'] });
    const args = ['--version=1.2.4', `--sha256=${sum}`, `--sha256=${next.slimSum}`, '--slim'];
    expect(await machine.install({ installer, environment, args })).toMatchObject({ exitCode: 0 });
    expect(await machine.job('sem-aws-login')).toEqual({ exitCode: 0, output: 'sem-aws-login 1.2.4 -\n' });
  });

  it('is rejected with a wrong checksum, and the installed version stays', async () => {
    const { installer, environment } = published;
    const machine = makeMachine();
    await machine.install({ installer, environment });
    const before = treeOf(machine.home);
    const args = ['--version', '1.2.4', '--sha256', sum];
    const { exitCode, output } = await machine.install({ installer, environment, args });
    expect(output).toContain('/v1.2.4/');
    expect(output).toContain('is not what was released');
    expect(exitCode).toBe(5);
    expect(treeOf(machine.home)).toEqual(before);
    expect(await machine.job('sem-aws-login')).toEqual({ exitCode: 0, output: 'sem-aws-login 1.2.3\n' });
  });

  it('is not installed if it reports a different version', async () => {
    const { installer, environment, release } = published;
    const machine = makeMachine();
    // 1.2.3 in place of 1.2.4, with a matching checksum: an old version must not pass for a new
    // one.
    machine.prepare(`mkdir -p ~/v1.2.5 && cp '${release.installer.replace(/install.sh$/, '')}'* ~/v1.2.5`);
    const args = ['--version', '1.2.5', '--sha256', release.executableSum];
    const { exitCode, output } = await machine.install({
      installer,
      environment: { ...environment, SEM_AWS_LOGIN_BASE_URL: `file://${machine.home}` },
      args,
    });
    expect(output).toContain('The executable does not start on this machine\n  It says: sem-aws-login 1.2.3\n');
    expect(exitCode).toBe(1);
  });
});

describeInstaller('invalid options are rejected before anything happens', () => {
  it.for([
    ['--version 1.2.4', 'Version 1.2.4 needs --sha256'],
    [`--version ../../etc --sha256 ${sum}`, '"../../etc" is not a version'],
    [`--version jobs --sha256 ${sum}`, '"jobs" is not a version'],
    [`--version 1.2 --sha256 ${sum}`, '"1.2" is not a version'],
    ['--sha256 abc', '"abc" is not a SHA-256'],
    [`--sha256 ${'A'.repeat(64)}`, `"${'A'.repeat(64)}" is not a SHA-256`],
    ['--sha256', '--sha256 needs a value'],
    ['--Slim', 'Unknown option "--Slim"'],
    ['slim', 'Unknown option "slim"'],
  ] as const)('%s', async ([args, headline]) => {
    const { installer, environment, server } = published;
    const machine = makeMachine();
    const { exitCode, output } = await machine.install({ installer, environment, args: args.split(' ') });
    expect(output.split('\n')[0]).toBe(`sem-aws-login: ${headline}`);
    expect(exitCode).toBe(2);
    expect(server.requests).toEqual([]);
    expect(treeOf(machine.home)).toEqual([]);
  });

  it('--help lists every option', async () => {
    const { exitCode, output } = await makeMachine().install({ installer: published.installer, args: ['--help'] });
    expect(output).toMatchInlineSnapshot(`
      "Usage: install.sh [--slim] [--version VERSION --sha256 SUM]
             install.sh --uninstall

      Installs sem-aws-login 1.2.3 under ~/.sem-aws-login (or SEM_AWS_LOGIN_HOME) and puts a link to it into a
      directory on PATH. What stands there already with the right sum is left alone.

        --slim             the small script, where Node 22.12 or later is on PATH; else the executable
        --version VERSION  another version, by the sums you give
        --sha256 SUM       the sum of its executable, or with --slim of its script, from its SHA256SUMS; may be repeated
        --uninstall        removes every installed version and the link, and leaves what jobs wrote

      SEM_AWS_LOGIN_BASE_URL names another place to download from: <base>/v<version>/<file>.

      Example:
        curl -fsSL https://releases.example/install.sh | bash -s -- --slim
      "
    `);
    expect(exitCode).toBe(0);
  });
});
