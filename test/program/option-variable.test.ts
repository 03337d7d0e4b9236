import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import { type Job, type Run, startJob, type Variables } from './job-run.ts';
import { useAws } from './local-aws.ts';

const aws = useAws();

/** Checks that an option took effect in a run. */
type Sign = (run: Run, job: Job) => void;

const says =
  (text: string): Sign =>
  ({ stderr }) =>
    expect(stderr).toContain(text);

const base: Variables = { SEM_AWS_LOGIN_ROLE_ARN: standardRoleArn, SEM_AWS_LOGIN_REGION: 'eu-west-1' };

describe('an option is also read from its variable', () => {
  it.each<[variables: Variables, sign: Sign]>([
    [base, ({ requests }) => expect(requests).toMatchObject([{ parameters: { RoleArn: standardRoleArn } }])],
    [base, (_, job) => expect(job.read('.aws/config')).toContain('region = eu-west-1')],
    [{ SEM_AWS_LOGIN_PROFILE: 'deploy' }, (_, job) => expect(job.read('.aws/config')).toContain('[profile deploy]')],
    [{ SEM_AWS_LOGIN_SESSION_NAME: 'mine' }, says('session   mine')],
    [{ SEM_AWS_LOGIN_TOKEN_ENV: 'GONE' }, says('GONE is not set')],
    [{ SEM_AWS_LOGIN_TOKEN_FILE: '/gone' }, says('"/gone" cannot be read')],
    [{ SEM_AWS_LOGIN_EXPORT: 'none', AWS_PROFILE: 'x' }, says('AWS_PROFILE would take precedence over the login')],
    [{ SEM_AWS_LOGIN_SHELL: 'powershell' }, ({ stdout }) => expect(stdout).toMatch(/env\.ps1\n$/)],
    [
      { SEM_AWS_LOGIN_SHARED_CONFIG: '1', SEMAPHORE_AGENT_MACHINE_TYPE: 's1-x' },
      ({ written }) => expect(written).toHaveProperty('home/.aws/config'),
    ],
    [{ SEM_AWS_LOGIN_ISOLATED: '1' }, says('a private config file (requested)')],
    [{ SEM_AWS_LOGIN_NO_VERIFY: '1' }, ({ requests }) => expect(requests).toEqual([])],
    [{ SEM_AWS_LOGIN_WAIT: 'long' }, says('The value "long" of SEM_AWS_LOGIN_WAIT')],
    [{ SEM_AWS_LOGIN_TIMEOUT: 'long' }, says('The value "long" of SEM_AWS_LOGIN_TIMEOUT')],
    [{ SEM_AWS_LOGIN_QUIET: '1' }, ({ stderr }) => expect(stderr).toBe('')],
    [{ SEM_AWS_LOGIN_QUIET: '0' }, says('logged in')],
    [{ SEM_AWS_LOGIN_QUIET: '' }, says('logged in')],
    [{ SEM_AWS_LOGIN_NO_VERIFY: '0' }, ({ requests }) => expect(requests).toHaveLength(1)],
  ])('%o', async (variables, sign) => {
    const job = startJob(aws(), { environment: { ...base, ...variables } });
    sign(await job.run([]), job);
  });

  it('SEM_AWS_LOGIN_OVERWRITE_PROFILE', async () => {
    const job = startJob(aws());
    job.write('.aws/config', '[default]\noutput = json\n');
    expect(await job.login([], { environment: { SEM_AWS_LOGIN_OVERWRITE_PROFILE: '1' } })).toMatchObject({
      exitCode: 0,
    });
  });
});

describe('an option takes precedence over its variable', () => {
  it.each([
    ['SEM_AWS_LOGIN_PROFILE', 'other', ['--profile', 'deploy'], 'profile   "deploy"'],
    ['SEM_AWS_LOGIN_SESSION_NAME', 'other', ['--session-name', 'mine'], 'session   mine'],
    ['SEM_AWS_LOGIN_REGION', 'nowhere at all', ['--region', 'eu-west-2'], 'region eu-west-2'],
  ])('%s', async (name, value, args, text) => {
    const run = await startJob(aws(), { environment: { [name]: value } }).login(args);
    expect(run.stderr).toContain(text);
  });
});

describe('other variables are not read', () => {
  it('AWS_ROLE_ARN, which a cluster may have set for itself', async () => {
    const run = await startJob(aws()).run([], { environment: { AWS_ROLE_ARN: standardRoleArn } });
    expect(run).toMatchObject({ exitCode: 2, written: {}, requests: [] });
    expect(run.stderr).toContain('No role is given');
  });

  it('AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_SESSION_NAME, likewise', async () => {
    const job = startJob(aws());
    const environment = { AWS_WEB_IDENTITY_TOKEN_FILE: join(job.home, 'node'), AWS_ROLE_SESSION_NAME: 'node' };
    const run = await job.login([], { environment });
    expect(run).toMatchObject({
      exitCode: 0,
      requests: [{ parameters: { RoleSessionName: `semaphore-job-${job.id}` } }],
    });
  });

  it('the profile that AWS_PROFILE names, even where that would give STS another endpoint', async () => {
    const job = startJob(aws());
    job.write(
      '.aws/config',
      '[profile trap]\nendpoint_url = http://127.0.0.1:1\nregion = us-west-2\nuse_fips_endpoint = true\n',
    );
    expect(await job.login([], { environment: { AWS_PROFILE: 'trap' } })).toMatchObject({ exitCode: 0 });
  });
});
