import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import { type Job, startJob, type Variables } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { expectRefusal, unwrapped } from './refusal.ts';

const aws = useAws();

const role = ['--role-arn', standardRoleArn];

describe('a value that cannot be used', () => {
  it.each<[what: string, args: readonly string[], headline: string, says: string]>([
    ['a role that is only a name', ['--role-arn', 'deploy'], 'The value "deploy" of --role-arn', 'It is not an ARN'],
    [
      'a partition of no known shape',
      ['--role-arn', 'arn:amz:iam::123456789012:role/x'],
      'The value',
      '"amz" is not a partition',
    ],
    ['another service', ['--role-arn', 'arn:aws:s3::123456789012:role/x'], 'The value', 'Its service is "s3"'],
    [
      'a region in the ARN',
      ['--role-arn', 'arn:aws:iam:eu-west-1:123456789012:role/x'],
      'The value',
      'It has a region, "eu-west-1"',
    ],
    ['an account of eleven digits', ['--role-arn', 'arn:aws:iam::12345678901:role/x'], 'The value', 'twelve digits'],
    [
      'an account that is a name',
      ['--role-arn', 'arn:aws:iam::production:role/x'],
      'The value',
      'account is "production"',
    ],
    ['a user', ['--role-arn', 'arn:aws:iam::123456789012:user/x'], 'The value', 'which is not a role'],
    ['a role without a name', ['--role-arn', 'arn:aws:iam::123456789012:role/'], 'The value', 'name is ""'],
    [
      'a role name with a blank',
      ['--role-arn', 'arn:aws:iam::123456789012:role/my role'],
      'The value',
      'name is "my role"',
    ],
    [
      'a role name of 65 characters',
      ['--role-arn', `arn:aws:iam::123456789012:role/${'x'.repeat(65)}`],
      'The value',
      '1 to 64',
    ],
    ['a role path with a blank', ['--role-arn', 'arn:aws:iam::123456789012:role/a b/x'], 'The value', 'path is "a b/"'],
    [
      'the ARN of a session',
      ['--role-arn', 'arn:aws:sts::123456789012:assumed-role/x/s'],
      'The value',
      'session of a role',
    ],
    ['a newline after the ARN', ['--role-arn', `${standardRoleArn}\n`], 'The value', 'white space'],
    ['an empty role', ['--role-arn', ''], 'The value "" of --role-arn', 'a variable of the pipeline'],
    ['an availability zone', [...role, '--region', 'eu-west-1a'], 'The value "eu-west-1a" of --region', '"eu-west-1"'],
    [
      'a region by its other name',
      [...role, '--region', 'Ireland'],
      'The value "Ireland" of --region',
      'such as "eu-west-1"',
    ],
    ['a region with a path in it', [...role, '--region', 'evil.example/eu-west-1'], 'The value', 'no AWS region'],
    ['a region with a newline in it', [...role, '--region', 'eu-west-1\n[profile x]'], 'The value', 'no AWS region'],
    [
      'a session name with blanks',
      [...role, '--session-name', 'My job!'],
      'The value "My job!" of --session-name',
      '--session-name My-job',
    ],
    [
      'a session name of 65 characters',
      [...role, '--session-name', 'x'.repeat(65)],
      'The value',
      `--session-name ${'x'.repeat(64)}`,
    ],
    ['a session name of one character', [...role, '--session-name', 'x'], 'The value "x"', 'at least 2'],
    [
      'a profile name with a blank',
      [...role, '--profile', 'my profile'],
      'The value "my profile" of --profile',
      '1 to 64',
    ],
    ['a profile name that closes the header', [...role, '--profile', 'x]'], 'The value "x]" of --profile', '1 to 64'],
    ['an unknown form of export', [...role, '--export', 'all'], 'The value "all" of --export', 'profile, static, none'],
    ['an unknown shell', [...role, '--shell', 'fish'], 'The value "fish" of --shell', 'bash, powershell'],
    ['a time-out of nothing', [...role, '--timeout', '0'], 'The value "0" of --timeout', 'from 1 to 900'],
    ['a time-out with a unit', [...role, '--timeout', '5s'], 'The value "5s" of --timeout', 'whole number'],
    ['a wait without an end', [...role, '--wait', '3600'], 'The value "3600" of --wait', 'from 0 to 600'],
    ['a token file by a relative path', [...role, '--token-file', 'token'], 'The value "token"', 'the absolute path'],
    ['a token file under "~"', [...role, '--token-file=~/token'], 'The value "~/token"', 'only a shell expands "~"'],
    [
      'a variable name with "$"',
      [...role, '--token-env', '$TOKEN'],
      'The value "$TOKEN" of --token-env',
      'without "$"',
    ],
  ])('%s', async (_, args, headline, says) => {
    const run = await startJob(aws()).run(args);
    expectRefusal(run, { exitCode: 2, headline, says: [literally(says)] });
    expect(run.requests).toEqual([]);
  });

  it.each<[what: string, environment: Variables, headline: string, says: string | readonly string[]]>([
    ['an impossible region', { AWS_REGION: 'nowhere' }, 'The value "nowhere" of AWS_REGION', 'such as "eu-west-1"'],
    ['an impossible old region', { AWS_DEFAULT_REGION: 'x y' }, 'The value "x y" of AWS_DEFAULT_REGION', 'such as'],
    [
      'a switch that is neither on nor off',
      { SEM_AWS_LOGIN_QUIET: 'yes' },
      'The value "yes" of SEM_AWS_LOGIN_QUIET',
      '1 or 0',
    ],
    ['a relative root', { SEM_AWS_LOGIN_HOME: 'here' }, 'The value "here" of SEM_AWS_LOGIN_HOME', 'absolute'],
    [
      'a relative config file',
      { AWS_CONFIG_FILE: 'aws/config' },
      'The value "aws/config" of AWS_CONFIG_FILE',
      'absolute',
    ],
    [
      'a config file under "~"',
      { AWS_CONFIG_FILE: '~/.aws/x' },
      'The value "~/.aws/x" of AWS_CONFIG_FILE',
      'only a shell',
    ],
    ['a relative HOME', { HOME: 'home' }, 'The value "home" of HOME', 'absolute'],
    [
      'a job id with "../" in it',
      { SEMAPHORE_JOB_ID: '../../x' },
      'The value of the session name made from ',
      ['semaphore-job-../../x', '--session-name semaphore-job-..-..-x'],
    ],
    [
      'an endpoint without a scheme',
      { AWS_ENDPOINT_URL_STS: 'sts.local' },
      'The value "sts.local" of AWS_ENDPOINT_URL_STS',
      'https://',
    ],
    [
      'an endpoint of plain http elsewhere',
      { AWS_ENDPOINT_URL_STS: 'http://10.0.0.1:4566' },
      'The token is not sent to "http://10.0.0.1:4566/", which is not encrypted',
      'Unset AWS_ENDPOINT_URL_STS',
    ],
    [
      'a left-over general endpoint',
      { AWS_ENDPOINT_URL_STS: undefined, AWS_ENDPOINT_URL: 'http://localstack:4566' },
      'The token is not sent to "http://localstack:4566/"',
      'Unset AWS_ENDPOINT_URL,',
    ],
    [
      'a proxy that is none',
      { AWS_ENDPOINT_URL_STS: undefined, HTTPS_PROXY: 'socks5://127.0.0.1:1' },
      'The value "socks5://127.0.0.1:1" of HTTPS_PROXY',
      'http://host:port',
    ],
    [
      'a proxy with a password that is none',
      { AWS_ENDPOINT_URL_STS: undefined, HTTPS_PROXY: 'socks5://me:hunter2@127.0.0.1:1' },
      'The value of HTTPS_PROXY cannot be used',
      ['(not shown, since it may hold a password)', 'http://host:port'],
    ],
    [
      'a proxy that is a user and a password',
      { AWS_ENDPOINT_URL_STS: undefined, HTTPS_PROXY: '://me:hunter2' },
      'The value of HTTPS_PROXY cannot be used',
      ['(not shown, since it may hold a password)', 'http://user:password@host:port'],
    ],
  ])('%s', async (_, environment, headline, says) => {
    const run = await startJob(aws(), { environment }).run(role);
    expectRefusal(run, { exitCode: 2, headline, says: [says].flat().map(literally) });
    expect(run.requests).toEqual([]);
    expect(run.stderr).not.toContain('hunter2');
  });
});

