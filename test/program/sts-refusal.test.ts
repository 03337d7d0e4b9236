import { describe, expect, it } from 'vitest';
import { makeTrustPolicy } from '../aws-simulator/account.ts';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import type { ErrorName, Fault } from '../aws-simulator/fault.ts';
import type { TokenChanges } from '../aws-simulator/issuer.ts';
import { type JobDescription, makeJob, subjectOf } from '../aws-simulator/semaphore-job.ts';
import { startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { expectRefusal } from './refusal.ts';

const aws = useAws();

const issuer = 'https://acme.semaphoreci.com';

describe('an error of STS, and the number of requests', () => {
  it.each<[name: ErrorName, exitCode: 5 | 6, asked: RegExp, says: RegExp]>([
    ['AccessDenied', 5, /^3$/, /STS says only "Not authorized .*Likely causes, the likeliest first/],
    ['ExpiredTokenException', 5, /^1$/, /including time in the queue/],
    ['IDPRejectedClaim', 5, /^1$/, /no longer valid/],
    ['MalformedPolicyDocument', 5, /^1$/, /cannot parse the session policy/],
    ['PackedPolicyTooLarge', 5, /^1$/, /Shorten the session policy/],
    ['RegionDisabledException', 5, /^1$/, /Use another region: source .* --region us-east-1\)"/],
    ['ValidationError', 5, /^1$/, /rejected a parameter of the request/],
    ['IDPCommunicationError', 6, /^[2-9]$/, /acme.semaphoreci.com\/.well-known\/openid-configuration/],
    ['InvalidIdentityToken', 6, /^[2-9]$/, /could not fetch the issuer's keys.*1\. The organization's IP allow list/],
    ['Throttling', 6, /^[2-9]$/, /many jobs that start together/],
    ['RequestLimitExceeded', 6, /^[2-9]$/, /many jobs that start together/],
    ['InternalFailure', 6, /^[2-9]$/, /AWS had an internal error/],
    ['ServiceUnavailable', 6, /^[2-9]$/, /AWS had an internal error/],
  ])('%s ends the login with %i', async (name, exitCode, asked, says) => {
    aws().fault({ kind: 'error', name, times: 'always' });
    const run = await startJob(aws()).login(exitCode === 6 ? ['--timeout', '1'] : []);
    const headline = exitCode === 5 ? 'STS refused the login to role deploy (' : 'STS could not answer now (';
    expectRefusal(run, { exitCode, headline, says: [says, new RegExp(`\\(${name}\\)`)] });
    expect(String(run.requests.length)).toMatch(asked);
  });
});

describe('a denied login shows what STS compared', () => {
  it("for a fork's pull request", async () => {
    const description = makeJob('fork-pull-request');
    const run = await startJob(aws(), { job: description }).login();
    expectRefusal(run, {
      exitCode: 5,
      headline:
        'STS refused the login to role deploy (AccessDenied) STS says only "Not authorized to perform sts:AssumeRoleWithWebIdentity".',
      says: [
        `role ${standardRoleArn}`,
        'this job pull request of project web (936a5312…), organization acme',
        'fork mallory/web',
        `"acme.semaphoreci.com:aud": "${issuer}"`,
        `"acme.semaphoreci.com:sub": "${subjectOf({ ...description, ref: '*' })}"`,
        /trust policy/,
        /1\. .*For one of a fork, keep it so.*To keep forks out, leave the role as it is/,
        `aws iam get-role --role-name deploy | sem-aws-login doctor --trust-policy - --sub '${subjectOf(description)}' --aud '${issuer}'`,
      ],
    });
  });

  it('with only the token’s claims that a trust policy can name', async () => {
    const run = await startJob(aws(), { job: 'tag', claims: { email: 'someone@example.com' } }).login();
    expectRefusal(run, { exitCode: 5, headline: 'STS refused the login' });
    expect(run.stderr).not.toContain('someone@example.com');
  });

  it('with the tags that need sts:TagSession', async () => {
    const run = await startJob(aws(), { job: 'pull-request', tags: true }).login();
    expectRefusal(run, { exitCode: 5, headline: 'STS refused', says: [/tags prj_id, repo, branch/, /sts:TagSession/] });
  });

  it.each<[what: string, job: JobDescription, changes: TokenChanges, says: RegExp]>([
    [
      'an issuer without a provider in the account',
      { organization: 'other' },
      {},
      /no identity provider for this token's issuer/,
    ],
    [
      'another audience',
      'branch',
      { claims: { aud: `${issuer}/` } },
      /add-client-id-to-open-id-connect-provider .* --client-id https:\/\/acme\.semaphoreci\.com\/$/,
    ],
    ['no subject', 'branch', { claims: { sub: undefined } }, /requires a claim that this token does not have, "sub"/],
    [
      'a signature that is not the issuer’s',
      'branch',
      { forgery: 'foreign-key' },
      /signature does not match the issuer's keys/,
    ],
    ['no signature', 'branch', { forgery: 'none' }, /signature does not match the issuer's keys/],
  ])('with a token that has %s', async (_, job, changes, says) => {
    const run = await startJob(aws(), { job, ...changes }).login();
    expectRefusal(run, { exitCode: 5, headline: 'STS refused the login', says: [/InvalidIdentityToken/, says] });
    expect(run.requests).toHaveLength(1);
  });

  it('with the difference of the clocks', async () => {
    aws().fault({ kind: 'clock', seconds: 25 * 3600 });
    const run = await startJob(aws()).login();
    expectRefusal(run, { exitCode: 5, headline: 'STS refused', says: [/clock this machine is 2[45] h.* behind AWS/] });
  });

  it('with a role of another account that does not exist', async () => {
    const run = await startJob(aws()).login(['--role-arn', 'arn:aws:iam::210987654321:role/deploy']);
    expectRefusal(run, { exitCode: 5, headline: 'STS refused', says: [/Account 210987654321/, /fix the role's ARN/] });
  });
});

describe('a temporary error', () => {
  it.each<[what: string, faults: Fault[]]>([
    ['throttling', [{ kind: 'error', name: 'Throttling', times: 2 }]],
    ['a fault of AWS', [{ kind: 'error', name: 'ServiceUnavailable' }]],
    ['an issuer that AWS could not reach', [{ kind: 'error', name: 'IDPCommunicationError' }]],
    ['a key that AWS could not fetch', [{ kind: 'error', name: 'InvalidIdentityToken' }]],
    ['a connection that breaks off', [{ kind: 'break-off', when: 'before' }]],
    ['an answer that breaks off', [{ kind: 'break-off', when: 'middle' }]],
    ['a gateway without its server', [{ kind: 'body', status: 502, contentType: 'text/html', body: '<h1>502</h1>' }]],
    ['a role that is new', [{ kind: 'error', name: 'AccessDenied', times: 2 }]],
  ])('%s: the login retries and works, without a message', async (_, faults) => {
    aws().fault(...faults);
    const run = await startJob(aws()).login();
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.requests.length).toBeGreaterThan(1);
    expect(run.stderr).not.toContain('warning');
  });

  it('--wait retries until a role exists', async () => {
    const role = 'arn:aws:iam::123456789012:role/new';
    const started = startJob(aws()).start(['--role-arn', role, '--region', 'eu-west-1', '--wait', '30']);
    await started.whenAsked();
    const subject = subjectOf(makeJob('branch'));
    aws().accounts.roles.push({ arn: role, trustPolicy: makeTrustPolicy({ roleArn: role, issuer, subject }) });
    expect(await started.ended).toMatchObject({ exitCode: 0 });
  });

  it('--wait ends, and reports the number of requests', async () => {
    const run = await startJob(aws(), { job: 'pull-request' }).login(['--wait', '2']);
    const [progress, ...message] = run.stderr.split('\n');
    expect(progress).toMatch(
      /^sem-aws-login: STS denies role deploy \(AccessDenied\); retrying for [12] s \(--wait\)$/,
    );
    expectRefusal(
      { ...run, stderr: message.join('\n') },
      { exitCode: 5, headline: 'STS refused the login', says: [/trust policy/] },
    );
    expect(run.requests.length).toBeGreaterThan(1);
  });

  it('--wait with --quiet shows no progress', async () => {
    const run = await startJob(aws(), { job: 'pull-request' }).login(['--wait', '2', '--quiet']);
    expectRefusal(run, { exitCode: 5, headline: 'STS refused the login', says: [] });
  });
});
