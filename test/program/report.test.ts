import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import type { TokenChanges } from '../aws-simulator/issuer.ts';
import { startJob, type Variables } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { unwrapped } from './refusal.ts';

const aws = useAws();

describe('the summary', () => {
  it('is on stderr alone, and with --quiet not at all', async () => {
    const run = await startJob(aws()).login(['--quiet']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout.split('\n')).toHaveLength(2);
  });

  it('has ten lines at most, whatever there is to say', async () => {
    const job = startJob(aws(), {
      agent: 'self-hosted',
      issuedIn: -86_400 + 600,
      environment: {
        AWS_PROFILE: 'x',
        AWS_ACCESS_KEY_ID: 'x',
        SEMAPHORE_CACHE_BACKEND: 's3',
        SEM_AWS_LOGIN_OVERWRITE_PROFILE: '1',
      },
    });
    job.write(
      '.aws/config',
      '[default]\nsource_profile = x\ncredential_source = y\nendpoint_url = http://x\n[profile a]\nx = 1\nx = 2\n[profile a]\njunk\njunk\njunk\n',
    );
    job.write('.aws/credentials', '[default]\naws_access_key_id = AKIA\n');
    const run = await job.run(['--role-arn', standardRoleArn, '--session-name', 'shared', '--no-verify']);
    expect(run.exitCode).toBe(0);
    const lines = run.stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[0]).toMatch(/^sem-aws-login: prepared a login/);
    expect(lines[0]).toContain('AWS account 123456789012');
    expect(lines.at(-2)).toMatch(/^ {2}warning: and \d more$/);
    expect(lines.at(-1)).toMatch(/^ {2}env file {2}needs source/);
  });

  it('with --quiet has the warnings still', async () => {
    const run = await startJob(aws()).login(['--quiet', '--no-verify']);
    expect(unwrapped(run.stderr)).toMatch(/^warning: STS was not asked[^.]*$/);
  });

  it('breaks nothing that a terminal or a log would take for a command', async () => {
    const odd = '\u001b[31mred\u0007\nsecond line';
    const { stderr } = await startJob(aws()).login(['--session-name', odd]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });
});

describe('a warning', () => {
  it.each<
    [
      what: string,
      given: TokenChanges & { environment?: Variables; agent?: 'self-hosted' },
      args: string[],
      text: RegExp,
    ]
  >([
    [
      'of a token that ends soon',
      { issuedIn: -86_400 + 600 },
      [],
      /the token expires in (9|10) min; after that, AWS tools/,
    ],
    [
      'of a session name without the job’s id, where another job may reuse the session',
      { agent: 'self-hosted' },
      ['--session-name', 'deploy'],
      /"deploy" does not contain the job ID: the AWS CLI/,
    ],
    [
      'of Semaphore’s cache, which would now use this role',
      { environment: { SEMAPHORE_CACHE_BACKEND: 's3' } },
      [],
      /cache \(S3\) now uses this role; .*SEMAPHORE_CACHE_AWS_PROFILE=NAME/,
    ],
    ['of --no-verify', {}, ['--no-verify'], /STS was not asked/],
  ])('%s', async (_, given, args, text) => {
    const run = await startJob(aws(), given).login(args);
    expect(run.exitCode).toBe(0);
    expect(unwrapped(run.stderr)).toMatch(text);
  });

  it.each<[what: string, given: { environment?: Variables; agent?: 'self-hosted' }, args: string[]]>([
    ['about a session name on a hosted agent', {}, ['--session-name', 'deploy']],
    [
      'about a cache with a profile of its own',
      { environment: { SEMAPHORE_CACHE_BACKEND: 's3', SEMAPHORE_CACHE_AWS_PROFILE: 'cache' } },
      [],
    ],
    ['about a cache elsewhere', { environment: { SEMAPHORE_CACHE_BACKEND: 'gcs' } }, []],
    ['about a plain login', {}, []],
  ])('is not given %s', async (_, given, args) => {
    expect((await startJob(aws(), given).login(args)).stderr).not.toContain('warning');
  });

  it('of a clock that differs from AWS’s', async () => {
    aws().fault({ kind: 'clock', seconds: -7200 });
    const { stderr } = await startJob(aws(), { issuedIn: -10_000 }).login();
    expect(unwrapped(stderr)).toMatch(/warning: this machine's clock is (119|120) min|2 h ahead of AWS's/);
  });

  it('of keys that JavaScript and Go take first, where one goes on all the same', async () => {
    const job = startJob(aws());
    job.write('.aws/credentials', '[default]\naws_access_key_id = AKIA\n');
    const run = await job.login(['--overwrite-profile']);
    expect(unwrapped(run.stderr)).toContain(`${job.home}/.aws/credentials has static keys for "default"`);
    expect(run.written).not.toHaveProperty('home/.aws/credentials');
  });
});