describe('a command line that cannot be read', () => {
  it.each<[what: string, args: readonly string[], headline: string, says: string]>([
    ['no role at all', [], 'No role is given', '--role-arn arn:aws:iam::123456789012:role/NAME'],
    ['a flag misspelt', ['--role-arm', standardRoleArn], 'Unknown option "--role-arm"', 'Did you mean "--role-arn"?'],
    [
      'a flag misspelt, with its value',
      [`--rolearn=${standardRoleArn}`],
      'Unknown option "--rolearn"',
      'Did you mean "--role-arn"?',
    ],
    ['a flag that is like no other', [...role, '--colour'], 'Unknown option "--colour"', 'sem-aws-login login --help'],
    ['a flag of Node', [...role, '--inspect'], 'Unknown option "--inspect"', 'sem-aws-login'],
    ['a short flag', ['-r', standardRoleArn], 'Unknown option "-r"', 'sem-aws-login'],
    ['a flag without its value at the end', [...role, '--region'], 'The value of --region is missing', 'not set'],
    [
      'a flag whose value is another flag',
      ['--role-arn', '--region', 'eu-west-1'],
      'The value of --role-arn is missing',
      'The option "--region" follows instead',
    ],
    [
      'a value that fell apart at a blank',
      [...role, '--session-name', 'my', 'job'],
      'Unexpected argument "job"',
      'must be quoted',
    ],
    [
      'a value for a switch',
      [...role, '--quiet=1'],
      'Invalid command line: --quiet is a switch and does not take a value',
      'sem-aws-login login --help',
    ],
    [
      'private and shared at once',
      [...role, '--isolated', '--shared-config'],
      '--isolated and --shared-config cannot be used together',
      'one of them',
    ],
    [
      'two places for the token',
      [...role, '--token-env', 'A', '--token-file', '/b'],
      '--token-env and --token-file cannot be used together',
      'one of them',
    ],
    [
      'keys without STS',
      [...role, '--export', 'static', '--no-verify'],
      '--export static and --no-verify cannot be used together',
      'come from STS',
    ],
    [
      'a private file that nothing names',
      [...role, '--export', 'none', '--isolated'],
      '--export none and --isolated cannot be used together',
      'exported variable',
    ],
  ])('%s', async (_, args, headline, says) => {
    const run = await startJob(aws()).run(args);
    expectRefusal(run, { exitCode: 2, headline, says: [literally(says)] });
    expect(run.requests).toEqual([]);
  });

  it.each([
    ['misspelt', 'logn', 'Did you mean "login"?'],
    ['misspelt otherwise', 'logot', 'Did you mean "logout"?'],
    ['like no other', 'deploy', 'The commands are '],
  ])('a command %s', async (_, command, says) => {
    const run = await startJob(aws()).run([command, ...role]);
    expect(run).toMatchObject({ exitCode: 2, stdout: '', written: {} });
    expect(unwrapped(run.stderr)).toMatch(new RegExp(`^sem-aws-login: Unknown command "${command}"`));
    expect(unwrapped(run.stderr)).toContain(says);
  });
});

