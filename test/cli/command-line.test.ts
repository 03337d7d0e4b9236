import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/cli/command-line.ts';
import { commands, optionsOf } from '../../src/cli/commands.ts';
import { parseLoginRequest } from '../../src/cli/login-request.ts';
import { variableOf } from '../../src/cli/option.ts';
import type { Environment } from '../../src/world/world.ts';
import { failureOf } from '../failing.ts';

const arn = 'arn:aws:iam::123456789012:role/deploy';
const read = (argv: string[], environment: Environment = {}) => readCommandLine(argv, environment, '1.2.3');

function login(argv: string[], environment: Environment = {}) {
  const invocation = read(argv, environment);
  if (invocation.kind !== 'command' || invocation.name !== 'login') throw new Error('not a login');
  return parseLoginRequest(invocation.options, environment, 'linux');
}

describe('the command line', () => {
  test('login is the default command', () => {
    expect(read(['--role-arn', arn])).toMatchObject({ kind: 'command', name: 'login' });
    expect(read(['login', '--role-arn', arn])).toMatchObject({ kind: 'command', name: 'login' });
    expect(read([])).toMatchObject({ kind: 'command', name: 'login' });
  });

  test('the version and the help are printed', () => {
    for (const argv of [
      ['version'],
      ['version', 'login'],
      ['--version'],
      ['-V'],
      ['-v'],
      ['--role-arn', arn, '--version'],
      ['doctor', '--version'],
    ])
      expect(read(argv)).toEqual({ kind: 'print', text: 'sem-aws-login 1.2.3' });
    expect(read(['--help'])).toMatchObject({ text: expect.stringContaining('login') });
    for (const argv of [['help'], ['help', '--debug'], ['help', 'help'], ['help', 'version'], ['-h']])
      expect(read(argv)).toEqual(read(['--help']));
    for (const argv of [
      ['help', 'login'],
      ['help', 'login', '--region'],
      ['login', '-h'],
      ['login', '--zzzzzz', '--help'],
    ])
      expect(read(argv)).toMatchObject({ text: expect.stringContaining('Usage: sem-aws-login login [options]') });
  });

  test.each(commands.map((command) => [command.name, command] as const))(
    'the help of %s lists every option with its variable, and ends with its example',
    (name, command) => {
      const help = read([name, '--help']);
      if (help.kind !== 'print') throw new Error('no help');
      for (const option of optionsOf(name)) {
        expect(help.text).toContain(`--${option.name}`);
        expect(help.text.replace(/\s+/g, ' ')).toContain(`[${variableOf(option)}]`);
      }
      expect(help.text.endsWith(command.example)).toBe(true);
    },
  );

  test.each([
    [undefined, 80],
    [0, 80],
    [40, 80],
    [100, 100],
    [200, 120],
  ])('the help in a terminal of %s columns wraps at %i', (stdoutColumns, columns) => {
    const help = readCommandLine(['login', '--help'], {}, '1.2.3', { stdoutColumns });
    const lines = help.kind === 'print' ? help.text.split('\n').filter((line) => !line.includes('source "$(')) : [];
    const longest = Math.max(...lines.map((line) => line.length));
    expect(longest).toBeLessThanOrEqual(columns);
    expect(longest).toBeGreaterThan(columns - 10);
  });

  test.each([
    [['--regin', 'x'], { kind: 'unknown-flag', flag: '--regin', suggestion: '--region' }],
    [['-exh'], { kind: 'unknown-flag', flag: '-exh' }],
    [['--zzzzzz'], { kind: 'unknown-flag', flag: '--zzzzzz', suggestion: undefined }],
    [['--versoin'], { kind: 'unknown-flag', flag: '--versoin', suggestion: '--version' }],
    [['--verison=x'], { kind: 'unknown-flag', flag: '--verison', suggestion: '--version' }],
    [['--vers'], { kind: 'unknown-flag', suggestion: '--version' }],
    [['--VERSION'], { kind: 'unknown-flag', suggestion: '--version' }],
    [['doctor', '--versoin'], { kind: 'unknown-flag', suggestion: '--version' }],
    [['--hlep'], { kind: 'unknown-flag', flag: '--hlep', suggestion: '--help' }],
    [['--HELP'], { kind: 'unknown-flag', suggestion: '--help' }],
    [['--Role-Arn', arn], { kind: 'unknown-flag', suggestion: '--role-arn' }],
    [['logout', '--Role-Arn', arn], { kind: 'unknown-flag', flag: '--Role-Arn', suggestion: undefined }],
    [['-abc'], { kind: 'unknown-flag', flag: '-abc', suggestion: undefined }],
    [['-region', 'x'], { kind: 'unknown-flag', flag: '-region', suggestion: '--region' }],
    [['logout', '--role-arn', arn], { kind: 'unknown-flag', flag: '--role-arn', suggestion: undefined }],
    [['hlep'], { kind: 'unknown-command', command: 'hlep', suggestion: '--help' }],
    [['versions'], { kind: 'unknown-command', command: 'versions', suggestion: '--version' }],
    [['help', 'lgoin'], { kind: 'unknown-command', command: 'lgoin', suggestion: 'login' }],
    [['lgoin'], { kind: 'unknown-command', command: 'lgoin' }],
    [['whoami'], { kind: 'unknown-command', command: 'whoami', suggestion: 'status' }],
    [['run', '--', 'ls'], { kind: 'unknown-command', command: 'run', suggestion: 'exec' }],
    [['logins'], { kind: 'unknown-command', suggestion: 'login' }],
    [['lo'], { kind: 'unknown-command', suggestion: 'login' }],
    [['--role-arn'], { kind: 'flag-without-value', flag: '--role-arn' }],
    [['--role-arn', '--region', 'eu-west-1'], { kind: 'flag-without-value', flag: '--role-arn', next: '--region' }],
    [['--role-arn', arn, 'stray'], { kind: 'unexpected-argument', argument: 'stray' }],
    [['--role-arn', ''], { kind: 'value-invalid', problem: expect.stringContaining('it is empty') }],
  ])('%j is refused', (argv, facts) => {
    expect(failureOf(() => read(argv))).toMatchObject(facts);
  });
});

