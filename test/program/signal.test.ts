import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goodArguments, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';

const aws = useAws();

describe('a login that is told to end while it waits for STS', () => {
  it.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'by %s ends at once, as if it had never begun',
    async (signal) => {
      aws().fault({ kind: 'hang', times: 'always' });
      const started = startJob(aws()).start(goodArguments);
      await started.whenAsked();
      started.kill(signal);
      expect(await started.ended).toMatchObject({
        exitCode: 143,
        stdout:
          '/sem-aws-login: LOGIN FAILED (exit 143), see the lines above; add || return to stop here; ignore the rest of this one\n',
        written: {},
      });
    },
  );

  it('by SIGKILL leaves nothing that the next login stumbles over', async () => {
    aws().fault({ kind: 'hang' });
    const job = startJob(aws());
    const started = job.start(goodArguments);
    await started.whenAsked();
    started.kill('SIGKILL');
    expect(await started.ended).toMatchObject({ exitCode: undefined, written: {} });
    expect(await job.login()).toMatchObject({ exitCode: 0 });
  });

  it('between two tries ends as quickly', async () => {
    aws().fault({ kind: 'error', name: 'Throttling', times: 'always' });
    const started = startJob(aws()).start(goodArguments);
    await started.whenAsked();
    started.kill('SIGTERM');
    expect(await started.ended).toMatchObject({ exitCode: 143, written: {} });
  });
});

describe('a login that is killed at any moment', () => {
  // The moments are spread over a whole login; where each falls depends on the machine, what must hold does not.
  it.each([5, 15, 25, 35, 45, 55, 65, 80])(
    '%i ms after its start leaves a HOME in which the next one works',
    async (delay) => {
      const job = startJob(aws());
      const started = job.start(goodArguments);
      setTimeout(() => started.kill('SIGKILL'), delay);
      await started.ended;
      const run = await job.login();
      expect(run.exitCode).toBe(0);
      const names = readdirSync(job.home, { recursive: true, encoding: 'utf8' });
      expect(names.filter((name) => name.endsWith('-lock'))).toEqual([]);
    },
  );
});
