import { linkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingsOf, lineOf } from './doctor-findings.ts';
import { startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { unwrapped } from './refusal.ts';
import { underJobShell } from './wrapper.ts';

const aws = useAws();

describe('doctor reports', () => {
  it('an AWS_PROFILE that does not exist', async () => {
    const { run, statuses } = await findingsOf(startJob(aws()), [], { AWS_PROFILE: 'gone' });
    expect(statuses('config')).toEqual(['fail profile-missing']);
    expect(statuses('clients')).toEqual(['fail clients-fail']);
    expect(run.exitCode).toBe(4);
  });

  it('a config file that boto3 rejects', async () => {
    const job = startJob(aws());
    job.write('.aws/config', '[default]\nregion = a\nregion = b\n');
    const { findings } = await findingsOf(job);
    expect(findings('config')[0]).toMatchObject({
      status: 'warn',
      kind: 'file-defect',
      data: { line: 3, why: 'key-twice' },
    });
  });

  it('a config file that a login does not replace', async () => {
    const job = startJob(aws());
    const file = job.write('.aws/config', '[default]\nregion = a\n');
    linkSync(file, `${file}.link`);
    const { findings } = await findingsOf(job);
    expect(findings('config')[0]).toMatchObject({
      status: 'warn',
      kind: 'config-not-replaceable',
      data: { path: file, loss: 'hard-links' },
    });
  });

  it('a token file that is gone', async () => {
    const job = startJob(aws());
    job.write('.aws/config', '[default]\nrole_arn = x\nweb_identity_token_file = /nowhere/token\n');
    const { run, statuses } = await findingsOf(job);
    expect(statuses('token-file')).toEqual(['fail token-file-gone']);
    expect(run.exitCode).toBe(4);
  });

  it('a token file that ends with a newline', async () => {
    const job = startJob(aws());
    const file = job.write('token', 'x\n', 0o600);
    const { findings } = await findingsOf(job, [], { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: 'x' });
    expect(findings('token-file')[0]?.headline).toMatch(/ends with a newline$/);
  });

  it('a token file that everyone can read', async () => {
    const job = startJob(aws());
    const open = { AWS_WEB_IDENTITY_TOKEN_FILE: job.write('token', 'x', 0o644), AWS_ROLE_ARN: 'x' };
    expect((await findingsOf(job, [], open)).statuses('token-file')).toEqual(['warn open-to-all']);
    const closed = { AWS_WEB_IDENTITY_TOKEN_FILE: job.write('closed', 'x', 0o600), AWS_ROLE_ARN: 'x' };
    expect((await findingsOf(job, [], closed)).statuses('token-file')).toEqual(['ok token-file-good']);
  });

  it('a credentials file with keys that everyone can read', async () => {
    const job = startJob(aws());
    job.write('.aws/credentials', '[other]\naws_access_key_id = a\naws_secret_access_key = b\n', 0o644);
    expect((await findingsOf(job)).statuses('config')).toContain('warn open-to-all');
  });

  it('a config file that is a directory', async () => {
    const job = startJob(aws());
    const { run, statuses } = await findingsOf(job, [], { AWS_CONFIG_FILE: job.home });
    expect(statuses('config')[0]).toBe('fail failure');
    expect(run.exitCode).toBe(4);
  });

  it("another job's profile in a shared file", async () => {
    const first = startJob(aws());
    await first.login();
    const { findings } = await findingsOf(first, [], { SEMAPHORE_JOB_ID: '00000000-0000-4000-8000-000000000000' });
    expect(findings('leftovers')[0]).toMatchObject({
      status: 'warn',
      kind: 'foreign-section',
      data: { job: first.id },
    });
  });

  it('a directory that an ended job left', async () => {
    const job = startJob(aws(), { issuedIn: -90_000 });
    await job.login(['--no-verify', '--timeout', '1'], { environment: { SEM_AWS_LOGIN_NO_VERIFY: '1' } });
    const directory = join(job.home, '.sem-aws-login/jobs/ended');
    const marker = { form: 'sem-aws-login job 1', job: 'ended', expires: '2020-01-01T00:00:00Z', profiles: [] };
    job.write('.sem-aws-login/jobs/ended/login.json', JSON.stringify({ ...marker, environmentBefore: {} }), 0o600);
    const { findings } = await findingsOf(job);
    expect(findings('leftovers')[0]).toMatchObject({ kind: 'leftover-directories', data: { paths: [directory] } });
  });

  it.runIf(process.platform === 'linux')('a directory of a job whose shell has ended', async () => {
    const job = startJob(aws());
    await job.login([], { environment: { SEMAPHORE_JOB_ID: 'dead' }, wrapper: underJobShell });
    const path = '.sem-aws-login/jobs/dead/login.json';
    job.write(path, (job.read(path) ?? '').replace(/"startTime": "\d+"/, '"startTime": "1"'));
    const { findings } = await findingsOf(job);
    expect(findings('leftovers')[0]).toMatchObject({
      kind: 'leftover-directories',
      data: { paths: [join(job.home, '.sem-aws-login/jobs/dead')] },
    });
  });

  it.each([
    ['s3', undefined, 'warn cache-uses-default'],
    ['s3', 'cache', 'warn cache-lacks-profile'],
    ['gcs', undefined, 'ok cache-elsewhere'],
  ])('the cache backend %s with the profile %s', async (backend, profile, expected) => {
    const environment = { SEMAPHORE_CACHE_BACKEND: backend, SEMAPHORE_CACHE_AWS_PROFILE: profile };
    expect((await findingsOf(startJob(aws()), [], environment)).statuses('cache')).toEqual([expected]);
  });
});

describe('doctor reports the identity of clients:', () => {
  it('none before a login', async () => {
    const { statuses } = await findingsOf(startJob(aws()), [], { AWS_EC2_METADATA_DISABLED: 'true' });
    expect(statuses('clients')).toEqual(['warn clients-nobody']);
  });

  it('keys in the environment, before the login', async () => {
    const job = startJob(aws());
    await job.login();
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
    const { findings, run } = await findingsOf(job, [], keys);
    expect(findings('clients')[0]).toMatchObject({ status: 'warn', kind: 'clients-outrank' });
    expect(run.stdout).not.toContain('AKIAEXAMPLE');
  });

  it('different ones for different clients', async () => {
    const job = startJob(aws());
    await job.login();
    job.write('.aws/credentials', '[default]\naws_access_key_id = a\naws_secret_access_key = b\n');
    const run = await job.run(['doctor']);
    expect(lineOf(run, 'clients')).toMatch(/^warn {2}clients {7}AWS clients use different credentials$/);
    expect(unwrapped(run.stdout)).toContain(
      'JavaScript v3: static keys of profile "default" in the credentials file, instead of profile "default"',
    );
    expect(run.stdout).not.toContain('From documentation: ');
    expect((await job.run(['doctor', '--verbose'])).stdout).toContain('From documentation: ');
  });
});
