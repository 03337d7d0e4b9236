import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startCrowd } from '../program/crowd.ts';
import { type Job, startJob } from '../program/job-run.ts';
import { useAws } from '../program/local-aws.ts';

const aws = useAws();

async function loggedIn(): Promise<Job> {
  const job = startJob(aws());
  expect(await job.login(['--duration', '900', '--no-verify'])).toMatchObject({ exitCode: 0 });
  return job;
}

const same = (count: number, stdout: string | undefined) => Array(count).fill({ exitCode: 0, stdout, stderr: '' });

describe('a hundred processes that request the same keys at once', () => {
  it('send one request and get the same answer', async () => {
    const job = await loggedIn();
    const before = aws().requests.length;
    const runs = await Promise.all(startCrowd(job, ['credentials'], 100).map(({ ended }) => ended));
    expect(runs).toEqual(same(100, runs[0]?.stdout));
    expect(aws().requests.length - before).toBe(1);
  });

  it('send a second request when the first process is killed while STS hangs', async () => {
    const job = await loggedIn();
    aws().fault({ kind: 'hang' });
    const before = aws().requests.length;
    const [first] = startCrowd(job, ['credentials'], 1);
    while (aws().requests.length === before) await sleep(10);
    const others = startCrowd(job, ['credentials'], 99);
    await sleep(1000);
    first?.kill('SIGKILL');
    const runs = await Promise.all(others.map(({ ended }) => ended));
    expect(runs).toEqual(same(99, runs[0]?.stdout));
    expect(aws().requests.length - before).toBe(2);
  });

  it('wait for an STS that takes longer than a lock can go without a keep-alive', async () => {
    const job = await loggedIn();
    // Two attempts that time out after ten seconds, and a third with an answer.
    aws().fault({ kind: 'hang', times: 2 });
    const before = aws().requests.length;
    const runs = await Promise.all(startCrowd(job, ['credentials'], 20).map(({ ended }) => ended));
    expect(runs).toEqual(same(20, runs[0]?.stdout));
    expect(aws().requests.length - before).toBe(3);
  });
});
