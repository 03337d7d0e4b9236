import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAws, standardRoleArn, startAws } from '../aws-simulator/aws.ts';
import type { JobDescription } from '../aws-simulator/semaphore-job.ts';
import { executableDirectory } from '../executable.ts';
import { skipped } from '../skips.ts';
import { type Job, type PlayedJob, playJob } from './agent-job.ts';
import { canMakeTerminal } from './shell.ts';

if (!canMakeTerminal) skipped('a login on the agent’s terminal', 'there is no `script` to make one');

// The login in its real environment: sourced in the shell of a job, on a terminal.
let aws: LocalAws;
let root: string;
beforeAll(async () => {
  aws = await startAws();
  root = await mkdtemp(join(tmpdir(), 'sem-aws-login-agent-'));
});
afterEach(() => aws.clearFaults());
afterAll(async () => {
  await aws.close();
  await rm(root, { recursive: true });
});

const login = `source "$(sem-aws-login --role-arn ${standardRoleArn} --region eu-west-1)"`;
const staticLogin = `source "$(sem-aws-login --role-arn ${standardRoleArn} --region eu-west-1 --export static)"`;

type Played = PlayedJob & { readonly variables: Readonly<Record<string, string>>; readonly log: string };

const play = async (job: Partial<Job>, context: JobDescription = 'branch'): Promise<Played> => {
  const home = await mkdtemp(join(root, 'home-'));
  const variables = aws.environmentFor(context);
  const environment = { ...variables, ...aws.clientEnvironment, PATH: `${executableDirectory}:/usr/bin:/bin` };
  const played = await playJob({ home, environment, commands: [], ...job });
  return { ...played, variables, log: played.steps.map(({ output }) => output).join('') };
};

const exitCodesOf = ({ steps }: PlayedJob) => steps.map(({ phase, exitCode }) => [phase, exitCode]);

test('a login in the prologue reaches every later command and the epilogue', async () => {
  const played = await play({
    prologue: [login],
    commands: ['echo "$AWS_ROLE_ARN in $AWS_REGION"', 'bash -c \'echo "a child: $AWS_ROLE_SESSION_NAME"\''],
    epilogue: ['test -r "$AWS_WEB_IDENTITY_TOKEN_FILE" && echo "$AWS_ROLE_ARN after $SEMAPHORE_JOB_RESULT"'],
  });
  expect(played).toMatchObject({ result: 'passed', shellSurvived: true });
  expect(played.steps.slice(1).map(({ output }) => output)).toEqual([
    `${standardRoleArn} in eu-west-1\n`,
    `a child: semaphore-job-${played.variables['SEMAPHORE_JOB_ID']}\n`,
    `${standardRoleArn} after passed\n`,
  ]);
});

test.runIf(canMakeTerminal)(
  'without `source`, on the terminal, the login writes the profile and shows no path',
  async () => {
    const played = await play({
      commands: [`sem-aws-login --role-arn ${standardRoleArn} --region eu-west-1`, 'cat ~/.aws/config'],
    });
    expect(exitCodesOf(played)).toEqual([
      ['commands', 0],
      ['commands', 0],
    ]);
    expect(played.steps[1]?.output).toContain(`role_arn = ${standardRoleArn}`);
    expect(played.steps[0]?.output).not.toMatch(/\/env$/m);
  },
);

describe('a failed login fails its command, the shell continues, and the epilogue runs', () => {
  const afterwards = {
    commands: ['echo never'],
    epilogue: ['echo "epilogue: $SEMAPHORE_JOB_RESULT, [$AWS_ROLE_ARN]"'],
  };
  const epilogueOnly = [
    ['prologue', 1],
    ['epilogue', 0],
  ];

  const expectFailed = (played: Played, says: RegExp): void => {
    expect(played.steps[0]?.output).toMatch(says);
    expect(exitCodesOf(played)).toEqual(epilogueOnly);
    expect(played.steps[1]?.output).toBe('epilogue: failed, []\n');
    expect(played).toMatchObject({ result: 'failed', shellSurvived: true });
  };

  test('when STS denies access', async () => {
    const played = await play({ prologue: [login], ...afterwards }, 'fork-pull-request');
    expectFailed(
      played,
      /LOGIN FAILED \(exit 5\), see the lines above; add \|\| return to stop here; ignore the rest of this one/,
    );
  });

  test('when there is no token', async () => {
    const played = await play({ prologue: ['unset SEMAPHORE_OIDC_TOKEN', login], ...afterwards });
    expect(played.steps[1]).toMatchObject({ exitCode: 1, output: expect.stringContaining('LOGIN FAILED (exit 3)') });
    expect(played.steps.at(-1)?.output).toBe('epilogue: failed, []\n');
  });

  test('when the executable is missing', async () => {
    expectFailed(
      await play({ prologue: [login.replace('sem-aws-login', 'sem-aws-login-gone')], ...afterwards }),
      /not found/,
    );
  });

  test('when it is killed during the request', async () => {
    aws.fault({ kind: 'hang', times: 'always' });
    const killed = login.replace('sem-aws-login', 'timeout --signal KILL 1 sem-aws-login');
    expectFailed(await play({ prologue: [killed], ...afterwards }), /No such file/);
  });

  test('when it gets SIGTERM during the request', async () => {
    aws.fault({ kind: 'hang', times: 'always' });
    const ended = login.replace('sem-aws-login', 'timeout --preserve-status --signal TERM 1 sem-aws-login');
    expectFailed(await play({ prologue: [ended], ...afterwards }), /LOGIN FAILED \(exit 143\)/);
  });
});

