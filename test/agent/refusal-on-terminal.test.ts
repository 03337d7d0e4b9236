import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAws, standardRoleArn, startAws } from '../aws-simulator/aws.ts';
import { type JobDescription, makeJob, subjectOf } from '../aws-simulator/semaphore-job.ts';
import type { Statement } from '../aws-simulator/trust-policy.ts';
import { executableDirectory } from '../executable.ts';
import { skipped } from '../skips.ts';
import { playJob } from './agent-job.ts';
import { canMakeTerminal } from './shell.ts';

if (!canMakeTerminal) skipped('a refused login on a terminal', 'there is no `script` to make one');

// What someone sees who looks at a failed job: all rows of a small terminal, bash's last line included.
let aws: LocalAws;
let root: string;
beforeAll(async () => {
  aws = await startAws();
  root = await mkdtemp(join(tmpdir(), 'sem-aws-login-refusal-'));
});
afterAll(async () => {
  await aws.close();
  await rm(root, { recursive: true });
});

const role = standardRoleArn.replace('deploy', 'other');

/** Returns what a refused login shows in a job whose terminal was set up by `stty`. */
async function refused(
  job: JobDescription,
  { size = 'rows 24 cols 80', roleArn = standardRoleArn, options = '', environment = {} } = {},
): Promise<string> {
  const home = await mkdtemp(join(root, 'home-'));
  const played = await playJob({
    home,
    environment: {
      ...aws.environmentFor(job),
      ...aws.clientEnvironment,
      ...environment,
      PATH: `${executableDirectory}:/usr/bin:/bin`,
    },
    commands: [`stty ${size}`, `source "$(sem-aws-login --role-arn ${roleArn} --region eu-west-1${options})"`],
  });
  expect(played).toMatchObject({ result: 'failed', onTerminal: true });
  return played.steps[1]?.output ?? '';
}

const plain = stripVTControlCharacters;

function rowsOf(text: string): number {
  const lines = plain(text).trimEnd().split('\n');
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / 80)), 0);
}

const tag: JobDescription = { context: 'tag', ref: 'refs/tags/v1.0.0', branch: 'refs/tags/v1.0.0', tag: 'v1.0.0' };

/** Returns the statement in a message, parsed. */
function statementIn(output: string): Statement {
  const lines = plain(output).split('\n');
  const start = lines.findIndex((line) => line.includes('{ "Effect"'));
  const end = lines.findIndex((line) => line.endsWith(' } } }'));
  // The message's own text; a wrong shape fails the login that follows.
  return JSON.parse(lines.slice(start, end + 1).join('\n')) as Statement;
}

describe.skipIf(!canMakeTerminal).each<[what: string, job: JobDescription]>([
  ['a branch', 'branch'],
  ['a tag', tag],
  ['a pull request', 'pull-request'],
  ['the debug session of a project', 'debug-project'],
])('what the message for %s says works as pasted', (what, job) => {
  const roleArn = `${role}-${what.replaceAll(' ', '-')}`;
  const path = `${executableDirectory}:/usr/bin:/bin`;

  test('the statement allows the job, and the command reports that', async () => {
    const output = await refused(job, { roleArn });
    const trustPolicy = { Version: '2012-10-17', Statement: [statementIn(output)] };
    const command = plain(output).match(/^ {4}(aws iam get-role .*)$/m)?.[1] ?? 'no command';
    const home = await mkdtemp(join(root, 'home-'));
    const answer = JSON.stringify({ Role: { AssumeRolePolicyDocument: trustPolicy } });
    await writeFile(join(home, 'aws'), `#!/bin/sh\ncat <<'END'\n${answer}\nEND\n`, { mode: 0o755 });
    aws.accounts.roles.push({ arn: roleArn, trustPolicy });
    const played = await playJob({
      home,
      environment: { ...aws.environmentFor(job), ...aws.clientEnvironment, PATH: `${home}:${path}` },
      commands: [`source "$(sem-aws-login --role-arn ${roleArn} --region eu-west-1)"`, command],
    });
    expect(
      played.steps.map(({ exitCode }) => exitCode),
      played.steps.at(-1)?.output,
    ).toEqual([0, 0]);
  });
});

