import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makeTestDisk } from '../adapters/scratch.ts';
import { goodArguments, type Job, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { expectRefusal } from './refusal.ts';

const aws = useAws();

/** Holds the lock of a job's config file as another login would, until it is told to let go. */
async function holdLock(job: Job): Promise<() => void> {
  mkdirSync(join(job.home, '.aws'));
  const disk = makeTestDisk(job.home);
  await new Promise<void>((resolve) => {
    void disk.withLock(join(job.home, '.aws/config'), 0, () => {
      resolve();
      return new Promise<never>(() => {});
    });
  });
  return disk.releaseAll;
}

/** Waits until a login waits for the lock: what it will put in the lock's place then lies beside it. */
async function untilWaiting(job: Job): Promise<void> {
  while (readdirSync(join(job.home, '.aws')).length < 2) await sleep(5);
}

test('a login waits for another one that is at work on the config file', async () => {
  const job = startJob(aws());
  const letGo = await holdLock(job);
  const login = job.start(goodArguments);
  await untilWaiting(job);
  expect(job.read('.aws/config')).toBeUndefined();
  letGo();
  expect(await login.ended).toMatchObject({ exitCode: 0 });
  expect(readdirSync(join(job.home, '.aws'))).toEqual(['config']);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s while it waits ends it, and nothing of it is left',
  async (signal) => {
    const job = startJob(aws());
    const letGo = await holdLock(job);
    const login = job.start(goodArguments);
    await untilWaiting(job);
    login.kill(signal);
    expect(await login.ended).toMatchObject({
      exitCode: 143,
      stdout:
        '/sem-aws-login: LOGIN FAILED (exit 143), see the lines above; add || return to stop here; ignore the rest of this one\n',
    });
    expect(readdirSync(join(job.home, '.aws'))).toEqual(['.config.sem-aws-login-lock']);
    expect(readdirSync(job.home)).toEqual(['.aws']);
    letGo();
  },
);

test.each<readonly [what: string, lay: (job: Job, lock: string) => void]>([
  ['a file', (job, lock) => void job.write(lock, '')],
  ['a link', (job, lock) => symlinkSync('config', join(job.home, lock))],
])('%s at the lock’s path is no other login, and ends the login at once', async (what, lay) => {
  const job = startJob(aws());
  job.write('.aws/config', '');
  lay(job, '.aws/.config.sem-aws-login-lock');
  expectRefusal(await job.login(), {
    exitCode: 4,
    headline: `The lock of "${job.home}/.aws/config" is ${what}, not a directory`,
    says: [/rm .*\.config\.sem-aws-login-lock/],
  });
});