describe('a mistake that only needs another command', () => {
  const options = `--role-arn ${standardRoleArn} --region eu-west-1`;
  const sourced = `source "$(sem-aws-login ${options})"`;
  it.each<[what: string, args: readonly string[], line: string]>([
    ["GitHub's option names", ['--role-to-assume', standardRoleArn, '--aws-region', 'eu-west-1'], sourced],
    ["GitHub's option names with =", [`--role-to-assume=${standardRoleArn}`, '--aws-region=eu-west-1'], sourced],
    ['a misspelt option', ['--role-arm', standardRoleArn, '--region', 'eu-west-1'], sourced],
    ['a misspelt region', [...role, '--region', 'eu-wets-1'], sourced],
    ['an availability zone', [...role, '--region', 'eu-west-1a'], sourced],
    ['a role in quotes', ['--role-arn', `"${standardRoleArn}"`, '--region', 'eu-west-1'], sourced],
    ['a role with a line end', ['--role-arn', `${standardRoleArn}\n`, '--region', 'eu-west-1'], sourced],
    ['a role as the command', [standardRoleArn, '--region', 'eu-west-1'], sourced],
    ['a misspelt command', ['lgoin', ...role, '--region', 'eu-west-1'], sourced],
    [
      'a role without its option',
      ['login', standardRoleArn],
      `source "$(sem-aws-login --role-arn ${standardRoleArn})"`,
    ],
    ['one role as --role', ['--role', standardRoleArn], `source "$(sem-aws-login --role-arn ${standardRoleArn})"`],
    ['a command after its options', [...role, 'doctor', '--region', 'eu-west-1'], `sem-aws-login doctor ${options}`],
    ['a value for a switch', [...role, '--quiet=1'], `source "$(sem-aws-login --role-arn ${standardRoleArn} --quiet)"`],
    ['minutes', [...role, '--timeout', '2m'], `source "$(sem-aws-login --role-arn ${standardRoleArn} --timeout 120)"`],
    [
      'no command',
      ['exec', ...role],
      `sem-aws-login exec --role-arn ${standardRoleArn} -- aws sts get-caller-identity`,
    ],
    ['no format', ['setup', '--org', 'acme'], 'sem-aws-login setup --org acme --format cloudformation'],
    ['whoami', ['whoami'], 'sem-aws-login status'],
    ['whoami, for AWS', ['whoami'], 'aws sts get-caller-identity'],
  ])('%s: the message contains the whole line', async (_, args, line) => {
    const run = await startJob(aws()).run(args);
    expect(run).toMatchObject({ exitCode: 2, written: {}, requests: [] });
    expect(run.stderr.split('\n')).toContain(`    ${line}`);
  });

  it('contains no value of an option that is not known', async () => {
    const run = await startJob(aws()).run([...role, '--aws-secret-access-key', 'wJalrXUtnFEMI']);
    expect(run.stderr).toContain('not access keys');
    expect(run.stderr).toContain(`\n    source "$(sem-aws-login --role-arn ${standardRoleArn})"\n`);
    expect(run.stderr).not.toContain('wJalrXUtnFEMI');
  });

  it('contains the variable to set if the value comes from one', async () => {
    const run = await startJob(aws(), { environment: { AWS_REGION: 'eu-wets-1' } }).run(role);
    expect(run.stderr).toContain('\n    export AWS_REGION=eu-west-1\n');
  });
});

