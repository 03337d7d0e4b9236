import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import { findingsOf, lineOf, noAws } from './doctor-findings.ts';
import { startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { publishIssuer } from './published-issuer.ts';
import { unwrapped } from './refusal.ts';

const aws = useAws();

describe('doctor in a job where all is well', () => {
  it('has a line for every check, changes nothing and ends with 0', async () => {
    const job = startJob(aws());
    await job.login();
    const network = await publishIssuer(aws());
    const environment = {
      ...noAws,
      ...network,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
    };
    const run = await job.run(['doctor', '--verbose', '--region', 'eu-west-1'], { environment });
    const names = [
      'token',
      'context',
      'issuer',
      'sts',
      'clock',
      'config',
      'token-file',
      'leftovers',
      'cache',
      'clients',
    ];
    expect(names.map((name) => lineOf(run, name)?.slice(0, 6).trim())).toEqual(names.map(() => 'ok'));
    expect(run.stdout).toMatch(/\n10 passed\n$/);
    expect(run).toMatchObject({ exitCode: 0, stderr: '', written: {} });
    const short = await job.run(['doctor', '--region', 'eu-west-1'], { environment });
    expect(unwrapped(short.stdout)).toBe(`ok ${names.join(', ')} (details: --verbose) 10 passed`);
  });

  it('escapes what a terminal would obey in the claims, in the JSON report too', async () => {
    const sub = 'org:acme:\u009b31m\u007f\u202etxt\u2066\u200f\u061c\u2028:é';
    const { run, report } = await findingsOf(startJob(aws(), { claims: { sub } }));
    expect(run.stdout).not.toMatch(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
    expect(JSON.stringify(report)).toContain(JSON.stringify(sub));
  });

  it('asks for no session unless a role is given', async () => {
    const run = await startJob(aws()).run(['doctor']);
    expect(run.requests.map(({ action }) => action)).toEqual(['GetCallerIdentity']);
  });

  it('with --role-arn asks STS for it, and writes nothing', async () => {
    const { run, statuses } = await findingsOf(startJob(aws()), ['--role-arn', standardRoleArn]);
    expect(statuses('role')).toEqual(['ok role-granted']);
    expect(run.requests.map(({ action }) => action).sort()).toEqual(['AssumeRoleWithWebIdentity', 'GetCallerIdentity']);
    expect(run.written).toEqual({});
  });
});

describe('doctor says what is wrong, and ends as the first failure does', () => {
  it('no token: everything else is looked at all the same', async () => {
    const { run, report, statuses } = await findingsOf(
      startJob(aws(), { environment: { SEMAPHORE_OIDC_TOKEN: undefined } }),
    );
    expect(run.exitCode).toBe(3);
    expect(report.exitCode).toBe(3);
    expect(statuses('token')).toEqual(['fail failure']);
    expect(statuses('sts')).toEqual(['warn sts-reachable']);
    expect(statuses('context')).toEqual([]);
  });

  it('a token that has ended', async () => {
    const { run, findings } = await findingsOf(startJob(aws(), { issuedIn: -90_000 }));
    expect(run.exitCode).toBe(3);
    expect(findings('token')[0]?.headline).toMatch(/^The token expired at /);
  });

  it('a token that ends soon is a warning', async () => {
    const { run, statuses } = await findingsOf(startJob(aws(), { issuedIn: -85_000 }));
    expect(statuses('token')).toEqual(['warn token-ends-soon']);
    expect(run.exitCode).toBe(0);
  });

  it('a role of another partition than the region: STS is not asked for it', async () => {
    const args = ['--role-arn', 'arn:aws-cn:iam::123456789012:role/x', '--region', 'eu-west-1'];
    const environment = { ...noAws, ...aws().proxyEnvironment };
    const { run, statuses, findings } = await findingsOf(startJob(aws()), args, environment);
    expect(statuses('role')).toEqual(['fail failure']);
    expect(findings('role')[0]?.headline).toMatch(/^The role is in the partition "aws-cn"/);
    expect(statuses('sts')).toEqual(['ok sts-reachable']);
    expect(run.exitCode).toBe(2);
    expect(run.requests.map(({ action }) => action)).toEqual(['GetCallerIdentity']);
  });

  it('a role that does not let the job in: the refusal, explained', async () => {
    const job = startJob(aws(), { job: 'fork-pull-request' });
    const run = await job.run(['doctor', '--role-arn', standardRoleArn]);
    expect(run.exitCode).toBe(5);
    expect(unwrapped(run.stdout)).toContain('STS says only "Not authorized to perform sts:AssumeRoleWithWebIdentity"');
    expect(unwrapped(run.stdout)).toContain('This job runs the code of the fork "mallory/web"');
    expect(run.written).toEqual({});
  });

  it('an STS out of reach', async () => {
    const { run, statuses } = await findingsOf(startJob(aws()), [], {
      AWS_ENDPOINT_URL_STS: 'https://sts.nowhere.invalid',
    });
    expect(statuses('sts')).toEqual(['fail sts-unreachable-now']);
    expect(statuses('clock')).toEqual(['warn clock-unknown']);
    expect(run.exitCode).toBe(6);
  });

  it('a proxy that lets nobody through', async () => {
    aws().proxy.refuse(403);
    const { run, findings } = await findingsOf(startJob(aws()), [], { ...noAws, HTTPS_PROXY: aws().proxy.url });
    aws().proxy.refuse();
    expect(findings('sts')[0]?.headline).toMatch(/the proxy answered HTTP 403$/);
    expect(run.exitCode).toBe(6);
  });

  it('an STS that never answers', async () => {
    aws().fault({ kind: 'hang', times: 'always' });
    const { run, findings } = await findingsOf(startJob(aws()), ['--timeout', '1']);
    expect(findings('sts')[0]?.headline).toMatch(/no answer in time$/);
    expect(findings('sts')[0]?.remedies.join()).toContain('To wait longer: --timeout 4');
    expect(run.stdout).toContain('within 1 s');
    expect(run.exitCode).toBe(6);
  });

  it('an STS that is none', async () => {
    aws().fault({ kind: 'body', status: 200, contentType: 'text/html', body: '<h1>Welcome</h1>', times: 'always' });
    const { run, statuses } = await findingsOf(startJob(aws()));
    expect(statuses('sts')).toEqual(['fail sts-unreachable-now']);
    expect(run.exitCode).toBe(6);
  });

  it('a clock that is off', async () => {
    aws().fault({ kind: 'clock', seconds: 7200, times: 'always' });
    const { findings } = await findingsOf(startJob(aws()));
    expect(findings('clock')[0]).toMatchObject({ status: 'warn', kind: 'clock-wrong' });
    expect(findings('clock')[0]?.headline).toMatch(/behind AWS/);
  });

  it('a CA bundle that is not there fails what needs it, and nothing else', async () => {
    const environment = { AWS_ENDPOINT_URL_STS: aws().tlsUrl, AWS_CA_BUNDLE: '/nowhere/ca.pem' };
    const { run, statuses } = await findingsOf(startJob(aws()), [], environment);
    expect(statuses('sts')).toEqual(['fail failure']);
    expect(statuses('cache')).toEqual(['ok cache-elsewhere']);
    expect(run.exitCode).toBe(4);
  });
});

describe('doctor and the issuer', () => {
  it.each<[what: string, answers: Parameters<typeof publishIssuer>[1], forgery: boolean, expected: string]>([
    ['serves the key of the token', undefined, false, 'ok issuer-holds-key'],
    ['lacks the key of the token', undefined, true, 'fail issuer-lacks-key'],
    ['answers 404', () => ({ status: 404, body: '' }), false, 'fail issuer-wrong-answer'],
    ['answers with a page', () => ({ status: 200, body: '<html>' }), false, 'fail issuer-wrong-answer'],
    [
      'names another issuer',
      () => ({ status: 200, body: '{"issuer":"https://other.semaphoreci.com"}' }),
      false,
      'fail issuer-wrong-answer',
    ],
    [
      'has no address of keys',
      () => ({ status: 200, body: '{"issuer":"https://acme.semaphoreci.com"}' }),
      false,
      'fail issuer-wrong-answer',
    ],
    [
      'has no keys',
      (path) => (path.endsWith('jwks.json') ? { status: 200, body: '{}' } : undefined),
      false,
      'fail issuer-wrong-answer',
    ],
  ])('an issuer that %s', async (_, answers, forged, expected) => {
    const job = startJob(aws(), forged ? { forgery: 'unknown-key' } : {});
    const { run, statuses } = await findingsOf(job, [], { ...noAws, ...(await publishIssuer(aws(), answers)) });
    expect(statuses('issuer')).toEqual([expected]);
    expect(run.exitCode).toBe(expected.startsWith('ok') ? 0 : 5);
  });

  it('one that cannot be reached from here is a warning, since AWS fetches the keys itself', async () => {
    const environment = { HTTPS_PROXY: aws().proxy.url, AWS_CA_BUNDLE: aws().authorityFile };
    const { run, statuses } = await findingsOf(startJob(aws()), [], environment);
    expect(statuses('issuer')).toEqual(['warn issuer-unreachable']);
    expect(run.exitCode).toBe(0);
  });

  it('one that is not https is none for AWS', async () => {
    const { statuses } = await findingsOf(startJob(aws(), { claims: { iss: 'http://acme.semaphoreci.com' } }));
    expect(statuses('issuer')).toEqual(['fail issuer-not-https']);
  });
});

describe('the age of a token', () => {
  it('is told as unknown where the token says nothing of it', async () => {
    const job = startJob(aws(), { claims: { iat: undefined, exp: undefined } });
    const run = await job.run(['doctor', '--verbose']);
    expect(lineOf(run, 'token')).toMatch(/^ok {4}token {9}SEMAPHORE_OIDC_TOKEN has no time of issue and does not/);
  });
});
