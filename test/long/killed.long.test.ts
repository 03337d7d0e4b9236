import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAws, startAws } from '../aws-simulator/aws.ts';
import { killEverywhere } from '../faults/killing.ts';
import { canTrace } from '../faults/system-calls.ts';
import { skipped } from '../skips.ts';

const tracing = canTrace();
if (!tracing)
  skipped('second logins and logouts killed at every system call', 'strace is missing or is not allowed to trace');

let aws: LocalAws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

test.runIf(tracing).each(['second login', 'logout'] as const)(
  'a %s killed at any moment leaves every file complete, and works when it is repeated',
  async (act) => {
    const count = await killEverywhere(aws, act);
    console.log(
      `the executable, at a ${act}, was killed at each of ${count} system calls that change something in HOME`,
    );
    expect(count).toBeGreaterThan(10);
  },
);
