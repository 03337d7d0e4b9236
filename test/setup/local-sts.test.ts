import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalAws, startAws } from '../aws-simulator/aws.ts';
import type { Job } from '../aws-simulator/semaphore-job.ts';
import { documentOf } from './setup-run.ts';
import { account, flagsOf, jobsToKeepOut, jobsToLetIn, wishes } from './wanted-jobs.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startAws({ roles: [] });
});
afterAll(() => aws.close());

const role = `arn:aws:iam::${account}:role/semaphore`;

async function isLetIn(job: Job, tags: boolean): Promise<boolean> {
  const body = new URLSearchParams({
    ...{ Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn: role, RoleSessionName: 'job-1' },
    WebIdentityToken: aws.mint(job, { tags }),
  });
  const { status } = await fetch(aws.url, { method: 'POST', body });
  return status === 200;
}

it('STS lets in who was asked for and nobody else, with real tokens', async () => {
  const ofAcme = wishes.map((wish) => ({ ...wish, organization: 'acme', domain: 'semaphoreci.com' }));
  await fc.assert(
    fc.asyncProperty(ofAcme, async (wish) => {
      const { CreateRole } = JSON.parse(await documentOf([...flagsOf(wish), '--format=json', '--account-id', account]));
      aws.accounts.roles.splice(0, 1, { arn: role, trustPolicy: CreateRole.AssumeRolePolicyDocument });
      for (const job of jobsToLetIn(wish)) expect(await isLetIn(job, wish.sessionTags), JSON.stringify(job)).toBe(true);
      for (const job of jobsToKeepOut(wish))
        expect(await isLetIn(job, wish.sessionTags), JSON.stringify(job)).toBe(false);
    }),
    { numRuns: 5 },
  );
});
