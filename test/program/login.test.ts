import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import { type Job, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { sourced } from './sourced.ts';

const aws = useAws();

const sessionOf = (job: Job) => `semaphore-job-${job.id}`;

/** Everything that a first login writes on a hosted agent. */
const firstLogin = {
  'home/.aws/': '700',
  'home/.aws/config': '600',
  'home/.sem-aws-login/': '700',
  'home/.sem-aws-login/jobs/': '700',
  'home/.sem-aws-login/jobs/JOB/': '700',
  'home/.sem-aws-login/jobs/JOB/env': '600',
  'home/.sem-aws-login/jobs/JOB/login.json': '600',
  'home/.sem-aws-login/jobs/JOB/token': '600',
};

const identityVariables = (job: Job) => ({
  AWS_ROLE_ARN: standardRoleArn,
  AWS_WEB_IDENTITY_TOKEN_FILE: join(job.own, 'token'),
  AWS_ROLE_SESSION_NAME: sessionOf(job),
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_SDK_LOAD_CONFIG: '1',
  AWS_PAGER: '',
});

function sectionText(job: Job, header: string, role = standardRoleArn): string {
  return [
    `# Managed by sem-aws-login for job ${job.id}; \`sem-aws-login logout\` removes it`,
    header,
    `role_arn = ${role}`,
    `web_identity_token_file = ${join(job.own, 'token')}`,
    `role_session_name = ${sessionOf(job)}`,
    'region = eu-west-1',
    'sts_regional_endpoints = regional',
    '',
  ].join('\n');
}

describe('a login on a hosted agent', () => {
  it('writes the default profile, the token and an env file, and prints the path of that and nothing else', async () => {
    const job = startJob(aws());
    const run = await job.login();
    expect(run).toMatchObject({ exitCode: 0, stdout: `${job.own}/env\n`, written: firstLogin });
    expect(job.read('.aws/config')).toBe(sectionText(job, '[default]'));
    expect(readFileSync(join(job.own, 'token'), 'utf8')).toBe(job.token);
    expect(sourced(job, run)).toEqual(identityVariables(job));
  });

  it('says who it is, until when, in which profile, and how to use the env file', async () => {
    const job = startJob(aws());
    const { stderr } = await job.login();
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^sem-aws-login: logged in to AWS account 123456789012 as deploy, for 2[34] h( \d+ min)?$/),
      expect.stringMatching(/^ {2}expires {3}\S+ \S+ UTC; SDKs renew the session until then$/),
      '  profile   "default" in ~/.aws/config, region eu-west-1',
      `  session   ${sessionOf(job)}`,
      `  endpoint  ${aws().url} (not AWS)`,
      '  env file  needs source "$(sem-aws-login …)"; eval and source <(…) fail',
      '',
    ]);
  });

  it('asks STS once, for this role, with the token and no signature', async () => {
    const job = startJob(aws());
    const { requests } = await job.login();
    expect(requests).toMatchObject([
      {
        action: 'AssumeRoleWithWebIdentity',
        parameters: {
          Action: 'AssumeRoleWithWebIdentity',
          Version: '2011-06-15',
          RoleArn: standardRoleArn,
          RoleSessionName: sessionOf(job),
          WebIdentityToken: job.token,
        },
        outcome: { kind: 'accepted' },
      },
    ]);
    expect(requests[0]?.headers).not.toHaveProperty('authorization');
    expect(requests[0]?.userAgent).toMatch(/^sem-aws-login\/\d/);
  });

  it('leaves every byte of the config file that is not its own', async () => {
    const job = startJob(aws());
    const mine = '# mine\r\n[profile  web]\r\nregion=us-east-1 \r\ns3 =\r\n  max_concurrent_requests = 20\r\n';
    job.write('.aws/config', mine, 0o640);
    const run = await job.login();
    expect(job.read('.aws/config')?.startsWith(mine)).toBe(true);
    expect(run.written['home/.aws/config']).toBe('640');
  });

  it('unsets what would take precedence over it, and says so', async () => {
    const job = startJob(aws());
    const stale = { AWS_ACCESS_KEY_ID: 'AKIASTALE', AWS_SECRET_ACCESS_KEY: 'stale', AWS_PROFILE: '' };
    const run = await job.login([], { environment: stale });
    const gone = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_PROFILE: undefined };
    expect(sourced(job, run, stale)).toEqual({ ...identityVariables(job), ...gone });
    expect(run.stderr).toContain('  unset     AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE\n');
  });

  it('is named by the token where SEMAPHORE_JOB_ID is not set', async () => {
    const job = startJob(aws(), { environment: { SEMAPHORE_JOB_ID: undefined } });
    expect(await job.login()).toMatchObject({ exitCode: 0, stdout: `${job.own}/env\n` });
  });

  it('keeps a job id that would lead elsewhere out of every path', async () => {
    const job = startJob(aws(), { environment: { SEMAPHORE_JOB_ID: '../../../escaped' } });
    const run = await job.login(['--session-name', 'safe']);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(new RegExp(`^${job.home}/\\.sem-aws-login/jobs/[0-9a-f]{64}/env\n$`));
    expect(Object.keys(run.written).filter((path) => path.includes('escaped'))).toEqual([]);
  });

  it('takes a token whose audience is a list, if STS does', async () => {
    const job = startJob(aws(), { claims: { aud: ['https://acme.semaphoreci.com'] } });
    expect(await job.login()).toMatchObject({ exitCode: 0, requests: [{ outcome: { kind: 'accepted' } }] });
  });
});

