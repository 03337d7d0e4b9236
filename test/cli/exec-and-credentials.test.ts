import { describe, expect, test } from 'vitest';
import { parseCredentialsRequest } from '../../src/cli/credentials-options.ts';
import { parseExecRequest } from '../../src/cli/login-request.ts';
import type { Environment } from '../../src/world/world.ts';
import { failureOf } from '../failing.ts';
import { invocationOf } from './invocation.ts';

const arn = 'arn:aws:iam::123456789012:role/deploy';

function exec(argv: string[], environment: Environment = {}) {
  const { options, operands } = invocationOf('exec', argv, environment);
  return parseExecRequest(options, operands, environment, 'linux');
}

function credentials(argv: string[], environment: Environment = {}) {
  return parseCredentialsRequest(invocationOf('credentials', argv, environment).options);
}

describe('exec passes the command on unchanged', () => {
  test.each([
    [
      ['--', 'aws', 's3', 'ls'],
      ['aws', 's3', 'ls'],
    ],
    [
      ['aws', 's3', 'ls'],
      ['aws', 's3', 'ls'],
    ],
    [
      ['--', 'aws', '--region', 'x', '--quiet'],
      ['aws', '--region', 'x', '--quiet'],
    ],
    [
      ['aws', '--region', 'x', '--quiet'],
      ['aws', '--region', 'x', '--quiet'],
    ],
    [
      ['--', 'aws', '--endpoint-url=http://x'],
      ['aws', '--endpoint-url=http://x'],
    ],
    [
      ['aws', '--endpoint-url=http://x'],
      ['aws', '--endpoint-url=http://x'],
    ],
    [
      ['aws', '--quiet=1'],
      ['aws', '--quiet=1'],
    ],
    [
      ['--quiet', 'env', '--role-arn=x'],
      ['env', '--role-arn=x'],
    ],
    [
      ['--region', 'eu-west-1', 'env', '--region=x'],
      ['env', '--region=x'],
    ],
    [
      ['--', 'sh', '-c', 'a; b', '--', 'c'],
      ['sh', '-c', 'a; b', '--', 'c'],
    ],
    [
      ['--', 'printf', '', ' '],
      ['printf', '', ' '],
    ],
    [['--', '--odd'], ['--odd']],
  ])('%j', (argv, expected) => {
    const { command: name, args } = exec(['--role-arn', arn, ...argv]);
    expect([name, ...args]).toEqual(expected);
  });

  test('its options come before the command, or from variables', () => {
    const environment = { SEM_AWS_LOGIN_ROLE_ARN: arn, SEM_AWS_LOGIN_EXPORT: 'static' };
    expect(exec(['--duration', '900', 'env'], environment)).toMatchObject({
      command: 'env',
      args: [],
      login: { roles: [{ role: { text: arn } }], exports: 'static', session: { durationSeconds: 900 } },
    });
  });

  test.each([
    [['--role-arn', arn], { kind: 'command-missing' }],
    [['--role-arn', arn, '--'], { kind: 'command-missing' }],
    [['--', 'env'], { kind: 'role-missing' }],
    [['--role-arn', arn, '--export', 'none', 'env'], { kind: 'flags-conflict', flags: ['exec', '--export none'] }],
    [['--role-arn', arn, '--isolated', 'env'], { kind: 'unknown-flag', flag: '--isolated' }],
    [['--role-arn', arn, '--quiet=1', 'env'], { kind: 'usage', problem: expect.stringContaining('is a switch') }],
  ])('%j is refused', (argv, facts) => {
    expect(failureOf(() => exec(argv))).toMatchObject(facts);
  });
});

describe('credentials', () => {
  const job = '/home/semaphore/.sem-aws-login/jobs/2f8a7c9e-1';

  test('requests the default profile in the format of credential_process by default', () => {
    expect(credentials([])).toEqual({
      profile: 'default',
      jobDirectory: undefined,
      token: { variable: 'SEMAPHORE_OIDC_TOKEN' },
      format: 'process',
      timeout: 30_000,
    });
  });

  test.each([
    [['--profile', 'prod'], { profile: 'prod' }],
    [['--format', 'env'], { format: 'env' }],
    [['--job-directory', job], { jobDirectory: job }],
    [['--job-directory', 'C:\\u\\.sem-aws-login\\jobs\\1'], { jobDirectory: 'C:\\u\\.sem-aws-login\\jobs\\1' }],
    [['--timeout', '5'], { timeout: 5_000 }],
    [['--token-file', '/t'], { token: { file: '/t' } }],
  ])('%j', (argv, expected) => {
    expect(credentials(argv)).toMatchObject(expected);
  });

  test('--format takes precedence over a variable that is meant for another command', () => {
    const environment = { SEM_AWS_LOGIN_FORMAT: 'terraform' };
    expect(credentials(['--format', 'process'], environment)).toMatchObject({ format: 'process' });
  });

  test.each([
    [['--profile', 'a b'], { source: '--profile' }],
    [['--format', 'json'], { source: '--format' }],
    [['--timeout', '0'], { source: '--timeout' }],
    [['--job-directory', 'jobs/1'], { source: '--job-directory' }],
    [['--job-directory', '~/.sem-aws-login/jobs/1'], { source: '--job-directory' }],
    [['--job-directory', '/home/semaphore'], { problem: expect.stringContaining('not the directory of a job') }],
    [['--job-directory', '/'], { problem: expect.stringContaining('not the directory of a job') }],
    [['--job-directory', `${job}/`], { problem: expect.stringContaining('not the directory of a job') }],
    [['--job-directory', '/a/../jobs/1'], { problem: expect.stringContaining('not the directory of a job') }],
    [['--job-directory', '/a/./jobs/1'], { problem: expect.stringContaining('not the directory of a job') }],
    [['--job-directory', '/a/jobs/..'], { problem: expect.stringContaining('not the directory of a job') }],
    [
      ['--job-directory', `/a/jobs/${'x'.repeat(65)}`],
      { problem: expect.stringContaining('not the directory of a job') },
    ],
  ])('%j is refused', (argv, facts) => {
    expect(failureOf(() => credentials(argv))).toMatchObject({ kind: 'value-invalid', ...facts });
  });
});
