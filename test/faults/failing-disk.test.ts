import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalAws, startAws } from '../aws-simulator/aws.ts';
import { skipped } from '../skips.ts';
import { configIn, everythingIn, makeStage } from './scene.ts';
import { canTrace, changesMadeBy, runWithFault, type SystemCall } from './system-calls.ts';

const tracing = canTrace();
if (!tracing) skipped('a login on a disk that is full or broken', 'strace is missing or is not allowed to trace');

let aws: LocalAws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

/** A login succeeds without a second name, and leftovers are removed later. */
const isOptional = (call: SystemCall) => /^(link|unlink|rmdir)/.test(call.name);

const faults = [
  { error: 'ENOSPC', disk: 'full' },
  { error: 'EIO', disk: 'broken' },
];

test.runIf(tracing).each(faults)(
  'a login on a $disk disk reports it, whichever call fails, and changes nothing',
  async ({ error }) => {
    const stage = makeStage(aws, 'first login');
    const undisturbed = await stage.set();
    const before = everythingIn(undisturbed.directory);
    const originalConfig = configIn(undisturbed.directory);
    const calls = (await changesMadeBy(undisturbed)).filter((call) => !isOptional(call));
    console.log(`${error} injected into each of ${calls.length} system calls of a login that change something in HOME`);
    expect(calls.length).toBeGreaterThan(20);
    for (const call of calls) {
      const { status, stdout, stderr, program } = await runWithFault(call, { error }, stage.set);
      expect({ status, stdout }, call.shown).toEqual({
        status: 4,
        stdout:
          '/sem-aws-login: LOGIN FAILED (exit 4), see the lines above; add || return to stop here; ignore the rest of this one\n',
      });
      expect(stderr, call.shown).toContain(`(${error})`);
      expect(configIn(program.directory), call.shown).toBe(originalConfig);
      expect(everythingIn(program.directory), call.shown).toEqual(before);
    }
  },
  300_000,
);
