import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { sourced } from './sourced.ts';

const aws = useAws();

describe('the token', () => {
  it('comes from the variable that --token-env names', async () => {
    const job = startJob(aws());
    const environment = { OTHER_TOKEN: job.token, SEMAPHORE_OIDC_TOKEN: undefined };
    const run = await job.login(['--token-env', 'OTHER_TOKEN'], { environment });
    expect(run).toMatchObject({ exitCode: 0, requests: [{ parameters: { WebIdentityToken: job.token } }] });
    expect(job.read(`.sem-aws-login/jobs/${job.id}/token`)).toBe(job.token);
  });

  it('is read without the spaces and line ends that a pipeline can add', async () => {
    const job = startJob(aws());
    const run = await job.login([], { environment: { SEMAPHORE_OIDC_TOKEN: ` ${job.token}\r\n` } });
    expect(run.requests).toMatchObject([{ parameters: { WebIdentityToken: job.token } }]);
    expect(job.read(`.sem-aws-login/jobs/${job.id}/token`)).toBe(job.token);
  });

  it('in a file is used at its path and never copied', async () => {
    const job = startJob(aws());
    const file = job.write('token', job.token, 0o400);
    const run = await job.login(['--token-file', file], { environment: { SEMAPHORE_OIDC_TOKEN: undefined } });
    expect(run.exitCode).toBe(0);
    expect(run.written).not.toHaveProperty('home/.sem-aws-login/jobs/JOB/token');
    expect(job.read('.aws/config')).toContain(`\nweb_identity_token_file = ${file}\n`);
    expect(sourced(job, run)).toMatchObject({ AWS_WEB_IDENTITY_TOKEN_FILE: file });
  });

  it('that rotates, as in Kubernetes, is used through its link', async () => {
    const job = startJob(aws());
    const volume = join(job.home, 'volume');
    const put = (name: string, text: string) => {
      job.write(`volume/${name}/token`, text);
      symlinkSync(name, join(volume, '..data_tmp'));
      renameSync(join(volume, '..data_tmp'), join(volume, '..data'));
    };
    mkdirSync(volume);
    put('..2026_01', 'an older one');
    put('..2026_02', job.token);
    symlinkSync('..data/token', join(volume, 'token'));
    const run = await job.login(['--token-file', join(volume, 'token')]);
    expect(run.exitCode).toBe(0);
    expect(job.read('.aws/config')).toContain(`\nweb_identity_token_file = ${volume}/token\n`);
  });

  it('of an earlier login is removed from the job’s directory if the next login uses a file', async () => {
    const job = startJob(aws());
    await job.login();
    const run = await job.login(['--token-file', job.write('token', job.token)]);
    expect(run.exitCode).toBe(0);
    expect(sourced(job, run)).toMatchObject({ AWS_WEB_IDENTITY_TOKEN_FILE: join(job.home, 'token') });
  });
});
