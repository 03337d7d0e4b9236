import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, standardRoleArn, startAws } from './aws.ts';
import { type ErrorName, namedErrors, strangeBodies } from './fault.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startAws();
});
afterEach(() => aws.clearFaults());
afterAll(() => aws.close());

async function assume(changes: Record<string, string> = {}, signal: AbortSignal | null = null): Promise<Response> {
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: standardRoleArn,
    RoleSessionName: 'job',
    WebIdentityToken: aws.mint('branch'),
    ...changes,
  });
  return fetch(aws.url, { method: 'POST', body, signal });
}

function sdkAssume(maxAttempts: number) {
  const credentials = { accessKeyId: 'unused', secretAccessKey: 'unused' };
  const client = new STSClient({ endpoint: aws.url, region: 'eu-west-1', maxAttempts, credentials });
  const token = aws.mint('branch');
  return client.send(
    new AssumeRoleWithWebIdentityCommand({ RoleArn: standardRoleArn, RoleSessionName: 'job', WebIdentityToken: token }),
  );
}

describe('a fault', () => {
  it.each(Object.keys(namedErrors) as ErrorName[])('gives the error %s with its status', async (name) => {
    aws.fault({ kind: 'error', name });
    const answer = await assume();
    expect(answer.status).toBe(namedErrors[name][0]);
    expect(await answer.text()).toContain(`<Code>${name}</Code>`);
  });

  it('never answers', async () => {
    aws.fault({ kind: 'hang' });
    await expect(assume({}, AbortSignal.timeout(200))).rejects.toThrow(/timeout/);
    expect(aws.requests.at(-1)?.outcome).toEqual({ kind: 'pending' });
  });

  it('cuts the connection before the answer', async () => {
    aws.fault({ kind: 'break-off', when: 'before' });
    await expect(assume()).rejects.toThrow('fetch failed');
  });

  it('cuts the connection in the middle of the answer', async () => {
    aws.fault({ kind: 'break-off', when: 'middle' });
    const answer = await assume();
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow('terminated');
  });

  it.each([
    ['nothing', strangeBodies.empty, 200, ''],
    ['a captive portal', strangeBodies.captivePortal, 200, 'sign in'],
    ["a gateway's page", strangeBodies.badGateway, 502, 'Bad Gateway'],
  ])('answers with %s', async (_name, fault, status, text) => {
    aws.fault(fault);
    const answer = await assume();
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(text);
  });

  it('answers late', async () => {
    aws.fault({ kind: 'delay', milliseconds: 300 });
    await expect(assume({}, AbortSignal.timeout(100))).rejects.toThrow(/timeout/);
  });

  it('uses another clock for its decisions', async () => {
    aws.fault({ kind: 'clock', seconds: 25 * 3600 });
    const answer = await assume();
    expect(Date.parse(answer.headers.get('date') ?? '') - Date.now()).toBeGreaterThan(24 * 3600 * 1000);
    expect(await answer.text()).toContain('<Code>ExpiredTokenException</Code>');
  });
});

describe('a script of faults', () => {
  it('fails as often as set, then works', async () => {
    aws.fault({ kind: 'error', name: 'Throttling', times: 2 });
    const before = aws.requests.length;
    await expect(sdkAssume(3)).resolves.toHaveProperty('Credentials');
    const outcomes = aws.requests.slice(before).map(({ outcome }) => outcome.kind);
    expect(outcomes).toEqual(['refused', 'refused', 'accepted']);
  });

  it('can affect one action only, and always', async () => {
    aws.fault({ kind: 'error', name: 'ServiceUnavailable', times: 'always', action: 'AssumeRoleWithWebIdentity' });
    const statuses = [(await assume()).status, (await assume({ Action: 'Nothing' })).status, (await assume()).status];
    expect(statuses).toEqual([503, 400, 503]);
  });
});

describe('the record of requests', () => {
  it('has each request and its real result', async () => {
    await sdkAssume(1);
    expect(aws.requests.at(-1)).toMatchObject({
      action: 'AssumeRoleWithWebIdentity',
      parameters: { RoleArn: standardRoleArn, RoleSessionName: 'job', Version: '2011-06-15' },
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      userAgent: expect.stringContaining('aws-sdk-js/'),
      outcome: { kind: 'accepted' },
    });
  });
});

describe('session policies', () => {
  const policy = (length: number) => JSON.stringify({ Version: '2012-10-17', Statement: [], Id: 'x'.repeat(length) });
  it.each<[string, Record<string, string>, string]>([
    ['a valid policy', { Policy: policy(100) }, '<PackedPolicySize>'],
    ['not JSON', { Policy: '{' }, '<Code>MalformedPolicyDocument</Code>'],
    ['no statement', { Policy: '{}' }, '<Code>MalformedPolicyDocument</Code>'],
    ['too long', { Policy: policy(2100) }, 'Member must have length less than or equal to 2048'],
    [
      'too large together',
      { Policy: policy(1900), 'PolicyArns.member.1.arn': `arn:aws:iam::aws:policy/${'x'.repeat(200)}` },
      '<Code>PackedPolicyTooLarge</Code>',
    ],
    ['an invalid ARN', { 'PolicyArns.member.1.arn': 'ReadOnlyAccess' }, '<Code>ValidationError</Code>'],
    ['too short a duration', { DurationSeconds: '899' }, 'Member must have value greater than or equal to 900'],
    ['a duration above the maximum of the role', { DurationSeconds: '3601' }, 'exceeds the MaxSessionDuration'],
  ])('%s', async (_name, changes, expected) => {
    expect(await (await assume(changes)).text()).toContain(expected);
  });
});
