import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTrustPolicy } from './account.ts';
import { type LocalAws, standardAccount, standardRoleArn, startAws } from './aws.ts';
import { claimsOf } from './claims.ts';
import type { TokenChanges } from './issuer.ts';
import { type JobDescription, makeJob } from './semaphore-job.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws.close());

const credentials = { accessKeyId: 'unused', secretAccessKey: 'unused' };

function clientOf(keys = credentials): STSClient {
  return new STSClient({ endpoint: aws.url, region: 'eu-west-1', maxAttempts: 1, credentials: keys });
}

async function assume(token: string, changes: { RoleArn?: string; RoleSessionName?: string } = {}) {
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: standardRoleArn,
    RoleSessionName: 'semaphore-job-1',
    WebIdentityToken: token,
    ...changes,
  });
  return clientOf().send(command);
}

function lastOutcome() {
  return aws.requests.at(-1)?.outcome;
}

describe('a valid token', () => {
  it.each<[string, JobDescription, TokenChanges]>([
    ['of a branch', 'branch', {}],
    ['of a promotion', 'promotion', {}],
    ['of a scheduled task', 'scheduled', {}],
    ['of a debugged job', 'debug-job', {}],
    ['with session tags', 'branch', { tags: true }],
    [
      'with a list of audiences',
      'branch',
      { claims: { aud: ['https://other.example', 'https://acme.semaphoreci.com'] } },
    ],
  ])('%s is accepted', async (_name, job, changes) => {
    const answer = await assume(aws.mint(job, changes));
    expect(answer).toMatchObject({
      Audience: 'https://acme.semaphoreci.com',
      Provider: 'arn:aws:iam::123456789012:oidc-provider/acme.semaphoreci.com',
      AssumedRoleUser: { Arn: 'arn:aws:sts::123456789012:assumed-role/deploy/semaphore-job-1' },
      Credentials: { AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/) },
    });
    expect(lastOutcome()).toEqual({ kind: 'accepted' });
  });

  it('gives keys that sign', async () => {
    const { Credentials: keys } = await assume(aws.mint('branch'));
    const identity = await clientOf({
      accessKeyId: keys?.AccessKeyId ?? '',
      secretAccessKey: keys?.SecretAccessKey ?? '',
      ...{ sessionToken: keys?.SessionToken },
    }).send(new GetCallerIdentityCommand());
    expect(identity).toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:sts::123456789012:assumed-role/deploy/semaphore-job-1',
    });
  });
});

