import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goodArguments, type Job, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { underJobShell } from './wrapper.ts';

const aws = useAws();

const past = { expires: '2020-01-01T00:00:00.000Z' };

/** Logs in as another job of the same HOME, and changes its record. */
async function otherJob(job: Job, changes: (record: { owners: object[] }) => object): Promise<string> {
  const other = await job.login(['--shared-config', '--profile', 'other'], {
    environment: { SEMAPHORE_JOB_ID: 'other' },
    wrapper: underJobShell,
  });
  expect(other.exitCode).toBe(0);
  const directory = join(job.own, '..', 'other');
  const file = join(directory, 'login.json');
  const record = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...record, ...changes(record) }));
  return directory;
}

const rebooted = ({ owners }: { owners: object[] }) => ({
  owners: owners.map((owner) => ({ ...owner, bootId: 'before' })),
});

const commands: readonly (readonly [string, readonly string[]])[] = [
  ['login', goodArguments],
  ['logout', ['logout']],
  ['exec', ['exec', ...goodArguments, '--', 'true']],
];

describe.runIf(process.platform === 'linux')('what a job left is removed by the next', () => {
  it.each(commands)('%s, after a reboot', async (_, args) => {
    const job = startJob(aws());
    const directory = await otherJob(job, rebooted);
    expect(job.read('.aws/config')).toContain('[profile other]');
    expect(await job.run(args)).toMatchObject({ exitCode: 0 });
    expect(existsSync(directory)).toBe(false);
    expect(job.read('.aws/config') ?? '').not.toContain('[profile other]');
  });
});

describe.each(commands)('%s and the record of version 0.1.0', (_, args) => {
  it('removes the job after its expiry', async () => {
    const job = startJob(aws());
    const directory = await otherJob(job, () => ({ owners: undefined, ...past }));
    expect(await job.run(args)).toMatchObject({ exitCode: 0 });
    expect(existsSync(directory)).toBe(false);
    expect(job.read('.aws/config') ?? '').not.toContain('[profile other]');
  });

  it('keeps the job before its expiry', async () => {
    const job = startJob(aws());
    const directory = await otherJob(job, () => ({ owners: undefined }));
    expect(await job.run(args)).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(directory, 'token'))).toBe(true);
    expect(job.read('.aws/config')).toContain('[profile other]');
  });
});
