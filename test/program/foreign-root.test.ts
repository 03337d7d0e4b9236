import { chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { geteuid } from 'node:process';
import { expect, test } from 'vitest';
import { canGiveAway, stranger } from '../adapters/scratch.ts';
import { startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';

const aws = useAws();

// Users who share TMPDIR can predict the name and create it first.
test.runIf(canGiveAway)(
  'another user’s directory with our name in TMPDIR does not affect login and logout',
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

test.runIf(canGiveAway)('without HOME such a directory is rejected, with a remedy', async () => {
  const job = startJob(aws(), { environment: { HOME: undefined } });
  const squatted = join(job.temporary, `sem-aws-login-${geteuid?.()}`);
  mkdirSync(squatted);
  chownSync(squatted, stranger, stranger);
  const run = await job.login();
  expect(run).toMatchObject({ exitCode: 4, written: {} });
  expect(run.stderr).toContain('It belongs to another user.');
  expect(run.stderr).toContain('SEM_AWS_LOGIN_HOME');
});
