import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFurtherRoles } from '../aws-simulator/further-roles.ts';
import { type Job, type Run, startJob, type Variables } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { program } from './program.ts';
import { sourced } from './sourced.ts';

const aws = useAws({ roles: makeFurtherRoles() });

const noMachine = { AWS_EC2_METADATA_DISABLED: 'true' };

const selfHosted = { SEMAPHORE_AGENT_MACHINE_TYPE: 's1-aws' };

const staging = ['--role-arn', 'arn:aws:iam::123456789012:role/staging', '--region', 'eu-west-1'];

/** Logs in, and returns the variables that sourcing the env file sets in the job's shell. */
async function shellAfterLogin(job: Job, args: readonly string[] = [], before: Variables = {}): Promise<Variables> {
  const run = await job.login(args, { environment: before });
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  return { ...before, ...sourced(job, run, withoutUndefined(before)) };
}

function withoutUndefined(variables: Variables): Record<string, string> {
  const entries = Object.entries(variables);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Runs `status` in both forms; neither sends a request or changes a file. */
async function statusOf(job: Job, environment: Variables = {}) {
  const more = { environment: { ...noMachine, ...environment } };
  const [run, jsonRun] = [await job.run(['status'], more), await job.run(['status', '--json'], more)];
  for (const one of [run, jsonRun]) expect(one).toMatchObject({ stderr: '', written: {}, requests: [] });
  expect(jsonRun.exitCode).toBe(run.exitCode);
  return { run, lines: linesOf(run), json: reportIn(jsonRun) };
}

const linesOf = (run: Run) => run.stdout.trimEnd().split('\n');

// The program's own schema; a wrong shape fails the expectations on it.
const reportIn = (run: Run) => JSON.parse(run.stdout) as Record<string, unknown>;

describe('status of a job that is logged in', () => {
  it('fits in 8 lines of 80 columns and ends with 0', async () => {
    const job = startJob(aws());
    const { run, lines, json } = await statusOf(job, await shellAfterLogin(job));
    expect(run.exitCode).toBe(0);
    expect(lines.length).toBeLessThanOrEqual(8);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines).toEqual([
      'sem-aws-login: logged in to AWS account 123456789012 as deploy',
      '  role       arn:aws:iam::123456789012:role/deploy',
      `  session    semaphore-job-${job.id}`,
      expect.stringMatching(/^ {2}expires {4}token \d{4}-.* UTC, in 2[34] h.*; clients renew sessions$/),
      '  profile    "default" in ~/.aws/config, region eu-west-1',
      '  variables  all set',
      '  clients    AWS CLI, boto3, JavaScript, Ruby and Go use this login',
    ]);
    expect(json).toMatchObject({
      schema: 'sem-aws-login status 1',
      exitCode: 0,
      state: 'logged-in',
      job: job.id,
      roles: [{ profile: 'default', account: '123456789012', roleName: 'deploy', isCurrent: true }],
      otherRoles: [],
      tokenFile: join(job.own, 'token'),
      variables: { missing: [], changed: [], precedence: [], leftover: [] },
      clientsAgree: true,
    });
    expect(json).not.toHaveProperty('command');
  });

  it('shows the line to source where the env file was not sourced', async () => {
    const job = startJob(aws());
    await job.login();
    const { run, lines, json } = await statusOf(job);
    expect(run.exitCode).toBe(0);
    expect(lines.slice(-3)).toEqual([
      "  variables  not set: the login's env file was not sourced here",
      '  clients    AWS CLI, boto3, JavaScript, Ruby and Go use this login',
      `    source ${job.own}/env`,
    ]);
    expect(json).toMatchObject({ command: `source ${job.own}/env` });
  });

  it('works with exported session keys, whose expiry it shows', async () => {
    const job = startJob(aws());
    const shell = await shellAfterLogin(job, ['--export', 'static']);
    const { run, lines } = await statusOf(job, shell);
    expect(run.exitCode).toBe(0);
    expect(lines[3]).toMatch(/^ {2}expires {4}exported keys \d{4}-.* UTC, in (1 h|\d+ min); nothing renews them$/);
  });

  it('with --duration shows the session that is cached', async () => {
    const job = startJob(aws());
    const shell = await shellAfterLogin(job, ['--duration', '1800']);
    const { run, lines, json } = await statusOf(job, shell);
    expect(run.exitCode, run.stdout).toBe(0);
    expect(lines[3]).toMatch(/^ {2}expires {4}session \d{4}-.* UTC \(renewed\), token \d{4}-.* UTC$/);
    expect(json).toMatchObject({ roles: [{ usesCredentialProcess: true, sessionExpires: expect.any(String) }] });
  });

  it('has a line for each of several roles', async () => {
    const job = startJob(aws());
    const roles = ['--role', 'a=arn:aws:iam::123456789012:role/deploy', '--role', `b=${staging[1]}`];
    const login = await job.run([...roles, '--region', 'eu-west-1']);
    const { run, lines } = await statusOf(job, sourced(job, login));
    expect(run.exitCode).toBe(0);
    expect(lines.length).toBeLessThanOrEqual(8);
    expect(run.stdout).toContain('logged in to 2 roles\n');
    expect(run.stdout).toContain('  role       --profile a: deploy in 123456789012\n');
    expect(run.stdout).toContain('  role       --profile b: staging in 123456789012\n');
    expect(run.stdout).toContain('  clients    use the role of --profile NAME, or of AWS_PROFILE=NAME\n');
  });

  it('shows the role of this shell first where another shell has another role', async () => {
    const job = startJob(aws());
    const first = await shellAfterLogin(job);
    const second = await shellAfterLogin(job, staging);
    expect((await statusOf(job, second)).run.stdout).toMatch(
      /as staging\n[\s\S]* {2}other {6}deploy in 123456789012: "default" in ~\/\.aws\/config, for other shells\n/,
    );
    expect((await statusOf(job, first)).lines[0]).toBe(
      'sem-aws-login: logged in to AWS account 123456789012 as deploy',
    );
  });

  it('within exec shows the login of exec', async () => {
    const job = startJob(aws());
    await job.login();
    const run = await job.run(['exec', ...staging, '--', ...program, 'status'], { environment: noMachine });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^sem-aws-login: logged in to AWS account 123456789012 as staging\n/);
    expect(run.stdout).toContain('  variables  all set\n');
  });
});

