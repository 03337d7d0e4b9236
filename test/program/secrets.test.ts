import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import { goodArguments, startJob } from './job-run.ts';
import { leaksOf } from './leak.ts';
import { useAws } from './local-aws.ts';
import { unwrapped } from './refusal.ts';
import { snapshotOf } from './snapshot.ts';

// `job-run.ts` checks every run for leaks. These runs are the likeliest to leak.
const aws = useAws();

const role = ['--role-arn', standardRoleArn];

describe('a token in the wrong place is not printed', () => {
  it.each<[args: (token: string) => readonly string[]]>([
    [(token) => ['--role-arn', token]],
    [(token) => ['--role-arn', `arn:${token}:iam::123456789012:role/x`]],
    [(token) => ['--role-arn', `arn:aws:iam::${token}:role/x`]],
    [(token) => ['--role-arn', `arn:aws:iam::123456789012:${token}`]],
    [(token) => ['--role-arn', `arn:aws:iam::123456789012:role/${token}/x y`]],
    [(token) => [...role, '--region', token]],
    [(token) => [...role, '--region', `Bearer ${token}`]],
    [(token) => [...role, '--region', `"${token}"`]],
    [(token) => [...role, '--region', token.slice(0, 150)]],
    [(token) => [...role, '--region', token.split('.')[1] ?? '']],
    [(token) => [...role, '--profile', token]],
    [(token) => [...role, '--session-name', token]],
    [(token) => [...role, '--token-env', token]],
    [(token) => [...role, `--token-env=$${token}`]],
    [(token) => [...role, '--token-file', token]],
    [(token) => [...role, '--token-file', `/${token}`]],
    [(token) => [...role, '--token', token]],
    [(token) => [...role, `--token=${token}`]],
    [(token) => [...role, `--${token}`]],
    [(token) => [...role, `-${token}`]],
    [(token) => [...role, token]],
    [(token) => [token, ...role]],
    [(token) => [...role, '--export', token]],
    [(token) => [...role, '--shell', token]],
    [(token) => [...role, '--timeout', token]],
    [(token) => [...role, '--wait', token]],
    [(token) => [...role, `--quiet=${token}`]],
    [(token) => ['logout', token]],
  ])('%s', async (args) => {
    const job = startJob(aws());
    const run = await job.run(args(job.token));
    expect(run.exitCode).toBeGreaterThan(1);
    expect(run).toMatchObject({ written: {}, requests: [] });
  });

  it.each([
    'SEM_AWS_LOGIN_ROLE_ARN',
    'SEM_AWS_LOGIN_REGION',
    'SEM_AWS_LOGIN_TOKEN_ENV',
    'SEM_AWS_LOGIN_TOKEN_FILE',
    'SEM_AWS_LOGIN_SESSION_NAME',
    'SEM_AWS_LOGIN_QUIET',
    'SEM_AWS_LOGIN_HOME',
    'SEMAPHORE_JOB_ID',
    'AWS_REGION',
    'AWS_CONFIG_FILE',
    'AWS_SHARED_CREDENTIALS_FILE',
    'AWS_CA_BUNDLE',
    'AWS_ENDPOINT_URL_STS',
    'AWS_USE_FIPS_ENDPOINT',
    'HTTPS_PROXY',
    'HOME',
    'TMPDIR',
  ])('in %s', async (name) => {
    const job = startJob(aws());
    const endpoint = name === 'AWS_CA_BUNDLE' ? aws().tlsUrl : name === 'HTTPS_PROXY' ? undefined : aws().url;
    const run = await job.run(name.endsWith('ROLE_ARN') ? [] : [...role, '--timeout', '1'], {
      environment: { AWS_ENDPOINT_URL_STS: endpoint, [name]: job.token },
    });
    expect(run.exitCode).not.toBe(1);
  });

  it('in the host of a URL, which is printed in lower case', async () => {
    const job = startJob(aws());
    const [, payload = ''] = job.token.split('.');
    const run = await job.login(['--timeout', '1'], {
      environment: { AWS_ENDPOINT_URL_STS: `https://${payload.slice(0, 60)}.invalid` },
    });
    expect(run.exitCode).toBe(6);
    expect(run.stderr).toContain('https://[token]');
  });
});

