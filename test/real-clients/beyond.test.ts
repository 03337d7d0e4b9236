import { execFile } from 'node:child_process';
import { constants, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAws, standardRoleArn, startAws } from '../aws-simulator/aws.ts';
import { furtherRoles, makeFurtherRoles } from '../aws-simulator/further-roles.ts';
import type { RecordedRequest } from '../aws-simulator/sts-server.ts';
import { executableDirectory } from '../executable.ts';
import { installedClients } from './client.ts';
import { networkOf, runClient, runClients } from './client-run.ts';

// Options that no web-identity profile has. The profile names this program by a path with a space,
// which each client splits differently. No client is allowed to get the unrestricted role.
const clients = installedClients('real clients beyond a plain login');

let aws: LocalAws;
let root: string;
let program: string;
beforeAll(async () => {
  aws = await startAws({ roles: makeFurtherRoles() });
  root = await mkdtemp(join(tmpdir(), 'sem-aws-login-beyond-'));
  program = join(root, 'my tools', 'sem-aws-login');
  await mkdir(join(root, 'my tools'));
  await copyFile(join(executableDirectory, 'sem-aws-login'), program, constants.COPYFILE_FICLONE);
  await writeFile(join(root, 'policy.json'), policy);
});
afterAll(async () => {
  await aws.close();
  await rm(root, { recursive: true });
});

const policy =
  '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" }]\n}\n';

interface Job {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly session: string;
}

/** Starts a job whose HOME has a space in its path. */
const startJob = async (preset: Readonly<Record<string, string>> = {}): Promise<Job> => {
  const home = await mkdtemp(join(root, 'a home-'));
  const variables = aws.environmentFor('branch');
  const session = `semaphore-job-${variables['SEMAPHORE_JOB_ID']}`;
  return { home, session, environment: { ...variables, ...networkOf(aws), ...preset } };
};

const run = promisify(execFile);

/** Logs the job in and returns the env file's path. */
const logIn = async (job: Job, flags: readonly string[]): Promise<string> => {
  const env = { PATH: '/usr/bin:/bin', ...job.environment, HOME: job.home };
  const { stdout } = await run(program, ['--region', 'eu-west-1', ...flags], { env, cwd: job.home });
  return stdout.trimEnd();
};

/** Each leads some client to another role, or to this role without its restriction. */
const hostileVariables = async (): Promise<Record<string, string>> => {
  const token = join(root, 'other-token');
  await writeFile(token, aws.mint('branch'));
  return {
    AWS_PROFILE: 'long-gone',
    AWS_DEFAULT_PROFILE: 'long-gone-too',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'stale',
    AWS_SESSION_TOKEN: 'stale',
    AWS_ROLE_ARN: standardRoleArn,
    AWS_WEB_IDENTITY_TOKEN_FILE: token,
    AWS_ROLE_SESSION_NAME: 'unrestricted',
    AWS_REGION: 'us-west-2',
    AWS_DEFAULT_REGION: 'us-west-2',
  };
};

const assumedArn = (role: string, session: string) =>
  role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/').concat(`/${session}`);

/** The role that clients must have after a login, and the parameters of every request for it. */
interface WantedRole {
  readonly role: string;
  readonly asked: Readonly<Record<string, string>>;
}

interface Login {
  readonly flags: readonly string[];
  readonly wanted: WantedRole;
}

const logins: Readonly<Record<string, Login>> = {
  'a duration': {
    flags: ['--role-arn', standardRoleArn, '--duration', '1800'],
    wanted: { role: standardRoleArn, asked: { DurationSeconds: '1800' } },
  },
  'a session policy': {
    flags: ['--role-arn', standardRoleArn, '--session-policy', 'policy.json'],
    wanted: { role: standardRoleArn, asked: { Policy: policy } },
  },
  'a chain': {
    flags: [
      ...['--role-arn', standardRoleArn, '--then-role-arn', furtherRoles.audit, '--external-id', 'the-id'],
      ...['--source-identity', 'semaphore', '--session-tag', 'team=web', '--transitive-tag', 'team'],
    ],
    wanted: {
      role: furtherRoles.audit,
      asked: {
        ExternalId: 'the-id',
        SourceIdentity: 'semaphore',
        'Tags.member.1.Key': 'team',
        'Tags.member.1.Value': 'web',
        'TransitiveTagKeys.member.1': 'team',
      },
    },
  },
};

const flagsOf = ({ flags }: Login) => flags.map((flag) => (flag === 'policy.json' ? join(root, flag) : flag));

/**
 * Expects that only this program assumed roles, and that each request for the last one was
 * restricted.
 */
