import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import type { Fault } from '../aws-simulator/fault.ts';
import { makeFurtherRoles } from '../aws-simulator/further-roles.ts';
import { startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { expectRefusal, unwrapped } from './refusal.ts';

const aws = useAws({ roles: makeFurtherRoles() });

/** STS under AWS's own name, reached through a proxy whose certificate the job trusts. */
const atAws = () => ({ AWS_ENDPOINT_URL_STS: undefined, ...aws().proxyEnvironment });

interface Parts {
  readonly arn?: string;
  readonly accessKeyId?: string;
  readonly secret?: string;
  readonly sessionToken?: string;
  readonly expiration?: string;
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

function session({
  arn = 'arn:aws:sts::123456789012:assumed-role/deploy/SESSION',
  accessKeyId = 'ASIASECRETSECRET0',
  secret = 'secret-key-secret-key',
  sessionToken = 'session-token-session-token',
  expiration = inAnHour(),
}: Parts = {}): Fault {
  const body = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId>
<SecretAccessKey>${secret}</SecretAccessKey><SessionToken>${sessionToken}</SessionToken>
<Expiration>${expiration}</Expiration></Credentials><AssumedRoleUser><Arn>${arn}</Arn></AssumedRoleUser>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
  return { kind: 'body', status: 200, contentType: 'text/xml', body, times: 'always' };
}

describe('a session of another role', () => {
  const name = ['--session-name', 'SESSION'];
  const withPath = ['--role-arn', 'arn:aws:iam::123456789012:role/team/ci/deploy', '--region', 'eu-west-1', ...name];

  it.each([
    ['in another account', 'arn:aws:sts::999999999999:assumed-role/deploy/SESSION'],
    ['with another name', 'arn:aws:sts::123456789012:assumed-role/admin/SESSION'],
    ['in another partition', 'arn:aws-cn:sts::123456789012:assumed-role/deploy/SESSION'],
    ['with another session name', 'arn:aws:sts::123456789012:assumed-role/deploy/other'],
    ['that is no session', 'arn:aws:iam::123456789012:role/deploy'],
    ['that is no ARN', 'deploy'],
  ])('%s: AWS cannot return it, and the login fails', async (_, arn) => {
    aws().fault(session({ arn }));
    const run = await startJob(aws(), { environment: atAws() }).login(name);
    expectRefusal(run, {
      exitCode: 6,
      headline: 'STS returned a session that was not requested',
      says: [`returned ${arn.replace(/\s+/g, ' ')}`, standardRoleArn, /HTTPS_PROXY/],
    });
    expect(run.stderr).not.toMatch(/secret|session-token/i);
  });

  it('is not one whose role has a path, which the session does not show', async () => {
    aws().fault(session());
    const run = await startJob(aws(), { environment: atAws() }).run(withPath);
    expect(run).toMatchObject({ exitCode: 0 });
  });

  it('is allowed where the endpoint is not AWS’s: such ARNs have other forms', async () => {
    aws().fault(session({ arn: 'arn:aws:sts:::assumed-role/deploy/SESSION' }));
    expect(await startJob(aws()).login(name)).toMatchObject({ exitCode: 0 });
  });

  it('fails a check by doctor too', async () => {
    aws().fault(session({ arn: 'arn:aws:sts::999999999999:assumed-role/deploy/SESSION' }));
    const run = await startJob(aws(), { environment: atAws() }).run(['doctor', '--role-arn', standardRoleArn]);
    expect(unwrapped(run.stdout + run.stderr)).toContain('STS returned a session that was not requested');
  });
});

describe('session keys that cannot be AWS’s are not used', () => {
  it.each<[what: string, Parts]>([
    ['a line break in the key', { secret: 'secret&#10;AWS_PROFILE=admin' }],
    ['a carriage return in the token', { sessionToken: 'session&#13;token' }],
    ['a space in the token', { sessionToken: 'session token' }],
    ['a tab in the key id', { accessKeyId: 'ASIA&#9;SECRET' }],
    ['a C1 control character in the key', { secret: 'secret&#x85;secret' }],
    ['a letter beyond ASCII in the key', { secret: 'secret\u00e9' }],
    ['an expiration in the past', { expiration: '1999-01-01T00:00:00Z' }],
    ['an expiration a second ago', { expiration: new Date(Date.now() - 1000).toISOString() }],
  ])('%s', async (_, parts) => {
    aws().fault(session(parts));
    const run = await startJob(aws()).login(['--session-name', 'SESSION', '--timeout', '1']);
    expectRefusal(run, { exitCode: 6, headline: 'Cannot reach STS', says: [/answer does not come from STS/] });
    expect(run.stderr).not.toMatch(/secret|session token|admin/i);
  });

  it('whose line break would otherwise set a variable of its own', async () => {
    const job = startJob(aws());
    expect(await job.login(['--duration', '900'])).toMatchObject({ exitCode: 0 });
    // Without the cache, STS is asked.
    rmSync(join(job.own, 'credentials.json'), { force: true });
    aws().fault(session({ secret: 'secret&#10;LD_PRELOAD=/tmp/x.so' }));
    const run = await job.run(['credentials', '--format', 'env', '--timeout', '1']);
    expect(run).toMatchObject({ exitCode: 6, stdout: '' });
  });
});

describe('a refusal without STS’s envelope', () => {
  const body = (text: string, status = 403): Fault => ({
    kind: 'body',
    status,
    contentType: 'application/xml',
    body: `<?xml version="1.0" encoding="UTF-8"?>${text}`,
    times: 'always',
  });
  const plain =
    '<Error><Code>AccessDenied</Code><Message>Not &lt;you&gt;</Message><RequestId>tx0001-a</RequestId><HostId>b-c-d</HostId></Error>';

  it.each([
    ['as Ceph sends it', plain],
    ['with a namespace', plain.replace('<Error>', '<Error xmlns="http://s3.amazonaws.com/doc/2006-03-01/">')],
    ['with a prefix', plain.replace(/(<\/?)(\w)/g, '$1x:$2').replace('<x:Error>', '<x:Error xmlns:x="urn:x">')],
    ['inside <Response><Errors>', `<Response><Errors>${plain}</Errors><RequestID>tx0001-a</RequestID></Response>`],
  ])('%s is one', async (_, text) => {
    aws().fault(body(text));
    const run = await startJob(aws()).login();
    expectRefusal(run, {
      exitCode: 5,
      headline: 'STS refused the login to role deploy (AccessDenied) STS says only "Not <you>".',
    });
    expect(run.requests).toHaveLength(3);
  });

  it('can have no message', async () => {
    aws().fault(body('<Error><Code>InvalidIdentityToken</Code><Message></Message></Error>', 400));
    const run = await startJob(aws()).login();
    expectRefusal(run, { exitCode: 5, headline: /^STS refused the login.*\(InvalidIdentityToken\)/ });
  });

  it('is retried if it passes by itself', async () => {
    aws().fault(body('<Error><Code>SlowDown</Code></Error>', 503));
    const run = await startJob(aws()).login(['--timeout', '1']);
    expectRefusal(run, { exitCode: 6, headline: 'STS could not answer now' });
    expect(run.requests.length).toBeGreaterThan(1);
  });

  it.each([
    ['a page that mentions one', 403, '<html><body><Error><Code>AccessDenied</Code></Error></body></html>'],
    ['one whose code is no name', 403, `<Error><Code>${'a'.repeat(200)}</Code></Error>`],
    ['one in an answer that is a success', 200, plain],
  ])('is not %s', async (_, status, text) => {
    aws().fault(body(text, status));
    const run = await startJob(aws()).login(['--timeout', '1']);
    expectRefusal(run, { exitCode: 6, headline: 'Cannot reach STS' });
  });
});

describe('HTTP 429', () => {
  it.each([
    ['with STS’s XML', { kind: 'error', name: 'Throttling' } as const],
    ['without it', { kind: 'body', status: 429, contentType: 'text/html', body: '<h1>Slow down</h1>' } as const],
  ])('%s is retried', async (_, fault) => {
    aws().fault({ ...fault, times: 'always' });
    const run = await startJob(aws()).login(['--timeout', '3']);
    expect(run.exitCode).toBe(6);
    expect(run.requests.length).toBeGreaterThan(2);
  });
});