describe('an invalid token is not printed', () => {
  it.each<[what: string, spoil: (token: string) => string]>([
    ['truncated', (token) => token.slice(0, -400)],
    ['without its first character', (token) => token.slice(1)],
    ['with another before it', (token) => `${token}${token}`],
    ['as a header', (token) => `Bearer ${token}`],
    ['in quotes', (token) => `"${token}"`],
    ['in two lines', (token) => `${token.slice(0, 100)}\n${token.slice(100)}`],
    ['in JSON', (token) => JSON.stringify({ token })],
    ['in base64', (token) => Buffer.from(token).toString('base64')],
  ])('%s', async (_, spoil) => {
    const job = startJob(aws());
    const given = spoil(job.token);
    const before = snapshotOf(job.directory);
    const run = await job.login([], { environment: { SEMAPHORE_OIDC_TOKEN: given } });
    expect(run).toMatchObject({ exitCode: 3, written: {}, requests: [] });
    const { stdout, stderr } = run;
    expect(
      leaksOf({ token: job.token, sessions: [], stdout, stderr, argv: '', before, after: before, keysExported: false }),
    ).toEqual([]);
  });
});

describe('a response with the token in it does not leak it', () => {
  it('in its message', async () => {
    const job = startJob(aws());
    aws().fault({ kind: 'error', name: 'ValidationError', message: `Bad input: WebIdentityToken=${job.token}&x` });
    expect(await job.login()).toMatchObject({ exitCode: 5, written: {} });
  });

  it.each<[what: string, contentType: string, body: (token: string) => string]>([
    [
      'in its code',
      'text/xml',
      (token) => `<ErrorResponse><Error><Code>${token}</Code><Message>m</Message></Error></ErrorResponse>`,
    ],
    ['in a page', 'text/html', (token) => `<html>You sent ${token}</html>`],
    ['in its type', 'TOKEN', () => ''],
    [
      'as the key of a session',
      'text/xml',
      (token) =>
        `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>${token}</AccessKeyId></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`,
    ],
  ])('%s', async (_, contentType, body) => {
    const job = startJob(aws());
    const type = contentType.replace('TOKEN', job.token);
    for (const status of [200, 400]) {
      aws().fault({ kind: 'body', status, contentType: type, body: body(job.token), times: 1 });
      const run = await job.login(['--timeout', '1']);
      expect(run).toMatchObject({ written: {} });
      expect(run.exitCode).toBeGreaterThan(4);
    }
  });
});

describe('a response that is almost a session', () => {
  const session = (
    expiration: string,
  ) => `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIASECRETSECRET0</AccessKeyId>
<SecretAccessKey>secret-key-secret-key</SecretAccessKey><SessionToken>session-token-session-token</SessionToken>
<Expiration>${expiration}</Expiration></Credentials><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/x/y</Arn></AssumedRoleUser>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

  it.each(['', 'tomorrow', '2026-13-45T99:99:99Z', '+300000-01-01T00:00:00Z', '99999999999999999'])(
    'with the expiration "%s": its keys are not shown',
    async (expiration) => {
      aws().fault({ kind: 'body', status: 200, contentType: 'text/xml', body: session(expiration), times: 'always' });
      const run = await startJob(aws()).login(['--timeout', '1']);
      expect(run).toMatchObject({ exitCode: 6, written: {} });
      expect(unwrapped(run.stderr)).toContain('The answer does not come from STS');
      expect(run.stderr).not.toMatch(/secret|session-token/i);
    },
  );
});

describe('what other users can see', () => {
  it('contains no token of a login, from a variable or a file', async () => {
    const job = startJob(aws());
    expect(await job.run(goodArguments)).toMatchObject({ exitCode: 0 });
    const file = job.write('token', job.token, 0o600);
    expect(await job.login(['--token-file', file], { environment: { OTHER_TOKEN: job.token } })).toMatchObject({
      exitCode: 0,
    });
  });

  it('contains no secret in Node’s own logs', async () => {
    const environment = { ...aws().tlsEnvironment, NODE_DEBUG: '*', NODE_DEBUG_NATIVE: '*' };
    const run = await startJob(aws(), { environment }).login(['--export', 'static']);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stderr).toMatch(/^TLS \d+: /m);
  });

  it('is searched by a function that finds secrets', () => {
    const token = `${'h'.repeat(40)}.${'p'.repeat(400)}.${'s'.repeat(40)}`;
    const nothing = new Map();
    const exposure = {
      token,
      sessions: [],
      stdout: '',
      stderr: '',
      argv: '',
      before: nothing,
      after: nothing,
      keysExported: false,
    };
    const file = (path: string, content: string) => new Map([[path, { mode: '600', content, identity: '' }]]);
    expect(leaksOf({ ...exposure, stderr: `x${token.slice(100, 135)}y`.toUpperCase() })).toEqual([
      'stderr holds the token',
    ]);
    expect(leaksOf({ ...exposure, argv: token })).toEqual(['argv holds the token']);
    expect(leaksOf({ ...exposure, after: file('home/.aws/config', token) })).toEqual([
      'home/.aws/config holds the token',
    ]);
    expect(leaksOf({ ...exposure, after: file('home/.sem-aws-login/jobs/x/token', token) })).toEqual([]);
  });
});