describe.skipIf(!canMakeTerminal)('a refused login on a terminal of 80 columns and 24 rows', () => {
  test.each<[what: string, job: JobDescription, roleArn: string, most: number]>([
    ['a branch', 'branch', role, 24],
    ['a tag', tag, standardRoleArn, 30],
    ['a pull request', 'pull-request', standardRoleArn, 30],
    ["a fork's pull request", 'fork-pull-request', standardRoleArn, 30],
    ['the debug session of a project', 'debug-project', standardRoleArn, 30],
  ])('%s: everything fits in the rows, and the headline is above bash’s line', async (_, job, roleArn, most) => {
    const output = await refused(job, { roleArn });
    expect(rowsOf(output), output).toBeLessThanOrEqual(most);
    const lines = plain(output).trimEnd().split('\n');
    const headline = `sem-aws-login: STS refused the login to role ${roleArn.split('/')[1]} (AccessDenied)`;
    expect([lines[0], lines.at(-2)]).toEqual([headline, headline]);
    expect(lines.at(-1)).toMatch(
      /: \/sem-aws-login: LOGIN FAILED \(exit 5\), see the lines above; add \|\| return to stop here; ignore the rest of this one: No such file or directory$/,
    );
    expect(output).toContain(`--sub '${subjectOf(makeJob(job))}' --aud 'https://acme.semaphoreci.com'\n`);
    expect(lines.filter((line) => line.startsWith('    request id  '))).toHaveLength(1);
  });

  test('the statement and the command are whole lines', async () => {
    const output = await refused(tag);
    expect(statementIn(output)).toEqual({
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/acme.semaphoreci.com' },
      Condition: {
        StringEquals: {
          'acme.semaphoreci.com:aud': 'https://acme.semaphoreci.com',
          'acme.semaphoreci.com:sub': subjectOf(makeJob(tag)),
        },
      },
    });
    expect(
      plain(output)
        .split('\n')
        .find((line) => line.includes('aws iam get-role')),
    ).toMatch(/^ {4}aws .* --aud '\S+'$/);
  });

  const headline = 'sem-aws-login: STS refused the login to role deploy (AccessDenied)';
  const red = `\u001b[1;31m${headline}\u001b[0m`;

  test.each<[what: string, environment: Record<string, string>, first: string]>([
    ['the headline is bold red', {}, red],
    ['NO_COLOR leaves it plain', { NO_COLOR: '1' }, headline],
  ])('%s', async (_, environment, first) => {
    const lines = (await refused(tag, { environment })).trimEnd().split('\n');
    expect([lines[0], lines.at(-2)]).toEqual([first, first]);
    expect(lines.slice(1, -2).join('\n')).not.toContain('\u001b');
  });

  test('in a file it is plain, unless FORCE_COLOR is set', async () => {
    const options = ' 2>"$HOME/stderr" || cat "$HOME/stderr" >&2';
    expect(await refused(tag, { options })).not.toContain('\u001b');
    expect(await refused(tag, { options, environment: { FORCE_COLOR: '1' } })).toContain(red);
  });

  test.each([
    ['rows 0 cols 0', 80],
    ['rows 50 cols 200', 120],
  ])('with %s, text wraps at %i columns', async (size, most) => {
    aws.fault({ kind: 'error', name: 'IDPRejectedClaim' });
    const output = await refused('branch', { size });
    // Commands are never wrapped.
    const rows = plain(output).trimEnd().split('\n').slice(0, -1);
    const texts = rows.filter((line) => !line.startsWith('    sem-aws-login '));
    expect(Math.max(...texts.map((line) => line.length))).toBeLessThanOrEqual(most);
    expect(texts.some((line) => line.length > 80)).toBe(most > 80);
  });

  test('--debug adds session, endpoint, attempts and times', async () => {
    const [without, with_] = [await refused(tag), await refused(tag, { options: ' --debug' })];
    for (const label of ['session', 'endpoint', 'attempts', 'token', 'clock']) {
      const row = new RegExp(`^ {4}${label} {2,}\\S`, 'm');
      expect(without).not.toMatch(row);
      expect(with_).toMatch(row);
    }
  });
});
