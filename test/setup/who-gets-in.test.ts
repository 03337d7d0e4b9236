import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrustPolicy } from '../aws-simulator/trust-policy.ts';
import { refusalOf } from './judgement.ts';
import { trustPolicyFor } from './setup-run.ts';
import {
  exactNames,
  flagsOf,
  jobEnvironmentOf,
  jobOf,
  jobsToAllow,
  jobsToDeny,
  type WantedJobs,
  wantedJobs,
} from './wanted-jobs.ts';

function expectExactly(policy: TrustPolicy, wanted: WantedJobs): void {
  for (const job of jobsToAllow(wanted))
    expect(refusalOf(policy, job, wanted.sessionTags), `should allow ${JSON.stringify(job)}`).toBeUndefined();
  for (const job of jobsToDeny(wanted))
    expect(refusalOf(policy, job, wanted.sessionTags), `should deny ${JSON.stringify(job)}`).toBeDefined();
  for (const job of jobsToAllow(wanted)) {
    const refusal = refusalOf(policy, job, wanted.sessionTags, 'sts.amazonaws.com');
    expect(refusal, 'should deny a token with another audience').toBeDefined();
  }
}

describe('the role allows exactly the requested jobs', () => {
  it('named by options, outside a job', async () => {
    await fc.assert(
      fc.asyncProperty(wantedJobs, async (wanted) => expectExactly(await trustPolicyFor(flagsOf(wanted)), wanted)),
      { numRuns: 1000 },
    );
  });

  it("named by the job's own token", async () => {
    const own = fc.record({ wanted: wantedJobs, kind: fc.constantFrom('branches', 'tags'), name: exactNames });
    await fc.assert(
      fc.asyncProperty(own, async ({ wanted: project, kind, name }) => {
        const wanted = { ...project, repository: 'web', branches: [], tags: [], pullRequests: false, [kind]: [name] };
        const facts =
          kind === 'tags'
            ? { refType: 'tag', ref: `refs/tags/${name}`, branch: `refs/tags/${name}` }
            : { refType: 'branch', ref: `refs/heads/${name}`, branch: name };
        const environment = jobEnvironmentOf(jobOf(wanted, facts), wanted.sessionTags);
        expectExactly(await trustPolicyFor([], environment), wanted);
      }),
      { numRuns: 200 },
    );
  });

  it('uses StringLike only for a requested *, or if it is unavoidable', async () => {
    await fc.assert(
      fc.asyncProperty(wantedJobs, async (wanted) => {
        const text = JSON.stringify(await trustPolicyFor(flagsOf(wanted)));
        const patterns = [...wanted.branches, ...wanted.tags].some((name) => name.includes('*'));
        const references = wanted.branches.length + wanted.tags.length > 0;
        const needsPattern = patterns || wanted.pullRequests || (references && wanted.repository === undefined);
        expect(text.includes('"StringLike"')).toBe(needsPattern);
        expect(text).not.toMatch(/IfExists|ForAllValues|ForAnyValue|Not|"\*"/);
      }),
      { numRuns: 200 },
    );
  });
});
