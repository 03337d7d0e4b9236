import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalAws, startAws } from '../aws-simulator/aws.ts';
import type { Job } from '../aws-simulator/semaphore-job.ts';
import { trustPolicyFor } from './setup-run.ts';
import { account, flagsOf, jobsToAllow, jobsToDeny, wantedJobs } from './wanted-jobs.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startAws({ roles: [] });
});
afterAll(() => aws.close());

const role = `arn:aws:iam::${account}:role/semaphore`;

async function isAllowed(job: Job, tags: boolean): Promise<boolean> {
  const body = new URLSearchParams({
    ...{ Action: 'AssumeRoleWithWebIdentity', Version: '2011-06-15', RoleArn: role, RoleSessionName: 'job-1' },
    WebIdentityToken: aws.mint(job, { tags }),
  });
  const { status } = await fetch(aws.url, { method: 'POST', body });
  return status === 200;
}

it('STS allows exactly the requested jobs, with real tokens', async () => {
  const ofAcme = wantedJobs.map((wanted) => ({ ...wanted, organization: 'acme', domain: 'semaphoreci.com' }));
  await fc.assert(
    fc.asyncProperty(ofAcme, async (wanted) => {
      aws.accounts.roles.splice(0, 1, { arn: role, trustPolicy: await trustPolicyFor(flagsOf(wanted)) });
      for (const job of jobsToAllow(wanted))
        expect(await isAllowed(job, wanted.sessionTags), JSON.stringify(job)).toBe(true);
      for (const job of jobsToDeny(wanted))
        expect(await isAllowed(job, wanted.sessionTags), JSON.stringify(job)).toBe(false);
    }),
    { numRuns: 5 },
  );
});
