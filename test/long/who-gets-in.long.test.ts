import fc from 'fast-check';
import { expect, it } from 'vitest';
import { refusalOf } from '../setup/judgement.ts';
import { documentOf } from '../setup/setup-run.ts';
import { account, flagsOf, jobsToKeepOut, jobsToLetIn, wishes } from '../setup/wanted-jobs.ts';

it('only the requested jobs are allowed: twenty thousand requests', async () => {
  await fc.assert(
    fc.asyncProperty(wishes, async (wish) => {
      const { CreateRole } = JSON.parse(await documentOf([...flagsOf(wish), '--format=json', '--account-id', account]));
      const policy = CreateRole.AssumeRolePolicyDocument;
      const refused = jobsToLetIn(wish).find((job) => refusalOf(policy, job, wish.sessionTags) !== undefined);
      const letIn = jobsToKeepOut(wish).find((job) => refusalOf(policy, job, wish.sessionTags) === undefined);
      expect({ refused, letIn }).toEqual({ refused: undefined, letIn: undefined });
    }),
    { numRuns: 20_000 },
  );
});