describe('status of a job whose AWS clients do not use the login', () => {
  it('static keys in the environment: names them and the line that unsets them', async () => {
    const job = startJob(aws());
    const shell = await shellAfterLogin(job);
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI' };
    const { run, lines, json } = await statusOf(job, { ...shell, ...keys });
    expect(run.exitCode).toBe(3);
    expect(lines[0]).toBe('sem-aws-login: logged in as deploy, but no AWS client here uses the login');
    expect(lines.slice(-3)).toEqual([
      '  variables  AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY take precedence',
      '  clients    none uses this login: they use the keys in AWS_ACCESS_KEY_ID',
      `    source ${job.own}/env`,
    ]);
    expect(lines.length).toBeLessThanOrEqual(8);
    expect(json).toMatchObject({
      state: 'not-in-use',
      clientsAgree: false,
      variables: { precedence: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] },
    });
    expect(run.stdout).not.toContain(keys.AWS_ACCESS_KEY_ID);
  });

  it('a private config file that this shell does not know', async () => {
    const job = startJob(aws(), { environment: selfHosted });
    await job.login();
    const { run, lines } = await statusOf(job);
    expect(run.exitCode).toBe(3);
    expect(lines.slice(-4)).toEqual([
      '  profile    "default" in the job\'s private config file, region eu-west-1',
      "  variables  not set: the login's env file was not sourced here",
      '  clients    none uses this login: they find no credentials',
      `    source ${job.own}/env`,
    ]);
  });

  it('a named profile that this shell does not choose', async () => {
    const job = startJob(aws());
    await job.login(['--profile', 'build']);
    const { run } = await statusOf(job);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('none uses this login: they find no credentials');
  });

  it('a profile that was overwritten by hand: the line to log in again', async () => {
    const job = startJob(aws());
    const shell = await shellAfterLogin(job, ['--profile', 'build']);
    const config = join(job.home, '.aws/config');
    writeFileSync(config, readFileSync(config, 'utf8').replace('role/deploy', 'role/other'));
    const { run, lines, json } = await statusOf(job, shell);
    expect(run.exitCode).toBe(3);
    expect(lines.slice(-4)).toEqual([
      '  profile    "build" in ~/.aws/config was changed after the login',
      '  variables  all set',
      '  clients    none uses this login: they use the profile "build"',
      '    source "$(sem-aws-login --role-arn arn:aws:iam::123456789012:role/deploy --profile build --region eu-west-1)"',
    ]);
    expect(json).toMatchObject({ roles: [{ profileState: 'changed' }] });
  });

  it('a profile that was removed: AWS clients fail', async () => {
    const job = startJob(aws());
    const shell = await shellAfterLogin(job, ['--profile', 'build']);
    writeFileSync(join(job.home, '.aws/config'), '');
    const { run } = await statusOf(job, shell);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('  profile    "build" is no longer in ~/.aws/config\n');
  });

  it('exported keys that another shell does not have', async () => {
    const job = startJob(aws(), { environment: selfHosted });
    await job.login(['--export', 'static']);
    const { run } = await statusOf(job, { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'x' });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY have other values');
  });
});