describe('--export none', () => {
  const outranking = ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_ROLE_ARN', 'AWS_SESSION_TOKEN'];

  it.each(outranking)('is refused where %s would take precedence over the profile', async (name) => {
    const run = await startJob(aws(), { environment: { [name]: 'x' } }).login(['--export', 'none']);
    expectRefusal(run, {
      exitCode: 2,
      headline: `${name} would take precedence over the login`,
      says: [`unset ${name}`],
    });
  });

  it('is refused where the config file has to be private', async () => {
    const run = await startJob(aws(), { agent: 'self-hosted' }).login(['--export', 'none']);
    expectRefusal(run, { exitCode: 2, headline: '--export none', says: [/self-hosted/, /--shared-config/] });
  });
});

describe('help', () => {
  it.each([[['--help']], [['login', '--help']], [['-h']], [['help']], [['help', 'login']]])(
    '%s is on stdout, alone, and is no failure',
    async (args) => {
      const run = await startJob(aws()).run(args);
      expect(run).toMatchObject({ exitCode: 0, stderr: '', written: {}, requests: [] });
      expect(run.stdout).toContain('sem-aws-login');
    },
  );

  it('ends with an example that works as pasted', async () => {
    const job: Job = startJob(aws());
    const { stdout } = await job.run(['login', '--help']);
    const example = /sem-aws-login (?<args>--role-arn[^")]*)/.exec(stdout.split('Example').at(-1) ?? '')?.groups?.[
      'args'
    ];
    expect(await job.run((example ?? '').trim().split(' '))).toMatchObject({ exitCode: 0 });
  });

  it('has the version', async () => {
    expect(await startJob(aws()).run(['--version'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^sem-aws-login \d+\.\d+\.\d+\n$/),
    });
  });
});

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i');
}
