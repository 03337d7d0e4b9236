import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleAssetScripts, bundleSlimScript, root } from '../../scripts/build/bundle.ts';
import { type LocalAws, standardRoleArn, startAws } from '../aws-simulator/aws.ts';

// The loaded modules decide the cost of a start. It grows with every import, so each entry of these
// tables has a reason.

const slimScript = join(root, 'dist', 'sem-aws-login.cjs');
const login = ['--role-arn', standardRoleArn, '--region', 'eu-west-1'];

let aws: LocalAws;
let home: string;
beforeAll(async () => {
  aws = await startAws();
  home = mkdtempSync(join(tmpdir(), 'start-up-'));
});
afterAll(async () => {
  await aws.close();
  rmSync(home, { recursive: true });
});

/** Runs the slim script, which loads the same modules as the executable and can be inspected. */
async function run(
  nodeOptions: readonly string[],
  args: readonly string[],
  job: Record<string, string>,
): Promise<string> {
  const command = [...nodeOptions, slimScript, ...args];
  const environment = { PATH: '/usr/bin:/bin', HOME: home, RECORDED_MODULES: join(home, 'modules'), ...job };
  const child = spawn(process.execPath, command, { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return output;
}

async function modulesOf(args: readonly string[], job: Record<string, string> = {}): Promise<string[]> {
  await run(['--import', join(import.meta.dirname, 'recorded-modules.ts')], args, job);
  return readFileSync(join(home, 'modules'), 'utf8').split('\n');
}

function job(): Record<string, string> {
  return { ...aws.environmentFor('branch'), ...aws.clientEnvironment };
}

const always = {
  fs: 'files, and synchronous output before the process ends',
  os: 'numbers of signals, for the exit code of a command',
  path: 'paths',
  process: 'the command line and the environment',
  'timers/promises': 'pauses while another process has the lock',
  util: 'parseArgs, for the command line',
};

const beforeSts = {
  ...always,
  tty: 'whether to print a path or a message for a terminal',
};

const loggedIn = {
  ...beforeSts,
  crypto: 'unpredictable names of temporary files; the SDK',
  http: 'STS on loopback',
  https: 'STS',
  stream: 'the SDK, for bodies',
};

describe('the only Node modules that are loaded', () => {
  it('by --version', async () => {
    expect(await modulesOf(['--version'])).toEqual(Object.keys(always).sort());
  });

  it('by a failure that needs no STS', async () => {
    expect(await modulesOf(login)).toEqual(Object.keys(beforeSts).sort());
  });

  it('by a login', async () => {
    expect(await modulesOf(login, job())).toEqual(Object.keys(loggedIn).sort());
  });
});

it('V8 optimizes no function during a login, since that would cost more than it saves', async () => {
  const fresh = mkdtempSync(join(home, 'fresh-'));
  expect(await run(['--trace-opt'], login, { ...job(), HOME: fresh })).not.toMatch(/compiling method/);
});

describe('no script exceeds', () => {
  it('450 kB for the slim script, which is downloaded, and compiled at every start', async () => {
    expect((await bundleSlimScript()).text.length).toBeLessThan(450_000);
  });

  it.each([
    ['program', 520_000, 'all of ours, with jose; names in full, for the stack of a bug'],
    [
      'sts-client',
      110_000,
      'protocol, signature and network handler of the AWS SDK, without its client, and the proxy agent',
    ],
  ])('%s: %i bytes (%s)', async (name, limit) => {
    const { [name]: script } = await bundleAssetScripts();
    expect(script?.text.length).toBeLessThan(limit);
  });
});