describe('an option of another tool', () => {
  test.each([
    ['--role-to-assume', '--role-arn'],
    ['--aws-region', '--region'],
    ['--role-session-name', '--session-name'],
    ['--role-duration-seconds', '--duration'],
    ['--role-external-id', '--external-id'],
    ['--managed-session-policies', '--session-policy-arn'],
    ['--inline-session-policy', '--session-policy'],
    ['--aws-profile', '--profile'],
    ['--web-identity-token-file', '--token-file'],
    ['--duration-seconds', '--duration'],
    ['--policy-arns', '--session-policy-arn'],
  ])('%s is %s', (flag, suggestion) => {
    const facts = failureOf(() => read([flag, 'x']));
    expect(facts).toMatchObject({ kind: 'unknown-flag', flag, suggestion, tool: expect.any(String) });
  });

  test.each(['--aws-secret-access-key', '--web-identity-token', '--role-chaining', '--audience'])(
    '%s is not needed',
    (flag) => {
      const facts = failureOf(() => read(['--role-arn', arn, flag, 'x']));
      expect(facts).toMatchObject({ kind: 'unknown-flag', suggestion: undefined, why: expect.any(String) });
    },
  );

  test('is answered with all options of the line that have other names', () => {
    const argv = ['--role-to-assume', arn, '--aws-region=eu-west-1', '--regin', 'x', '--quiet', '--', '--aws-region'];
    expect(failureOf(() => read(argv))).toMatchObject({
      renames: [
        { from: '--role-to-assume', to: '--role-arn' },
        { from: '--aws-region', to: '--region' },
        { from: '--regin', to: '--region' },
      ],
    });
  });

  test('is answered for each command with its own options', () => {
    expect(failureOf(() => read(['logout', '--aws-region', 'x']))).toMatchObject({
      suggestion: undefined,
      renames: [],
    });
  });
});

