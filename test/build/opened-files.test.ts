import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, standardRoleArn, startAws } from '../aws-simulator/aws.ts';
import { executableDirectory } from '../executable.ts';
import { skipped } from '../skips.ts';

// The files and addresses that a login of the built executable opens, from system calls.

const hasStrace = spawnSync('strace', ['--version']).status === 0;
if (!hasStrace) skipped('what a login opens', 'strace is not installed');

let aws: LocalAws;
let directory: string;
let calls: readonly string[] = [];

beforeAll(async () => {
  if (!hasStrace) return;
  aws = await startAws();
  directory = mkdtempSync(join(tmpdir(), 'opened-files-'));
  const [home, project, trace] = ['home', 'project', 'trace'].map((name) => join(directory, name));
  if (home === undefined || project === undefined || trace === undefined) return;
  mkdirSync(home);
  mkdirSync(project);
  // Files that Node, the SDK or a library might read.
  for (const name of ['package.json', '.env', '.npmrc', 'config', 'sem-aws-login.json', 'openssl.cnf']) {
    writeFileSync(join(project, name), 'not for us');
  }
  const login = [join(executableDirectory, 'sem-aws-login'), '--role-arn', standardRoleArn, '--region', 'eu-west-1'];
  const environment = { PATH: '/usr/bin:/bin', HOME: home, ...aws.environmentFor('branch'), ...aws.clientEnvironment };
  const command = ['-f', '-qq', '-e', 'trace=open,openat,connect', '-o', trace, ...login];
  const child = spawn('strace', command, { cwd: project, env: environment, stdio: 'ignore' });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  calls = readFileSync(trace, 'utf8').split('\n');
});

afterAll(async () => {
  if (!hasStrace) return;
  await aws.close();
  rmSync(directory, { recursive: true });
});

describe.skipIf(!hasStrace)('a login', () => {
  it('opens nothing in the working directory', () => {
    const opened = calls
      .map((call) => /open(?:at)?\([^"]*"([^"]*)"/.exec(call)?.[1])
      .filter((path) => path !== undefined);
    expect(opened.length).toBeGreaterThan(10);
    expect(opened.filter((path) => path.startsWith(join(directory, 'project')) || !path.startsWith('/'))).toEqual([]);
  });

  it('opens only the two config files under ~/.aws, and the replacement of one', () => {
    const opened = calls
      .map((call) => /open(?:at)?\([^"]*"[^"]*\/home\/\.aws\/([^"/]*)/.exec(call)?.[1])
      .filter((name) => name !== undefined)
      .map((name) => name.replace(/\.sem-aws-login-.*/, '.sem-aws-login-…'));
    expect([...new Set(opened)].sort()).toEqual(['.config.sem-aws-login-…', 'config', 'credentials']);
  });

  it('connects only to STS', () => {
    const connected = calls
      .map((call) => /connect\(\d+, \{sa_family=(AF_INET6?|AF_UNIX).*?(?:htons\((\d+)\)|sun_path="([^"]*)")/.exec(call))
      .filter((match) => match !== null)
      .map(([, family, port, path]) => `${family} ${port ?? path}`);
    expect(connected).toEqual([`AF_INET ${new URL(aws.url).port}`]);
  });
});