describe('a login into a named profile', () => {
  it('makes AWS_PROFILE the identity, with nothing that outranks it', async () => {
    const job = startJob(aws());
    const node = { AWS_ROLE_ARN: 'arn:aws:iam::999999999999:role/node', AWS_WEB_IDENTITY_TOKEN_FILE: '/var/node' };
    const run = await job.login(['--profile', 'deploy'], { environment: node });
    expect(job.read('.aws/config')).toBe(sectionText(job, '[profile deploy]'));
    expect(sourced(job, run, node)).toEqual({
      AWS_PROFILE: 'deploy',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_SDK_LOAD_CONFIG: '1',
      AWS_PAGER: '',
      AWS_ROLE_ARN: undefined,
      AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
    });
  });

  it('means the default one by "default"', async () => {
    const job = startJob(aws());
    const run = await job.login(['--profile', 'default']);
    expect(sourced(job, run)).toEqual(identityVariables(job));
  });
});

describe('a second login of the same job', () => {
  it('finds its own section in a file that is named for keys and config alike', async () => {
    const job = startJob(aws());
    const environment = { AWS_SHARED_CREDENTIALS_FILE: job.write('.aws/config', '') };
    expect(await job.login([], { environment })).toMatchObject({ exitCode: 0 });
    expect(await job.login([], { environment })).toMatchObject({ exitCode: 0 });
  });

  it('replaces the first under the same name, and says so', async () => {
    const job = startJob(aws());
    await job.login();
    const before = job.read('.aws/config');
    const run = await job.login();
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('; logged in again\n');
    expect(job.read('.aws/config')).toBe(before);
  });

  it('adds a profile of another name, moves AWS_PROFILE to it, and says so', async () => {
    const job = startJob(aws());
    await job.login(['--profile', 'build']);
    const run = await job.login(['--profile', 'deploy']);
    expect(job.read('.aws/config')).toBe(
      `${sectionText(job, '[profile build]')}\n${sectionText(job, '[profile deploy]')}`,
    );
    expect(sourced(job, run, { AWS_PROFILE: 'build' })).toMatchObject({ AWS_PROFILE: 'deploy' });
    expect(run.stderr).toContain('; previously "build"\n');
  });

  it('takes the environment of a former default login back when it names a profile', async () => {
    const job = startJob(aws());
    const first = sourced(job, await job.login());
    const environment = Object.fromEntries(Object.entries(first).map(([name, value]) => [name, value ?? '']));
    const run = await job.login(['--profile', 'deploy'], { environment });
    expect(sourced(job, run, environment)).toEqual({
      AWS_PROFILE: 'deploy',
      AWS_ROLE_ARN: undefined,
      AWS_WEB_IDENTITY_TOKEN_FILE: undefined,
      AWS_ROLE_SESSION_NAME: undefined,
    });
  });

  it('that is refused leaves the first one whole', async () => {
    const job = startJob(aws());
    await job.login();
    const run = await job.login(['--role-arn', 'arn:aws:iam::123456789012:role/other']);
    expect(run).toMatchObject({ exitCode: 5, written: {} });
  });
});

describe('with stdout a terminal', () => {
  it('writes the profile and prints nothing there', async () => {
    const job = startJob(aws());
    const run = await job.login([], { terminal: true });
    expect(run).toMatchObject({ exitCode: 0, stdout: '', written: firstLogin });
    expect(job.read('.aws/config')).toBe(sectionText(job, '[default]'));
    expect(run.stderr).toContain('logged in to AWS account 123456789012 as deploy');
  });

  it('warns of variables that take precedence over the profile, since none can be unset', async () => {
    const run = await startJob(aws()).login([], { terminal: true, environment: { AWS_PROFILE: 'other' } });
    expect(run.stderr).toContain('warning: AWS_PROFILE is set and takes precedence over this login.');
    expect(run.stderr).not.toContain('  unset ');
  });

  it.each([
    ['--isolated', 'with --isolated the profile goes to a private config file'],
    ['--export=static', 'session keys are exported variables'],
  ])('refuses %s, which only exports can give', async (flag, why) => {
    const run = await startJob(aws()).login([flag], { terminal: true });
    expect(run).toMatchObject({ exitCode: 2, stdout: '', written: {} });
    expect(run.stderr.toLowerCase().replace(/\s+/g, ' ')).toContain(why);
    expect(run.stderr).toContain(`source "$(sem-aws-login --role-arn ${standardRoleArn}`);
  });
});
