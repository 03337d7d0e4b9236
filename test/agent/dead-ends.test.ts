import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAws, standardRoleArn, startAws } from '../aws-simulator/aws.ts';
import type { Agent } from '../aws-simulator/job-environment.ts';
import type { JobDescription } from '../aws-simulator/semaphore-job.ts';
import { executableDirectory } from '../executable.ts';
import { skipped } from '../skips.ts';
import { playJob, type Step } from './agent-job.ts';
import { canMakeTerminal } from './shell.ts';

if (!canMakeTerminal) skipped('mistakes on the agent’s terminal', 'there is no `script` to make one');

let aws: LocalAws;
let root: string;
beforeAll(async () => {
  aws = await startAws();
  root = await mkdtemp(join(tmpdir(), 'sem-aws-login-mistakes-'));
});
afterAll(async () => {
  await aws.close();
  await rm(root, { recursive: true });
});

const login = `sem-aws-login --role-arn ${standardRoleArn} --region eu-west-1`;

/** Returns what the last of these commands showed, and its exit code. */
async function play(
  commands: readonly string[],
  { job = 'branch', agent }: { job?: JobDescription; agent?: Agent } = {},
): Promise<Step> {
  const home = await mkdtemp(join(root, 'home-'));
  const variables = aws.environmentFor(job, agent === undefined ? {} : { agent });
  const environment = { ...variables, ...aws.clientEnvironment, PATH: `${executableDirectory}:/usr/bin:/bin` };
  const { steps } = await playJob({ home, environment, commands });
  const last = steps.at(-1);
  if (last === undefined) throw new Error('no command ran');
  return last;
}

const linesOf = ({ output }: Step) => output.trimEnd().split('\n');

describe.runIf(canMakeTerminal)('a login that the shell does not source', () => {
  test.each([
    ['eval', `eval "$(${login})"`],
    ['eval with backticks', `eval \`${login}\``],
    ['source of a process substitution', `source <(${login})`],
    ['a command substitution alone', `$(${login})`],
  ])('by %s fails, below a line that says what to write', async (_, command) => {
    const step = await play([command]);
    expect(step.exitCode).not.toBe(0);
    expect(linesOf(step).slice(-2)).toEqual([
      '  env file  needs source "$(sem-aws-login …)"; eval and source <(…) fail',
      expect.stringMatching(/\/env: Permission denied$/),
    ]);
  });

  test('with stdout discarded works through the shared config file, and shows no env file', async () => {
    const step = await play([`${login} > /dev/null`]);
    expect(step.exitCode).toBe(0);
    expect(step.output).not.toContain('env file');
  });

  test('with stdout discarded is rejected on a self-hosted agent', async () => {
    const step = await play([`${login} > /dev/null`], { agent: 'self-hosted' });
    expect(step.exitCode).toBe(2);
    expect(step.output).toContain(`    source "$(sem-aws-login --role-arn ${standardRoleArn}`);
  });

  test('with stdout in a file can be sourced later', async () => {
    const commands = [`${login} > path`, 'source "$(cat path)"', 'echo "$AWS_ROLE_ARN"'];
    expect((await play(commands, { agent: 'self-hosted' })).output).toBe(`${standardRoleArn}\n`);
  });
});

describe.runIf(canMakeTerminal)('a block of several lines', () => {
  const failing = `source "$(${login})"`;

  test('goes on after a failed login, below a line that says how to stop', async () => {
    const step = await play([`${failing}\necho went on`], { job: 'fork-pull-request' });
    expect(linesOf(step).slice(-2)).toEqual([
      expect.stringContaining('LOGIN FAILED (exit 5), see the lines above; add || return to stop here;'),
      'went on',
    ]);
  });

  test('stops there with what that line says', async () => {
    const step = await play([`${failing} || return\necho went on`], { job: 'fork-pull-request' });
    expect(step.exitCode).toBe(1);
    expect(step.output).not.toContain('went on');
  });
});

describe.runIf(canMakeTerminal)('a logout that the shell does not source', () => {
  test.each(['', ' > /dev/null'])('shows the command that restores the variables, with stdout%s', async (stdout) => {
    const logout = `sem-aws-login logout${stdout}`;
    const restore = "source <(grep '^    source /' log)";
    const show = 'echo "[$AWS_ROLE_ARN] [$AWS_WEB_IDENTITY_TOKEN_FILE] [$AWS_REGION]"';
    const step = await play([`source "$(${login})"`, `${logout} 2> log; cat log >&2; ${restore}; ${show}`]);
    expect(linesOf(step).slice(-2)).toEqual(['    source "$(sem-aws-login logout)"', '[] [] []']);
  });
});

test.runIf(canMakeTerminal)('several roles: the summary’s line gives plain aws a role', async () => {
  const roles = `--role a=${standardRoleArn} --role b=${standardRoleArn} --region eu-west-1`;
  const choose = `eval "$(sed -n 's/^  required .* or \\(export .*\\)$/\\1/p' log)"`;
  const step = await play([`source "$(sem-aws-login ${roles} 2>log)"`, `${choose}; echo "[$AWS_PROFILE]"`]);
  expect(step.output).toBe('[a]\n');
});

describe.runIf(canMakeTerminal)('a login with --wait', () => {
  const waiting = `source "$(${login} --wait 60)"`;
  const progress = 'sem-aws-login: STS denies role deploy (AccessDenied); retrying for';

  async function waited(size: string): Promise<string> {
    aws.fault({ kind: 'error', name: 'AccessDenied', times: 2 });
    const step = await play([`stty ${size}`, waiting]);
    expect(step.exitCode).toBe(0);
    return step.output;
  }

  test('shows one line on a terminal, and clears it before the summary', async () => {
    const output = await waited('rows 24 cols 80');
    expect(output.startsWith(`\r${progress}`)).toBe(true);
    expect(output).toContain('\r\u001b[Ksem-aws-login: logged in');
    expect(output.split('\n')[1]).toMatch(/^ {2}expires/);
  });

  test('adds whole lines to the log of a job, whose terminal has no size', async () => {
    const [first, second] = (await waited('rows 0 cols 0')).split('\n');
    expect(first).toMatch(/^sem-aws-login: STS denies role deploy \(AccessDenied\); retrying for \d+ s \(--wait\)$/);
    expect(second).toMatch(/^sem-aws-login: logged in/);
  });
});