describe('an invalid token', () => {
  const invalid = 'InvalidIdentityTokenException';
  const subject = /StringLike acme.semaphoreci.com:sub wants/;
  it.each<[string, JobDescription, TokenChanges, string, RegExp, RegExp?]>([
    ['changed after signing', 'branch', { forgery: 'tampered' }, invalid, /could not be validated/],
    ['unsigned', 'branch', { forgery: 'none' }, invalid, /not a valid JWT/, /not RS256/],
    ['signed with the public key as a secret', 'branch', { forgery: 'hs256' }, invalid, /not a valid JWT/, /not RS256/],
    ['signed by another key', 'branch', { forgery: 'foreign-key' }, invalid, /could not be validated/],
    ['of an unknown key', 'branch', { forgery: 'unknown-key' }, invalid, /^Couldn't retrieve verification key/, /kid/],
    [
      'expired',
      'branch',
      { issuedIn: -86_400 },
      'ExpiredTokenException',
      /^Token expired: current date\/time \d+ must/,
    ],
    ['not valid yet', 'branch', { issuedIn: 3600 }, invalid, /not valid yet/],
    ['for another audience', 'branch', { claims: { aud: 'sts.amazonaws.com' } }, invalid, /^Incorrect token audience$/],
    [
      'for the audience with a trailing slash',
      'branch',
      { claims: { aud: 'https://acme.semaphoreci.com/' } },
      invalid,
      /^Incorrect token audience$/,
    ],
    ['without an audience', 'branch', { claims: { aud: undefined } }, invalid, /^Missing a required claim: aud$/],
    ['without a subject', 'branch', { claims: { sub: undefined } }, invalid, /^Missing a required claim: sub$/],
    [
      'of another issuer',
      { organization: 'other' },
      {},
      invalid,
      /^No OpenIDConnect provider found in your account for https:\/\/other.semaphoreci.com$/,
    ],
    ['of a tag', 'tag', {}, 'AccessDenied', /^Not authorized to perform sts:AssumeRoleWithWebIdentity$/, subject],
    ['of a pull request', 'pull-request', {}, 'AccessDenied', /^Not authorized/, subject],
    ["of a fork's pull request", 'fork-pull-request', {}, 'AccessDenied', /^Not authorized/, subject],
    ['of a debugged project', 'debug-project', {}, 'AccessDenied', /^Not authorized/, subject],
    ['of another project', { projectId: 'e1' }, {}, 'AccessDenied', /^Not authorized/, subject],
  ])('%s is refused', async (_name, job, changes, errorName, message, reason = /./) => {
    const error = await assume(aws.mint(job, changes)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: errorName, message: expect.stringMatching(message) });
    expect(lastOutcome()).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason) });
  });

  it('with tags is rejected if the role’s policy does not allow sts:TagSession', async () => {
    const RoleArn = `${standardRoleArn}-untagged`;
    const trustPolicy = makeTrustPolicy({ roleArn: RoleArn, issuer: 'https://acme.semaphoreci.com', subject: 'org:*' });
    aws.accounts.roles.push({ arn: RoleArn, trustPolicy });
    await expect(assume(aws.mint('branch'), { RoleArn })).resolves.toHaveProperty('Credentials');
    await expect(assume(aws.mint('branch', { tags: true }), { RoleArn })).rejects.toThrow(/^Not authorized/);
    expect(lastOutcome()).toMatchObject({ reason: expect.stringMatching(/^sts:TagSession: /) });
  });

  it('is rejected if its issuer is unreachable, because no key can verify it', async () => {
    const issuer = 'https://gone.semaphoreci.com';
    aws.accounts.providers.push({ account: standardAccount, issuer, audiences: [issuer] });
    await expect(assume(aws.mint({ organization: 'gone' }))).rejects.toThrow(/^Couldn't retrieve verification key/);
    expect(lastOutcome()).toMatchObject({ reason: expect.stringMatching(/no server for https:\/\/gone/) });
  });

  it('with a trailing newline is rejected', async () => {
    await expect(assume(`${aws.mint('branch')}\n`)).rejects.toThrow(/not a valid JWT/);
  });
});

describe('a request with invalid parameters', () => {
  it.each([
    [
      { RoleSessionName: 'a' },
      "1 validation error detected: Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    [
      { RoleSessionName: 'two words' },
      String.raw`1 validation error detected: Value 'two words' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`,
    ],
    [{ RoleArn: 'arn:aws:iam::1234:role/deploy' }, 'Request ARN is invalid'],
    [{ RoleArn: `${standardRoleArn}-not` }, 'Not authorized to perform sts:AssumeRoleWithWebIdentity'],
  ])('%o is refused', async (changes, message) => {
    const error = await assume(aws.mint('branch'), changes).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message });
  });
});

describe('the claims of a job', () => {
  it.each<[JobDescription, Record<string, string>]>([
    [
      'branch',
      {
        ref_type: 'branch',
        ref: 'refs/heads/main',
        branch: 'main',
        sub127: 'acme:936a5312-a3b8-4921-8b3f-2cec8baac574:web:br:heads/main',
      },
    ],
    ['tag', { ref_type: 'tag', ref: 'refs/tags/v1', branch: 'refs/tags/v1' }],
    ['pull-request', { ref_type: 'pull-request', branch: 'main', pr: '7', pr_branch: 'feature' }],
    ['debug-project', { ref_type: '', ref: '', branch: 'master', repo_slug: '', job_type: 'project_debug_job' }],
    ['debug-job', { ref_type: 'branch', ref: 'refs/heads/main', job_type: 'debug_job' }],
    ['promotion', { ref_type: 'branch', trg: 'h:f-n:f' }],
  ])('%s: %o', (job, expected) => {
    expect(claimsOf(makeJob(job), 0, false)).toMatchObject({
      ...expected,
      exp: 86_400,
      iss: 'https://acme.semaphoreci.com',
    });
  });
});
