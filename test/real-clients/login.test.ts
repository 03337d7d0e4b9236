import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAws, makeStandardRole, standardRoleArn, startAws } from '../aws-simulator/aws.ts';
import type { Agent } from '../aws-simulator/job-environment.ts';
import { runExecutable } from '../executable.ts';
import { type ClientName, installedClients } from './client.ts';
import { networkOf, runClient, runClients, runClientTwice } from './client-run.ts';

// After one login, every installed client has the role that was requested.
const clients = installedClients('real clients after a login');
const otherRoleArn = 'arn:aws:iam::123456789012:role/other';

let aws: LocalAws;
let root: string;
beforeAll(async () => {
  const standard = makeStandardRole();
  aws = await startAws({ roles: [standard, { ...standard, arn: otherRoleArn }] });
  root = await mkdtemp(join(tmpdir(), 'sem-aws-login-clients-'));
});
afterAll(async () => {
  await aws.close();
  await rm(root, { recursive: true, maxRetries: 10 });
});

interface Job {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The login's session name. */
  readonly session: string;
}

const startJob = async (preset: Readonly<Record<string, string>>, agent: Agent): Promise<Job> => {
  const home = await mkdtemp(join(root, 'home-'));
  const variables = aws.environmentFor('branch', { agent });
  const session = `semaphore-job-${variables['SEMAPHORE_JOB_ID']}`;
  return { home, session, environment: { ...variables, ...networkOf(aws), ...preset } };
};

/** Logs the job in and returns the env file's path. */
const logIn = async (job: Job, flags: readonly string[]): Promise<string> => {
  const args = ['--role-arn', standardRoleArn, '--region', 'eu-west-1', ...flags];
  const run = await runExecutable(args, { ...job.environment, HOME: job.home });
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  return run.stdout.trimEnd();
};

/** Each takes precedence over the login. */
const hostileVariables = async (): Promise<Record<string, string>> => {
  const token = join(root, 'other-token');
  await writeFile(token, aws.mint('branch'));
  return {
    AWS_PROFILE: 'long-gone',
    AWS_DEFAULT_PROFILE: 'long-gone-too',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'stale',
    AWS_SESSION_TOKEN: 'stale',
    AWS_ROLE_ARN: otherRoleArn,
    AWS_WEB_IDENTITY_TOKEN_FILE: token,
    AWS_ROLE_SESSION_NAME: 'other',
    AWS_REGION: 'us-west-2',
    AWS_DEFAULT_REGION: 'us-west-2',
  };
};

interface Row {
  readonly login: readonly string[];
  readonly agent?: Agent;
  /** Through the config file alone, without sourcing what the login printed. */
  readonly fileAlone?: true;
  readonly hostile?: true;
  /** The clients without credentials here. */
  readonly without?: readonly ClientName[];
}

// JavaScript v2 reads no config file without AWS_SDK_LOAD_CONFIG, which only the env file can say.
const withoutConfigFile: readonly ClientName[] = ['JavaScript v2'];

const rows: Readonly<Record<string, Row>> = {
  'the file alone': { login: [], fileAlone: true, without: withoutConfigFile },
  'the env file': { login: [] },
  'the env file, with stale variables before it': { login: [], hostile: true },
  'a named profile and the env file': { login: ['--profile', 'deploy'] },
  'a named profile and the env file, with stale variables': { login: ['--profile', 'deploy'], hostile: true },
  'exported keys': { login: ['--export', 'static'] },
  'exported keys, with stale variables': { login: ['--export', 'static'], hostile: true },
  'a login without a request to STS': { login: ['--no-verify'] },
  'a self-hosted agent’s private config file': { login: [], agent: 'self-hosted' },
  'a self-hosted agent, a named profile, stale variables': {
    login: ['--profile', 'deploy'],
    agent: 'self-hosted',
    hostile: true,
  },
  'a self-hosted agent with --shared-config': { login: ['--shared-config'], agent: 'self-hosted' },
};