describe('every option is also read from its variable', () => {
  test.each([
    ['SEM_AWS_LOGIN_ROLE_ARN', 'arn:aws:iam::123456789012:role/other', { roles: [{ role: { name: 'other' } }] }],
    ['SEM_AWS_LOGIN_REGION', 'eu-north-1', { region: { value: 'eu-north-1', source: 'SEM_AWS_LOGIN_REGION' } }],
    ['SEM_AWS_LOGIN_PROFILE', 'prod', { roles: [{ profile: 'prod' }] }],
    ['SEM_AWS_LOGIN_SESSION_NAME', 'me', { sessionName: 'me' }],
    ['SEM_AWS_LOGIN_TOKEN_ENV', 'MY_TOKEN', { token: { variable: 'MY_TOKEN' } }],
    ['SEM_AWS_LOGIN_TOKEN_FILE', '/t', { token: { file: '/t' } }],
    ['SEM_AWS_LOGIN_EXPORT', 'none', { exports: 'none' }],
    ['SEM_AWS_LOGIN_SHELL', 'powershell', { shell: 'powershell' }],
    ['SEM_AWS_LOGIN_SHARED_CONFIG', '1', { isolated: false }],
    ['SEM_AWS_LOGIN_ISOLATED', '1', { isolated: true }],
    ['SEM_AWS_LOGIN_OVERWRITE_PROFILE', '1', { overwriteProfile: true }],
    ['SEM_AWS_LOGIN_NO_VERIFY', '1', { verify: false }],
    ['SEM_AWS_LOGIN_WAIT', '60', { wait: 60_000 }],
    ['SEM_AWS_LOGIN_TIMEOUT', '7', { timeout: 7_000 }],
    ['SEM_AWS_LOGIN_QUIET', '1', { quiet: true }],
  ])('%s=%s', (name, value, expected) => {
    expect(login([], { SEM_AWS_LOGIN_ROLE_ARN: arn, [name]: value })).toMatchObject(expected);
  });

  test('an option takes precedence over its variable, and an empty variable counts as unset', () => {
    const environment = { SEM_AWS_LOGIN_ROLE_ARN: 'nonsense', SEM_AWS_LOGIN_REGION: '' };
    expect(login(['--role-arn', arn], environment)).toMatchObject({
      roles: [{ role: { text: arn } }],
      region: undefined,
    });
  });

  test('the variable of a switch is 1 or 0', () => {
    expect(login(['--role-arn', arn], { SEM_AWS_LOGIN_QUIET: '0' }).quiet).toBe(false);
    expect(failureOf(() => login(['--role-arn', arn], { SEM_AWS_LOGIN_QUIET: 'true' }))).toMatchObject({
      source: 'SEM_AWS_LOGIN_QUIET',
      remedy: 'set it to 1 or 0',
    });
  });

  test('AWS_ROLE_ARN is never read: a cluster can set it for its own use', () => {
    expect(failureOf(() => login([], { AWS_ROLE_ARN: arn }))).toEqual({ kind: 'role-missing' });
  });
});

describe('a login request', () => {
  test('has these values by default', () => {
    expect(login(['--role-arn', arn])).toEqual({
      roles: [{ profile: 'default', role: { text: arn, partition: 'aws', account: '123456789012', name: 'deploy' } }],
      several: false,
      session: {
        durationSeconds: undefined,
        policyFile: undefined,
        policyArns: [],
        further: [],
        externalId: undefined,
        sourceIdentity: undefined,
        tags: [],
        transitiveTags: [],
      },
      region: undefined,
      sessionName: undefined,
      token: { variable: 'SEMAPHORE_OIDC_TOKEN' },
      exports: 'profile',
      shell: 'bash',
      isolated: undefined,
      overwriteProfile: false,
      verify: true,
      wait: 0,
      timeout: 30_000,
      quiet: false,
    });
  });

  test.each([
    [['--region', 'eu-west-1'], { AWS_REGION: 'eu-west-2', AWS_DEFAULT_REGION: 'eu-west-3' }, 'eu-west-1', '--region'],
    [[], { AWS_REGION: 'eu-west-2', AWS_DEFAULT_REGION: 'eu-west-3' }, 'eu-west-2', 'AWS_REGION'],
    [[], { AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-3' }, 'eu-west-3', 'AWS_DEFAULT_REGION'],
  ])('takes its region from %j and %j: %s', (argv, environment, value, source) => {
    expect(login(['--role-arn', arn, ...argv], environment).region).toEqual({ value, source });
  });

  test.each([
    [['--isolated', '--shared-config']],
    [['--token-env', 'A', '--token-file', '/b']],
    [['--export', 'static', '--no-verify']],
    [['--export', 'none', '--isolated']],
  ])('%j cannot be used together', (argv) => {
    expect(failureOf(() => login(['--role-arn', arn, ...argv]))).toMatchObject({ kind: 'flags-conflict' });
  });

  test.each([
    [['--token-env', 'eyJhbGciOiJSUzI1NiJ9.e30.x'], { kind: 'token-on-command-line', flag: '--token-env' }],
    [['--token-file', 'eyJhbGciOiJSUzI1NiJ9.e30.x'], { kind: 'token-on-command-line', flag: '--token-file' }],
    [['--token-env', '$TOKEN'], { kind: 'value-invalid', source: '--token-env' }],
    [['--token-file', 'token'], { kind: 'value-invalid', source: '--token-file' }],
  ])('%j is refused', (argv, facts) => {
    expect(failureOf(() => login(['--role-arn', arn, ...argv]))).toMatchObject(facts);
  });
});