const expectNarrowedOnly = (requests: readonly RecordedRequest[], { role, asked }: WantedRole) => {
  const assuming = requests.filter(({ action }) => action !== 'GetCallerIdentity');
  expect(assuming.filter(({ userAgent }) => !userAgent.startsWith('sem-aws-login/'))).toEqual([]);
  const last = assuming.filter(({ parameters }) => parameters['RoleArn'] === role);
  expect(last.length).toBeGreaterThan(0);
  for (const { parameters } of last) expect(parameters).toMatchObject(asked);
  expect(requests.filter(({ outcome }) => outcome.kind === 'refused')).toEqual([]);
};

interface Route {
  readonly profile?: string;
  readonly fileAlone?: true;
  readonly hostile?: true;
}

const routes: Readonly<Record<string, Route>> = {
  'the file alone': { fileAlone: true },
  'the env file, with stale variables before it': { hostile: true },
  'a named profile and the env file, with stale variables': { profile: 'narrow', hostile: true },
};

describe.each(Object.entries(logins))('with %s every client is the narrowed role, through', (_, login) => {
  test.each(Object.entries(routes))('%s', async (_route, route) => {
    const job = await startJob(route.hostile ? await hostileVariables() : {});
    const asked = aws.requests.length;
    const environmentFile = await logIn(job, [
      ...flagsOf(login),
      ...(route.profile === undefined ? [] : ['--profile', route.profile]),
    ]);
    // JavaScript v2 reads no config file without AWS_SDK_LOAD_CONFIG, which only the env file can
    // say.
    const where = route.fileAlone
      ? { ...job, environment: { ...job.environment, AWS_SDK_LOAD_CONFIG: '1' } }
      : { ...job, environmentFile };
    const answers = await runClients(clients, where);
    const identity = { error: '', arn: assumedArn(login.wanted.role, job.session), region: 'eu-west-1' };
    expect(answers).toMatchObject(Object.fromEntries(clients.map((name) => [name, identity])));
    expectNarrowedOnly(aws.requests.slice(asked), login.wanted);
  });

  test('exec, with stale variables', async () => {
    const job = await startJob(await hostileVariables());
    const asked = aws.requests.length;
    const answers = await Promise.all(
      clients.map(async (name) => {
        const exec = ['exec', '--quiet', '--region', 'eu-west-1', ...flagsOf(login), '--'];
        return [name, await runClient(name, { ...job, wrapper: [program, ...exec] })] as const;
      }),
    );
    const identity = { error: '', arn: assumedArn(login.wanted.role, job.session), region: 'eu-west-1' };
    expect(Object.fromEntries(answers)).toMatchObject(Object.fromEntries(clients.map((name) => [name, identity])));
    expectNarrowedOnly(aws.requests.slice(asked), login.wanted);
  });
});

describe('with several roles every client is the one that it names', () => {
  const flags = ['--role', `prod=${standardRoleArn}`, '--role', `default=${furtherRoles.staging}`];

  test.each(clients)('%s', async (name) => {
    const job = await startJob(await hostileVariables());
    const environmentFile = await logIn(job, flags);
    const where = { ...job, environmentFile };
    expect(await runClient(name, where)).toMatchObject({
      error: '',
      arn: assumedArn(furtherRoles.staging, job.session),
      region: 'eu-west-1',
    });
    expect(await runClient(name, { ...where, profile: 'prod' })).toMatchObject({
      error: '',
      arn: assumedArn(standardRoleArn, job.session),
      region: 'eu-west-1',
    });
  });
});

test('clients of credential_process start with the session of the login, and ask STS nothing', async () => {
  const job = await startJob();
  const environmentFile = await logIn(job, ['--role-arn', standardRoleArn, '--duration', '1800']);
  const asked = aws.requests.length;
  await runClients(clients, { ...job, environmentFile });
  const actions = aws.requests.slice(asked).map(({ action }) => action);
  expect(actions.filter((action) => action !== 'GetCallerIdentity')).toEqual([]);
});

test('a failure of the program reaches the user in the client’s own error', async () => {
  const job = await startJob();
  const environmentFile = await logIn(job, ['--role-arn', standardRoleArn, '--duration', '1800']);
  await rm(join(job.home, '.sem-aws-login/jobs', job.environment['SEMAPHORE_JOB_ID'] ?? '', 'token'));
  const answers = await runClients(clients, { ...job, environmentFile });
  const unnamed = { arn: '', error: expect.not.stringMatching(/^$/) };
  expect(answers).toMatchObject(Object.fromEntries(clients.map((name) => [name, unnamed])));
  for (const name of clients.filter((one) => one === 'AWS CLI v2' || one === 'boto3'))
    expect(answers[name]?.error).toContain('sem-aws-login: ');
});