describe('every client is the role, in its region, through', () => {
  test.each(Object.entries(rows))('%s', async (_, row) => {
    const job = await startJob(row.hostile ? await hostileVariables() : {}, row.agent ?? 'hosted');
    const environmentFile = await logIn(job, row.login);
    const where = row.fileAlone ? job : { ...job, environmentFile };
    const answers = await runClients(clients, where);
    const expected = clients.map((name) => {
      const identity = { arn: `arn:aws:sts::123456789012:assumed-role/deploy/${job.session}`, region: 'eu-west-1' };
      return [name, row.without?.includes(name) ? { arn: '' } : { error: '', ...identity }];
    });
    expect(answers).toMatchObject(Object.fromEntries(expected));
  });
});

describe('a config file that others wrote', () => {
  const others =
    '# ours\n[profile other]\r\nregion = us-west-2\ns3 =\n  region = nested\n\n[sso-session x]\nsso_region = a\n';

  test('serves every client afterwards, with a profile beside the others', async () => {
    const job = await startJob({}, 'hosted');
    await mkdir(join(job.home, '.aws'));
    await writeFile(join(job.home, '.aws/config'), others);
    const environmentFile = await logIn(job, ['--profile', 'deploy']);
    const answers = await runClients(clients, { ...job, environmentFile });
    const identity = { error: '', region: 'eu-west-1', arn: expect.stringContaining(`/deploy/${job.session}`) };
    expect(answers).toMatchObject(Object.fromEntries(clients.map((name) => [name, identity])));
  });
});

// These two use their keys until they expire. The others renew them some time before, so a session
// of a few seconds is renewed at every call.
const renewsAtTheEnd: ReadonlySet<ClientName> = new Set(['JavaScript v3', 'Go v2']);
const sessionSeconds = 5;

describe('a login that outlives its session', () => {
  beforeAll(() => {
    const [role, ...others] = aws.accounts.roles;
    if (role === undefined) throw new Error('the local STS has no role');
    aws.accounts.roles.splice(0, Number.POSITIVE_INFINITY, { ...role, sessionSeconds }, ...others);
  });

  test.concurrent.each(clients)('%s renews with the current token in the file', async (name) => {
    const job = await startJob({}, 'hosted');
    const environmentFile = await logIn(job, []);
    const token = join(job.home, '.sem-aws-login/jobs', job.environment['SEMAPHORE_JOB_ID'] ?? '', 'token');
    const later = aws.mint('branch');
    const answers = await runClientTwice(name, { ...job, environmentFile }, async () => {
      await writeFile(token, later);
      if (renewsAtTheEnd.has(name)) await sleep(sessionSeconds * 1000);
    });
    const arn = `arn:aws:sts::123456789012:assumed-role/deploy/${job.session}`;
    expect(answers).toMatchObject([
      { error: '', arn },
      { error: '', arn },
    ]);
    const tokens = aws.requests.map(({ parameters }) => parameters['WebIdentityToken']);
    expect(tokens).toContain(later);
  });
});

describe.runIf(clients.includes('AWS CLI v2'))('the session that the AWS CLI caches', () => {
  test('is removed by the logout, and no other one', async () => {
    const job = await startJob({}, 'hosted');
    await logIn(job, []);
    const cache = join(job.home, '.aws/cli/cache');
    // The CLI asks for these sessions in the shells of two jobs that share HOME.
    for (const session of [job.session, 'semaphore-job-other']) {
      const environment = { ...job.environment, AWS_PROFILE: 'default' };
      if (session !== job.session) await renameSession(job, session);
      await runClient('AWS CLI v2', { home: job.home, environment });
    }
    const before = await sessionsIn(cache);
    expect(before.sort()).toEqual([job.session, 'semaphore-job-other'].sort());
    const run = await runExecutable(['logout'], { ...job.environment, HOME: job.home });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toContain('~/.aws');
    expect(await sessionsIn(cache)).toEqual(['semaphore-job-other']);
  });

  const renameSession = async ({ home, session }: Job, to: string): Promise<void> => {
    const config = join(home, '.aws/config');
    await writeFile(config, (await readFile(config, 'utf8')).replace(`= ${session}\n`, `= ${to}\n`));
  };

  /** The names of the sessions in a cache. */
  const sessionsIn = async (cache: string): Promise<string[]> => {
    const entries = (await readdir(cache)).map(async (name): Promise<string> => {
      const entry = JSON.parse(await readFile(join(cache, name), 'utf8'));
      return String(entry.AssumedRoleUser.Arn).replace(/.*\//, '');
    });
    return await Promise.all(entries);
  };
});
