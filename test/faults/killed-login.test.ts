import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAws, startAws } from '../aws-simulator/aws.ts';
import { skipped } from '../skips.ts';
import { killEverywhere } from './killing.ts';
import { canTrace } from './system-calls.ts';

const tracing = canTrace();
if (!tracing) skipped('a login killed at every system call', 'strace is missing or is not allowed to trace');

let aws: LocalAws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

test.runIf(tracing)(
  'a login killed at any moment leaves every file whole, and the next login works',
  async () => {
    const count = await killEverywhere(aws, 'first login');
    console.log(
      `the executable, logging in, was killed at each of ${count} system calls that change something in HOME`,
    );
    expect(count).toBeGreaterThan(30);
  },
  300_000,
);
