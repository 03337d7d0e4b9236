import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrustPolicy } from '../aws-simulator/trust-policy.ts';
import { refusalOf } from './judgement.ts';
import { documentOf } from './setup-run.ts';
import {
  account,
  exactNames,
  flagsOf,
  jobEnvironmentOf,
  jobOf,
  jobsToKeepOut,
  jobsToLetIn,
  type Wish,
  wishes,
} from './wanted-jobs.ts';

async function policyFor(args: readonly string[], environment: Record<string, string> = {}): Promise<TrustPolicy> {
  const text = await documentOf([...args, '--format', 'json', '--account-id', account], environment);
  return JSON.parse(text).CreateRole.AssumeRolePolicyDocument;
}

function expectExactly(policy: TrustPolicy, wish: Wish): void {
  for (const job of jobsToLetIn(wish))
    expect(refusalOf(policy, job, wish.sessionTags), `should let in ${JSON.stringify(job)}`).toBeUndefined();
  for (const job of jobsToKeepOut(wish))
    expect(refusalOf(policy, job, wish.sessionTags), `should keep out ${JSON.stringify(job)}`).toBeDefined();
  for (const job of jobsToLetIn(wish)) {
    const refusal = refusalOf(policy, job, wish.sessionTags, 'sts.amazonaws.com');
    expect(refusal, 'should keep out a token for somebody else').toBeDefined();
  }
}

describe('who gets in is who was asked for, and nobody else', () => {
  it('by flags, outside a job', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, async (wish) => expectExactly(await policyFor(flagsOf(wish)), wish)),
      { numRuns: 1000 },
    );
  });

  it("by the job's own token", async () => {
    const own = fc.record({ wish: wishes, kind: fc.constantFrom('branches', 'tags'), name: exactNames });
    await fc.assert(
      fc.asyncProperty(own, async ({ wish: project, kind, name }) => {
        const wish = { ...project, repository: 'web', branches: [], tags: [], pullRequests: false, [kind]: [name] };
        const facts =
          kind === 'tags'
            ? { refType: 'tag', ref: `refs/tags/${name}`, branch: `refs/tags/${name}` }
            : { refType: 'branch', ref: `refs/heads/${name}`, branch: name };
        const environment = jobEnvironmentOf(jobOf(wish, facts), wish.sessionTags);
        expectExactly(await policyFor([], environment), wish);
      }),
      { numRuns: 200 },
    );
  });

  it('StringLike stands only where a * was asked for, or cannot be avoided', async () => {
    await fc.assert(
      fc.asyncProperty(wishes, async (wish) => {
        const text = JSON.stringify(await policyFor(flagsOf(wish)));
        const patterns = [...wish.branches, ...wish.tags].some((name) => name.includes('*'));
        const references = wish.branches.length + wish.tags.length > 0;
        const wanted = patterns || wish.pullRequests || (references && wish.repository === undefined);
        expect(text.includes('"StringLike"')).toBe(wanted);
        expect(text).not.toMatch(/IfExists|ForAllValues|ForAnyValue|Not|"\*"/);
      }),
      { numRuns: 200 },
    );
  });
});
