import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refusalOf } from '../setup/judgement.ts';
import { documentOf } from '../setup/setup-run.ts';
import { account, flagsOf, jobsToAllow, jobsToDeny, wantedJobs } from '../setup/wanted-jobs.ts';

it('only the requested jobs are allowed: twenty thousand requests', async () => {
  await fc.assert(
    fc.asyncProperty(wantedJobs, async (wanted) => {
      const { CreateRole } = JSON.parse(
        await documentOf([...flagsOf(wanted), '--format=json', '--account-id', account]),
      );
      const policy = CreateRole.AssumeRolePolicyDocument;
      const refused = jobsToAllow(wanted).find((job) => refusalOf(policy, job, wanted.sessionTags) !== undefined);
      const letIn = jobsToDeny(wanted).find((job) => refusalOf(policy, job, wanted.sessionTags) === undefined);
      expect({ refused, letIn }).toEqual({ refused: undefined, letIn: undefined });
    }),
    { numRuns: 20_000 },
  );
});
