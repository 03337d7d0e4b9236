import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refusalOf } from '../setup/judgement.ts';
import { trustPolicyFor } from '../setup/setup-run.ts';
import { flagsOf, jobsToAllow, jobsToDeny, wantedJobs } from '../setup/wanted-jobs.ts';

it('only the requested jobs are allowed: twenty thousand requests', async () => {
  await fc.assert(
    fc.asyncProperty(wantedJobs, async (wanted) => {
      const policy = await trustPolicyFor(flagsOf(wanted));
      const refused = jobsToAllow(wanted).find((job) => refusalOf(policy, job, wanted.sessionTags) !== undefined);
      const letIn = jobsToDeny(wanted).find((job) => refusalOf(policy, job, wanted.sessionTags) === undefined);
      expect({ refused, letIn }).toEqual({ refused: undefined, letIn: undefined });
    }),
    { numRuns: 20_000 },
  );
});
