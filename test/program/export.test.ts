import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Job, type Run, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { sourced } from './sourced.ts';

const aws = useAws();

describe('--export static', () => {
  it('gives the session’s keys to tools that read only keys', async () => {
    const job = startJob(aws());
    const run = await job.login(['--export', 'static']);
    const session = aws().sessions.issued.at(-1);
    expect(sourced(job, run)).toEqual({
      AWS_ACCESS_KEY_ID: session?.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session?.secretAccessKey,
      AWS_SESSION_TOKEN: session?.session?.token,
      AWS_CREDENTIAL_EXPIRATION: expect.stringMatching(/^20\d\d-/),
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_SDK_LOAD_CONFIG: '1',
      AWS_ACCOUNT_ID: '123456789012',
      AWS_PAGER: '',
    });
  });

  it('writes them only to the env file, which only the job’s user can read', async () => {
    const run = await startJob(aws()).login(['--export', 'static']);
    expect(run.written['home/.sem-aws-login/jobs/JOB/env']).toBe('600');
  });

  it.each(['-x', '-v', '-xv'])('does not show them in a trace (bash %s)', async (flag) => {
    const job = startJob(aws());
    const run = await job.login(['--export', 'static']);
    const shown = traced(run, flag, job);
    const { accessKeyId = '', secretAccessKey = '', session } = aws().sessions.issued.at(-1) ?? {};
    for (const key of [accessKeyId, secretAccessKey, session?.token ?? '']) {
      expect(key).not.toBe('');
      expect(shown).not.toContain(key);
    }
    expect(shown, 'and traces again afterwards').toContain('traced-afterwards');
  });
});

function traced(run: Run, flag: string, job: Job): string {
  const script = 'source "$1"; : traced-afterwards; { set +xv; } 2>/dev/null; test -n "$AWS_SESSION_TOKEN"';
  const command = ['-c', `bash ${flag} -c '${script}' bash "$1" 2>&1`, 'bash', run.stdout.trimEnd()];
  return execFileSync('bash', command, { env: job.environment, encoding: 'utf8' });
}

describe('--export none', () => {
  it('does not change the environment', async () => {
    const job = startJob(aws());
    const run = await job.login(['--export', 'none']);
    expect(run.exitCode).toBe(0);
    expect(sourced(job, run)).toEqual({});
    expect(job.read('.aws/config')).toContain('[default]');
  });
});

describe('the env file for PowerShell', () => {
  it('has the same content in PowerShell’s syntax, and its suffix', async () => {
    const job = startJob(aws(), { environment: { SEM_AWS_LOGIN_HOME: undefined } });
    const run = await job.login(['--shell', 'powershell', '--profile', 'deploy']);
    expect(run.stdout).toBe(`${join(job.own, 'env.ps1')}\n`);
    const lines = readFileSync(run.stdout.trimEnd(), 'utf8').trimEnd().split('\n');
    expect(lines).toContain('Remove-Item -ErrorAction SilentlyContinue Env:AWS_ROLE_ARN');
    expect(lines.filter((line) => !line.startsWith('Remove-Item'))).toEqual([
      "$env:AWS_PROFILE = 'deploy'",
      "$env:AWS_REGION = 'eu-west-1'",
      "$env:AWS_DEFAULT_REGION = 'eu-west-1'",
      "$env:AWS_SDK_LOAD_CONFIG = '1'",
      "$env:AWS_PAGER = ''",
    ]);
  });
});

it('the env file for PowerShell has a byte order mark if needed', async () => {
  const job = startJob(aws(), { agent: 'self-hosted' });
  const root = join(job.temporary, 'Jürgen');
  const run = await job.login(['--shell', 'powershell'], { environment: { SEM_AWS_LOGIN_HOME: root } });
  const text = readFileSync(run.stdout.trimEnd(), 'utf8');
  expect(text.startsWith('\ufeff')).toBe(true);
  expect(text).toContain(`$env:AWS_CONFIG_FILE = '${root}/jobs/${job.id}/config'`);
});

describe('an env file with odd paths in it', () => {
  it.each(["it's here", 'two  words', '$(touch oops)', '`x`', 'ümlaut', '日本語', '#no comment'])(
    '%s',
    async (name) => {
      const job = startJob(aws(), { agent: 'self-hosted' });
      const root = join(job.temporary, name);
      const run = await job.login([], { environment: { SEM_AWS_LOGIN_HOME: root } });
      expect(run).toMatchObject({ exitCode: 0, stdout: `${root}/jobs/${job.id}/env\n` });
      expect(sourced(job, run)).toMatchObject({
        AWS_CONFIG_FILE: `${root}/jobs/${job.id}/config`,
        AWS_WEB_IDENTITY_TOKEN_FILE: `${root}/jobs/${job.id}/token`,
      });
    },
  );
});
