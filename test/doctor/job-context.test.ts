import { describe, expect, test } from 'vitest';
import { checkContext } from '../../src/doctor/context.ts';
import { parseClaims } from '../../src/semaphore/claims.ts';
import { type JobContext, makeJob, subjectOf } from '../aws-simulator/semaphore-job.ts';

const claimsFor = (context: JobContext, sub: string | undefined = subjectOf(makeJob(context))) =>
  parseClaims({ iss: 'https://acme.semaphoreci.com', aud: 'https://acme.semaphoreci.com', sub }, 'a1');

describe('the context of a job, as a trust policy sees it', () => {
  test.each<[job: JobContext, context: string, status: string]>([
    ['branch', 'branch', 'ok'],
    ['promotion', 'branch', 'ok'],
    ['scheduled', 'branch', 'ok'],
    ['debug-job', 'branch', 'ok'],
    ['tag', 'tag', 'ok'],
    ['pull-request', 'pull-request', 'ok'],
    ['fork-pull-request', 'pull-request', 'ok'],
    ['debug-project', 'project-debug', 'ok'],
  ])('%s: %s', (job, context, status) => {
    expect(checkContext(claimsFor(job), undefined)).toMatchObject({ status, facts: { context } });
  });

  test('a fork is known from the environment, and is a warning', () => {
    const finding = checkContext(claimsFor('fork-pull-request'), 'mallory/web');
    expect(finding).toMatchObject({ status: 'warn', facts: { context: 'fork' } });
    expect(finding.text.paste?.intro).toContain('fits this commit only');
  });

  test('a token without a subject fails', () => {
    const { sub: _, ...claims } = claimsFor('branch');
    const finding = checkContext({ ...claims, sub: undefined }, undefined);
    expect(finding).toMatchObject({ status: 'fail', exitCode: 5 });
    expect(finding.text.remedies?.join()).toMatch(/OpenID Connect settings/);
  });

  test('an unknown form of the subject is a warning', () => {
    expect(checkContext(claimsFor('branch', 'org:acme:environment:prod'), undefined)).toMatchObject({
      status: 'warn',
      facts: { context: 'unknown' },
    });
  });
});
