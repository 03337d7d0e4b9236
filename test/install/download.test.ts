import { expect, it } from 'vitest';
import { describeInstaller } from './describe-installer.ts';
import { makeMachine, treeOf } from './installer-run.ts';
import { publishForSuite } from './published.ts';
import { platform } from './sample-release.ts';

const published = publishForSuite();
const file = `/v1.2.3/sem-aws-login-${platform}.gz`;
const nothing = ['.sem-aws-login/ 700'];

// The packed form and the plain form.
const forms = [
  ['the executable', [], file],
  ['the script', ['--slim'], '/v1.2.3/sem-aws-login.cjs'],
] as const;

describeInstaller.for(forms)('%s', ([, args, path]) => {
  it.for(['other', 'page'] as const)('with wrong content (%s) never runs, and nothing is installed', async (fault) => {
    const { installer, environment, server, runs } = published;
    const machine = makeMachine({ programs: ['curl', 'node'] });
    server.faults.push(fault);
    const { exitCode, output } = await machine.install({ installer, environment, args });
    expect(output).toContain(`sem-aws-login: "${server.url}${path}" is not what was released\n`);
    expect(output).toContain('It was not run.');
    expect(exitCode).toBe(5);
    expect(server.requests).toHaveLength(1);
    expect(treeOf(machine.home)).toEqual(nothing);
    expect(runs()).toEqual([]);
  });
});

describeInstaller.for(['curl', 'wget', 'busybox wget'] as const)('a download by %s', (downloader) => {
  const machineOf = () => {
    const machine = makeMachine({ programs: downloader === 'busybox wget' ? [] : [downloader] });
    if (downloader === 'busybox wget') machine.addProgram('wget', 'exec /usr/bin/busybox wget "$@"');
    // Tests do not sleep.
    machine.addProgram('sleep', ':');
    return machine;
  };

  it.for([
    ['is cut off', ['cut', 'cut']],
    ['finds the server busy', ['unavailable', 'unavailable']],
    ['meets both', ['unavailable', 'cut']],
  ] as const)('is attempted three times when it %s', async ([, faults]) => {
    const { installer, environment, server } = published;
    const machine = machineOf();
    server.faults.push(...faults);
    const { exitCode, output } = await machine.install({ installer, environment });
    expect(output.match(/Download failed, trying again: .+/g)).toHaveLength(2);
    expect(exitCode).toBe(0);
    expect(server.requests).toHaveLength(3);
  });

  it.for([
    ['cut', 3],
    ['unavailable', 3],
    ['not-found', 1],
  ] as const)('that always meets "%s" fails after %i attempts, and nothing is installed', async ([fault, tries]) => {
    const { installer, environment, server, runs } = published;
    const machine = machineOf();
    server.faults.push(fault, fault, fault);
    const { exitCode, output } = await machine.install({ installer, environment });
    expect(output).toContain(`sem-aws-login: Cannot download "${server.url}${file}"\n  It was: `);
    expect(exitCode).toBe(6);
    expect(server.requests).toHaveLength(tries);
    expect(treeOf(machine.home)).toEqual(nothing);
    expect(runs()).toEqual([]);
  });

  it('reports a server that does not answer', async () => {
    const { installer } = published;
    const machine = machineOf();
    const environment = { SEM_AWS_LOGIN_BASE_URL: 'http://user:secret@127.0.0.1:1/releases/' };
    const { exitCode, output } = await machine.install({ installer, environment });
    expect(output).toContain(`sem-aws-login: Cannot download "http://127.0.0.1:1/releases${file}"\n`);
    expect(output).toMatch(/It was: .*([Rr]efused|connect to server)/);
    // The log can show a password in the address.
    expect(output).not.toContain('secret');
    expect(exitCode).toBe(6);
  });
});

describeInstaller('a proxy', () => {
  it.for([
    ['curl', 'HTTPS_PROXY'],
    ['curl', 'https_proxy'],
    ['wget', 'HTTPS_PROXY'],
    ['wget', 'https_proxy'],
  ] as const)('is used by %s when %s is set', async ([downloader, name]) => {
    const { installer, server } = published;
    const machine = makeMachine({ programs: [downloader] });
    machine.addProgram('sleep', ':');
    // The default is the stamped address, where no server is.
    await machine.install({ installer, environment: { [name]: server.url } });
    expect(server.requests[0]).toBe('CONNECT releases.example:443');
  });
});

describeInstaller('an unsupported machine', () => {
  const withUname = (system: string, name: string) => {
    const machine = makeMachine();
    machine.addProgram('uname', `case $1 in -s) echo ${system};; *) echo ${name};; esac`);
    return machine;
  };

  it.for([
    ['Linux', 'i686', 'The executable does not run on a 32-bit system (i686)'],
    ['Linux', 'armv7l', 'The executable does not run on a 32-bit system (armv7l)'],
    ['Linux', 'riscv64', 'There is no executable for Linux on riscv64'],
    ['Darwin', 'x86_64', 'There is no executable for macOS on Intel'],
    ['FreeBSD', 'amd64', 'There is no executable for FreeBSD on amd64'],
    ['MINGW64_NT-10.0', 'x86_64', 'This installer does not serve Windows'],
  ] as const)('gets an error: %s on %s', async ([system, name, headline]) => {
    const { installer, environment, server } = published;
    const machine = withUname(system, name);
    const { exitCode, output } = await machine.install({ installer, environment });
    expect(output.split('\n')[0]).toBe(`sem-aws-login: ${headline}`);
    expect(exitCode).toBe(1);
    expect(server.requests).toEqual([]);
  });

  it('can install the script if it has Node', async () => {
    const { installer, environment } = published;
    const machine = makeMachine({ programs: ['curl', 'node'] });
    machine.addProgram('uname', 'case $1 in -s) echo FreeBSD;; *) echo amd64;; esac');
    expect(await machine.install({ installer, environment, args: ['--slim'] })).toMatchObject({ exitCode: 0 });
  });

  it('gets an error without curl and wget', async () => {
    const { installer, environment } = published;
    const { exitCode, output } = await makeMachine({ programs: [] }).install({ installer, environment });
    expect(output).toContain('sem-aws-login: Neither curl nor wget is here\n');
    expect(exitCode).toBe(1);
  });

  it('gets an error without a checksum tool, because nothing runs unverified', async () => {
    const { installer, environment, server } = published;
    const machine = makeMachine();
    machine.addProgram('sha256sum', 'cat >/dev/null; echo 0000 -');
    machine.addProgram('openssl', 'echo "openssl: no such library" >&2; exit 127');
    const { exitCode, output } = await machine.install({ installer, environment });
    expect(output).toContain('sem-aws-login: Nothing here can make a SHA-256\n');
    expect(exitCode).toBe(1);
    expect(server.requests).toEqual([]);
  });

  it.for(['openssl', 'shasum'])('uses %s for the checksum if there is no other tool', async (tool) => {
    const { installer, environment } = published;
    const machine = makeMachine({ programs: ['curl', ...(tool === 'openssl' ? ['openssl'] : ['perl'])] });
    if (tool === 'shasum') machine.addProgram('shasum', 'exec perl /usr/bin/shasum "$@"');
    machine.addProgram('sha256sum', 'exit 1');
    expect(await machine.install({ installer, environment })).toMatchObject({ exitCode: 0 });
  });
});