test('its limit: in a multi-line block bash continues, unless `|| return` follows', async () => {
  const block = await play({ commands: [`${login}\necho "went on as [$AWS_ROLE_ARN]"`] }, 'fork-pull-request');
  expect(block).toMatchObject({ result: 'passed', log: expect.stringContaining('went on as []') });
  const guarded = await play({ commands: [`${login} || return\necho went on`] }, 'fork-pull-request');
  expect(guarded).toMatchObject({ result: 'failed', log: expect.not.stringContaining('went on') });
});

describe('the job’s log contains no secret', () => {
  /** Returns the parts of the job's token and the three keys in the env files. */
  const secretsOf = (played: Played, envFiles: string): readonly string[] => {
    const keys = [...envFiles.matchAll(/AWS_(?:SECRET_ACCESS_KEY|SESSION_TOKEN|ACCESS_KEY_ID)='?([^'\n]+)/g)];
    const [, claims = '', signature = ''] = (played.variables['SEMAPHORE_OIDC_TOKEN'] ?? '').split('.');
    return [claims, signature, ...keys.map(([, value = '']) => value)];
  };
  // Each different login of a job has a separate env file.
  const envFilesOf = async (played: Played): Promise<string> => {
    const files = [...played.log.matchAll(/^\/\S+\/env(?:-\w+)?$/gm)].map(([file]) => file);
    return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('');
  };

  test.each([
    ['without tracing', ''],
    ['traced by `set -x`', 'set -x'],
    ['echoed by `set -v`', 'set -v'],
    ['traced and echoed', 'set -xv'],
  ])('%s', async (_, tracing) => {
    const played = await play({
      prologue: [tracing || 'true', login, staticLogin],
      commands: ['set +xv', 'ls ~/.sem-aws-login/jobs/*/env*', 'test -n "$AWS_SECRET_ACCESS_KEY"'],
      epilogue: ['true'],
    });
    expect(played.result).toBe('passed');
    const secrets = secretsOf(played, await envFilesOf(played));
    expect(secrets).toHaveLength(5);
    for (const secret of secrets) expect(played.log).not.toContain(secret);
  });

  test('tracing continues after the login', async () => {
    const played = await play({ commands: ['set -x', staticLogin, 'echo "traced: $-"'] });
    expect(played.steps[2]?.output).toMatch(/traced: \S*x/);
  });

  test('a child `bash -x` that logs in', async () => {
    const played = await play({
      commands: [
        `bash -xvc '${login}'`,
        `bash -xc '${staticLogin}; test -v AWS_SESSION_TOKEN'`,
        'ls ~/.sem-aws-login/jobs/*/env*',
      ],
    });
    expect(played.result).toBe('passed');
    const secrets = secretsOf(played, await envFilesOf(played));
    expect(secrets).toHaveLength(5);
    for (const secret of secrets) expect(played.log).not.toContain(secret);
  });
});

const canUseAwsCli = existsSync('/usr/bin/aws');
if (!canUseAwsCli) skipped('the AWS CLI’s pager on the agent’s terminal', 'the AWS CLI v2 is missing');

test.runIf(canMakeTerminal && canUseAwsCli)(
  'the AWS CLI starts no pager on the terminal until the logout',
  async () => {
    const askWho = '/usr/bin/aws sts get-caller-identity --endpoint-url "$AWS_ENDPOINT_URL_STS"';
    const show = 'echo "AWS_PAGER is ${AWS_PAGER-unset}"';
    const { steps } = await play({
      commands: [
        'export PAGER="sed s/^/paged:/"',
        staticLogin,
        askWho,
        // As without the variable that the login exports.
        `(unset AWS_PAGER; ${askWho})`,
        'source "$(sem-aws-login logout)"',
        show,
        'export AWS_PAGER=cat',
        staticLogin,
        show,
        'source "$(sem-aws-login logout)"',
        show,
      ],
    });
    const outputs = steps.map(({ output }) => output);
    expect(outputs[2]).toContain('"Account": "123456789012"');
    expect(outputs[2]).not.toContain('paged:');
    expect(outputs[3]).toContain('paged:');
    expect([5, 8, 10].map((step) => outputs[step])).toEqual([
      'AWS_PAGER is unset\n',
      'AWS_PAGER is cat\n',
      'AWS_PAGER is cat\n',
    ]);
  },
);
