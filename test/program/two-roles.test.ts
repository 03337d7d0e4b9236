import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFurtherRoles } from '../aws-simulator/further-roles.ts';
import { goodArguments, type Job, type Run, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { program } from './program.ts';
import { unwrapped } from './refusal.ts';
import { sourced } from './sourced.ts';

const aws = useAws({ roles: makeFurtherRoles() });

const staging = ['--role-arn', 'arn:aws:iam::123456789012:role/staging'];

type Variables = Readonly<Record<string, string>>;

/** Returns the AWS variables of a shell that has sourced the printed file. */
function variablesAfter(job: Job, run: Run, before: Variables = {}): Variables {
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  const entries = Object.entries({ ...before, ...sourced(job, run, before) });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

describe('a second role in the same profile', () => {
  it('gets a private config file, and the summary says why', async () => {
    const job = startJob(aws());
    job.write('.aws/config', '[profile mine]\nregion = eu-central-1\n');
    await job.login();
    const before = job.read('.aws/config');
    const run = await job.login(staging);
    expect(job.read('.aws/config')).toBe(before);
    expect(unwrapped(run.stderr)).toContain(
      '"default" in a private config file (another role of this job uses this profile)',
    );
    const { AWS_CONFIG_FILE: config = '' } = variablesAfter(job, run);
    expect(dirname(config)).toBe(job.own);
    const text = readFileSync(config, 'utf8');
    expect(text).toContain('[profile mine]');
    expect(text).toContain('role_arn = arn:aws:iam::123456789012:role/staging');
    expect(text).not.toContain('role/deploy');
  });

  it('has a separate env file, and each can be sourced again', async () => {
    const job = startJob(aws());
    const [first, second] = [await job.login(), await job.login(staging)];
    expect(first.stdout).toBe(`${job.own}/env\n`);
    expect(second.stdout).toMatch(/\/env-[0-9a-f]{8}\n$/);
    const shell = variablesAfter(job, second);
    expect(shell).toMatchObject({ AWS_CONFIG_FILE: expect.any(String), AWS_ROLE_ARN: staging[1] });
    expect(variablesAfter(job, first, shell)).not.toHaveProperty('AWS_CONFIG_FILE');
  });

  it('and a third profile of its shell are in the same file', async () => {
    const job = startJob(aws());
    await job.login();
    const shell = variablesAfter(job, await job.login(staging));
    const config = shell['AWS_CONFIG_FILE'] ?? '';
    const later = variablesAfter(job, await job.login(['--profile', 'build'], { environment: shell }), shell);
    expect(later).toMatchObject({ AWS_CONFIG_FILE: config, AWS_PROFILE: 'build' });
    expect(readFileSync(config, 'utf8')).toMatch(/role\/staging[\s\S]*\[profile build\]/);
  });

  it('leaves each shell its keys through "credentials"', async () => {
    const job = startJob(aws());
    await job.login();
    const shell = variablesAfter(job, await job.login(staging));
    const arnFor = async (environment: Variables) => {
      await job.run(['credentials'], { environment });
      return aws().sessions.issued.at(-1)?.arn;
    };
    expect(await arnFor(shell)).toContain(':assumed-role/staging/');
    expect(await arnFor({})).toContain(':assumed-role/deploy/');
  });

  it('that logs in from two shells at once leaves one complete record', async () => {
    const job = startJob(aws());
    const roles = [[], staging, ['--profile', 'a'], ['--profile', 'a', ...staging], ['--duration', '900']];
    const runs = await Promise.all(roles.map((role) => job.login(role)));
    const printed = runs.map(({ stdout }) => stdout);
    expect(new Set(printed).size).toBe(roles.length);
    const shells = runs.map((run) => variablesAfter(job, run));
    expect(shells.map(({ AWS_ROLE_ARN, AWS_PROFILE }) => AWS_ROLE_ARN?.split('/')[1] ?? AWS_PROFILE)).toEqual([
      'deploy',
      'staging',
      'a',
      'a',
      undefined,
    ]);
    await job.run(['logout']);
    expect([existsSync(join(job.home, '.aws/config')), existsSync(job.own)]).toEqual([false, false]);
  });

  it('replaces the first one on a terminal, and names both', async () => {
    const job = startJob(aws());
    await job.login();
    const run = await job.run([...goodArguments, ...staging], { terminal: true });
    expect(run.exitCode).toBe(0);
    expect(unwrapped(run.stderr)).toContain(
      'warning: profile "default" now gives the role arn:aws:iam::123456789012:role/staging instead of arn:aws:iam::123456789012:role/deploy,',
    );
    expect(job.read('.aws/config')).toContain('role/staging');
    expect(job.read('.aws/config')).not.toContain('role/deploy');
  });

  it('replaces the first one with --export none, and names both', async () => {
    const job = startJob(aws());
    await job.login(['--export', 'none']);
    const run = await job.login(['--export', 'none', ...staging]);
    expect(unwrapped(run.stderr)).toContain('instead of arn:aws:iam::123456789012:role/deploy,');
    expect(job.read('.aws/config')).toContain('role/staging');
  });
});

describe('an AWS_CONFIG_FILE that names a private file', () => {
  it('is not the user’s: after a logout the next login uses the shared file again', async () => {
    const job = startJob(aws());
    await job.login();
    const shell = variablesAfter(job, await job.login(staging));
    await job.run(['logout'], { environment: shell });
    const later = variablesAfter(job, await job.login(staging, { environment: shell }), shell);
    expect(later).not.toHaveProperty('AWS_CONFIG_FILE');
    expect(job.read('.aws/config')).toContain('role/staging');
  });

  it('of exec is not written by a login of the job in the command', async () => {
    const job = startJob(aws());
    const script = 'source "$("$@")"; echo "${AWS_CONFIG_FILE-none}"; cat ~/.aws/config';
    const login = [...program, ...goodArguments, ...staging];
    const run = await job.run(['exec', ...goodArguments, '--', 'bash', '-c', script, 'bash', ...login]);
    expect(run.stdout).toMatch(/^none\n[\s\S]*role\/staging/);
  });
});