describe('status of a job that is not logged in', () => {
  it('before a login: the line to log in', async () => {
    const { run, lines, json } = await statusOf(startJob(aws()));
    expect(run.exitCode).toBe(3);
    expect(lines).toEqual([
      'sem-aws-login: not logged in',
      '  clients    all find no credentials',
      '    source "$(sem-aws-login --role-arn arn:aws:iam::123456789012:role/NAME --region eu-west-1)"',
    ]);
    expect(json).toMatchObject({ state: 'not-logged-in', exitCode: 3, roles: [] });
  });

  it('after the logout', async () => {
    const job = startJob(aws());
    const shell = await shellAfterLogin(job);
    const logout = await job.run(['logout'], { environment: shell });
    const after = { ...shell, ...sourced(job, logout, withoutUndefined(shell)) };
    const { run, lines } = await statusOf(job, after);
    expect(run.exitCode).toBe(3);
    expect(lines[0]).toBe('sem-aws-login: not logged in');
    expect(run.stdout).not.toContain('unset');
  });

  it('after a logout that was not sourced: the variables that are left over', async () => {
    const job = startJob(aws(), { environment: selfHosted });
    const shell = await shellAfterLogin(job);
    await job.run(['logout'], { environment: shell });
    const { run, lines } = await statusOf(job, shell);
    expect(run.exitCode).toBe(3);
    expect(lines[1]).toBe('  variables  AWS_CONFIG_FILE and 3 more are left over from an ended login');
    expect(lines.at(-1)).toBe(
      '    unset AWS_CONFIG_FILE AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_SESSION_NAME',
    );
  });

  it('once its token has expired, whatever the config file says', async () => {
    const job = startJob(aws());
    const shell = await shellAfterLogin(job);
    writeFileSync(join(job.own, 'token'), startJob(aws(), { issuedIn: -90_000 }).token);
    const { run, lines, json } = await statusOf(job, shell);
    expect(run.exitCode).toBe(3);
    expect(lines[0]).toBe('sem-aws-login: not logged in: the token has expired, and a running job gets no new one');
    expect(run.stdout).toMatch(/ {2}expires {4}token \d{4}-.* UTC, 60 min ago\n/);
    expect(json).toMatchObject({ state: 'token-expired' });
  });

  it('without its token file', async () => {
    const job = startJob(aws());
    const shell = await shellAfterLogin(job);
    rmSync(join(job.own, 'token'));
    const { run, json } = await statusOf(job, shell);
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toMatch(/^sem-aws-login: not logged in: The token file ".*" cannot be read \(ENOENT\)\n/);
    expect(json).toMatchObject({ state: 'token-unusable' });
  });

  it('outside of a job', async () => {
    const environment = { SEMAPHORE_JOB_ID: undefined, SEMAPHORE_OIDC_TOKEN: undefined };
    const { run, lines } = await statusOf(startJob(aws()), environment);
    expect(run.exitCode).toBe(3);
    expect(lines[0]).toBe('sem-aws-login: not logged in: SEMAPHORE_JOB_ID and the token are not set here');
  });
});

describe('status of exported keys', () => {
  it('that have expired is not logged in', async () => {
    const job = startJob(aws());
    const shell = await shellAfterLogin(job, ['--export', 'static']);
    const record = join(job.own, 'login.json');
    const ended = '"expires": "2020-01-01T00:00:00.000Z"';
    writeFileSync(record, readFileSync(record, 'utf8').replace(/"expires": "[^"]*"(?!,)/, ended));
    const { run, lines } = await statusOf(job, shell);
    expect(run.exitCode).toBe(3);
    expect(lines[0]).toBe('sem-aws-login: not logged in: the exported session keys have expired');
    expect(lines.at(-1)).toBe(
      '    source "$(sem-aws-login --role-arn arn:aws:iam::123456789012:role/deploy --region eu-west-1 --export static)"',
    );
  });
});

describe('status --verify', () => {
  it('asks STS once, and shows the session', async () => {
    const job = startJob(aws());
    const environment = { ...noMachine, ...(await shellAfterLogin(job)) };
    const run = await job.run(['status', '--verify'], { environment });
    expect(run).toMatchObject({ exitCode: 0, written: {} });
    expect(run.requests.map(({ action }) => action)).toEqual(['AssumeRoleWithWebIdentity']);
    expect(linesOf(run).at(-1)).toBe('  verified   STS granted a session of the role');
    expect(linesOf(run).length).toBeLessThanOrEqual(8);
  });

  it('has the session of each role in the JSON report', async () => {
    const job = startJob(aws());
    await job.login();
    await job.login(['--profile', 'build']);
    const report = reportIn(await job.run(['status', '--verify', '--json']));
    const verifiedArn = `arn:aws:sts::123456789012:assumed-role/deploy/semaphore-job-${job.id}`;
    expect(report).toMatchObject({ roles: [{ verifiedArn }, { profile: 'build', verifiedArn }] });
  });

  it('asks nothing without a login', async () => {
    const run = await startJob(aws()).run(['status', '--verify']);
    expect(run).toMatchObject({ exitCode: 3, requests: [] });
  });

  it('ends with the usual message when STS refuses', async () => {
    const job = startJob(aws(), { job: 'fork-pull-request' });
    await job.login(['--no-verify']);
    const run = await job.run(['status', '--verify']);
    expect(run).toMatchObject({ exitCode: 5, stdout: '', written: {} });
    expect(run.stderr).toContain('STS');
  });
});
