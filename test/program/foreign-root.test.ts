import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { geteuid } from 'node:process';
import { expect, test } from 'vitest';
import { canGiveAway, stranger } from '../adapters/scratch.ts';
import { startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';

const aws = useAws();

// Whoever shares TMPDIR can foresee the name, and take it first.
test.runIf(canGiveAway)(
  'a directory of our name that someone else put into TMPDIR hinders neither login nor logout',
  async () => {
    const job = startJob(aws());
    const squatted = join(job.temporary, `sem-aws-login-${geteuid?.()}`);
    mkdirSync(squatted);
    chownSync(squatted, stranger, stranger);
    expect(await job.login()).toMatchObject({ exitCode: 0 });
    expect(await job.run(['logout'])).toMatchObject({ exitCode: 0 });
    expect(job.read('.aws/config')).toBeUndefined();
  },
);

test.runIf(canGiveAway)('where the job has no HOME it is refused, with the way out', async () => {
  const job = startJob(aws(), { environment: { HOME: undefined } });
  const squatted = join(job.temporary, `sem-aws-login-${geteuid?.()}`);
  mkdirSync(squatted);
  chownSync(squatted, stranger, stranger);
  const run = await job.login();
  expect(run).toMatchObject({ exitCode: 4, written: {} });
  expect(run.stderr).toContain('It belongs to another user.');
  expect(run.stderr).toContain('SEM_AWS_LOGIN_HOME');
});
