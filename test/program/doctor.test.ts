import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../sts/aws.ts';
import { makeJob, subjectOf } from '../sts/job.ts';
import { publishIssuer } from './issuer.ts';
import { type Job, type Run, startJob, type Variables } from './job.ts';
import { useAws } from './local-aws.ts';
import { unwrapped } from './refusal.ts';

const aws = useAws();

interface JsonFinding {
  readonly check: string;
  readonly status: 'ok' | 'warn' | 'fail';
  readonly kind: string;
  readonly headline: string;
  readonly remedies: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

async function findingsOf(job: Job, args: readonly string[] = [], environment: Variables = {}) {
  const run = await job.run(['doctor', '--json', ...args], { environment });
  // The program's own schema; a wrong shape fails the expectations on it.
  const report = JSON.parse(run.stdout) as { schema: string; exitCode: number; findings: JsonFinding[] };
  const findings = (check: string) => report.findings.filter((finding) => finding.check === check);
  const statuses = (check: string) => findings(check).map(({ status, kind }) => `${status} ${kind}`);
  return { run, report, findings, statuses };
}

const lineOf = (run: Run, check: string) =>
  run.stdout.split('\n').find((line) => line.slice(6).startsWith(`${check} `));

const noAws = { AWS_ENDPOINT_URL_STS: undefined };

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
    const run = await job.run(['doctor', '--region', 'eu-west-1'], { environment });
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
    expect(run.stdout).toMatch(/\n10 ok, 0 to look at, 0 failed\n$/);
    expect(run).toMatchObject({ exitCode: 0, stderr: '', written: {} });
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
    expect(findings('token')[0]?.headline).toMatch(/^The token ended at /);
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
    expect(unwrapped(run.stdout)).toContain('STS never says which condition failed');
    expect(unwrapped(run.stdout)).toContain('it comes from the fork "mallory/web"');
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

describe('doctor and the files', () => {
  it('AWS_PROFILE names nothing', async () => {
    const { run, statuses } = await findingsOf(startJob(aws()), [], { AWS_PROFILE: 'gone' });
    expect(statuses('config')).toEqual(['fail profile-missing']);
    expect(statuses('clients')).toEqual(['fail clients-fail']);
    expect(run.exitCode).toBe(4);
  });

  it('a config file that boto3 refuses', async () => {
    const job = startJob(aws());
    job.write('.aws/config', '[default]\nregion = a\nregion = b\n');
    const { findings } = await findingsOf(job);
    expect(findings('config')[0]).toMatchObject({
      status: 'warn',
      kind: 'file-defect',
      data: { line: 3, why: 'key-twice' },
    });
  });

  it('a token file that is gone', async () => {
    const job = startJob(aws());
    job.write('.aws/config', '[default]\nrole_arn = x\nweb_identity_token_file = /nowhere/token\n');
    const { run, statuses } = await findingsOf(job);
    expect(statuses('token-file')).toEqual(['fail token-file-gone']);
    expect(run.exitCode).toBe(4);
  });

  it('a token file that ends with a newline', async () => {
    const job = startJob(aws());
    const file = job.write('token', 'x\n', 0o600);
    const { findings } = await findingsOf(job, [], { AWS_WEB_IDENTITY_TOKEN_FILE: file, AWS_ROLE_ARN: 'x' });
    expect(findings('token-file')[0]?.headline).toMatch(/ends with a newline$/);
  });

  it('a token file that everyone may read', async () => {
    const job = startJob(aws());
    const open = { AWS_WEB_IDENTITY_TOKEN_FILE: job.write('token', 'x', 0o644), AWS_ROLE_ARN: 'x' };
    expect((await findingsOf(job, [], open)).statuses('token-file')).toEqual(['warn open-to-all']);
    const closed = { AWS_WEB_IDENTITY_TOKEN_FILE: job.write('closed', 'x', 0o600), AWS_ROLE_ARN: 'x' };
    expect((await findingsOf(job, [], closed)).statuses('token-file')).toEqual(['ok token-file-good']);
  });

  it('a credentials file with keys that everyone may read', async () => {
    const job = startJob(aws());
    job.write('.aws/credentials', '[other]\naws_access_key_id = a\naws_secret_access_key = b\n', 0o644);
    expect((await findingsOf(job)).statuses('config')).toContain('warn open-to-all');
  });

  it('a config file that is a directory', async () => {
    const job = startJob(aws());
    const { run, statuses } = await findingsOf(job, [], { AWS_CONFIG_FILE: job.home });
    expect(statuses('config')[0]).toBe('fail failure');
    expect(run.exitCode).toBe(4);
  });

  it("another job's profile in a shared file", async () => {
    const first = startJob(aws());
    await first.login();
    const { findings } = await findingsOf(first, [], { SEMAPHORE_JOB_ID: '00000000-0000-4000-8000-000000000000' });
    expect(findings('leftovers')[0]).toMatchObject({
      status: 'warn',
      kind: 'foreign-section',
      data: { job: first.id },
    });
  });

  it('a directory that an ended job left', async () => {
    const job = startJob(aws(), { issuedIn: -90_000 });
    await job.login(['--no-verify', '--timeout', '1'], { environment: { SEM_AWS_LOGIN_NO_VERIFY: '1' } });
    const directory = join(job.home, '.sem-aws-login/jobs/ended');
    const marker = { form: 'sem-aws-login job 1', job: 'ended', expires: '2020-01-01T00:00:00Z', profiles: [] };
    job.write('.sem-aws-login/jobs/ended/login.json', JSON.stringify({ ...marker, environmentBefore: {} }), 0o600);
    const { findings } = await findingsOf(job);
    expect(findings('leftovers')[0]).toMatchObject({ kind: 'leftover-directories', data: { paths: [directory] } });
  });

  it.each([
    ['s3', undefined, 'warn cache-uses-default'],
    ['s3', 'cache', 'warn cache-lacks-profile'],
    ['gcs', undefined, 'ok cache-elsewhere'],
  ])('the cache backend %s with the profile %s', async (backend, profile, expected) => {
    const environment = { SEMAPHORE_CACHE_BACKEND: backend, SEMAPHORE_CACHE_AWS_PROFILE: profile };
    expect((await findingsOf(startJob(aws()), [], environment)).statuses('cache')).toEqual([expected]);
  });
});

describe('doctor and who would win', () => {
  it('nobody, before a login', async () => {
    const { statuses } = await findingsOf(startJob(aws()), [], { AWS_EC2_METADATA_DISABLED: 'true' });
    expect(statuses('clients')).toEqual(['warn clients-nobody']);
  });

  it('keys in the environment, before the login', async () => {
    const job = startJob(aws());
    await job.login();
    const keys = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
    const { findings, run } = await findingsOf(job, [], keys);
    expect(findings('clients')[0]).toMatchObject({ status: 'warn', kind: 'clients-outrank' });
    expect(run.stdout).not.toContain('AKIAEXAMPLE');
  });

  it('different clients as different people', async () => {
    const job = startJob(aws());
    await job.login();
    job.write('.aws/credentials', '[default]\naws_access_key_id = a\naws_secret_access_key = b\n');
    const run = await job.run(['doctor']);
    expect(lineOf(run, 'clients')).toMatch(/^warn {2}clients {7}Not all AWS clients would act as the same/);
    expect(unwrapped(run.stdout)).toContain(
      'JavaScript v3: the static keys of the profile "default" in the credentials file, before the profile "default"',
    );
    expect(unwrapped(run.stdout)).toContain('From documentation: ');
  });
});

describe('the age of a token', () => {
  it('is told as unknown where the token says nothing of it', async () => {
    const job = startJob(aws(), { claims: { iat: undefined, exp: undefined } });
    const run = await job.run(['doctor']);
    expect(lineOf(run, 'token')).toMatch(/^ok {4}token {9}SEMAPHORE_OIDC_TOKEN says neither when it was issued/);
  });
});

const issuer = 'https://acme.semaphoreci.com';
const policyFor = (subject: string, audience = issuer) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: 'arn:aws:iam::123456789012:oidc-provider/acme.semaphoreci.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'acme.semaphoreci.com:aud': audience, 'acme.semaphoreci.com:sub': subject } },
      },
    ],
  });
const main = subjectOf(makeJob('branch'));

describe('doctor --trust-policy', () => {
  it('lets this job in', async () => {
    const job = startJob(aws());
    const { run, statuses } = await findingsOf(job, ['--trust-policy', job.write('trust.json', policyFor(main))]);
    expect(statuses('trust-policy')).toEqual(['ok policy-decision']);
    expect(run.exitCode).toBe(0);
  });

  it('refuses this job: which condition, what it wants, what the token has, the corrected line', async () => {
    const job = startJob(aws());
    const file = job.write('trust.json', policyFor(main, `${issuer}/`));
    const run = await job.run(['doctor', '--trust-policy', file]);
    expect(run.exitCode).toBe(5);
    const text = unwrapped(run.stdout);
    expect(text).toContain('StringEquals on acme.semaphoreci.com:aud does not hold (statement 1, line 1)');
    expect(text).toContain(`wants "${issuer}/" has "${issuer}"`);
    expect(text).toContain(`Put this in its place: "acme.semaphoreci.com:aud": "${issuer}"`);
  });

  it('takes the answer of aws iam get-role on standard input, and the role’s account from it', async () => {
    const job = startJob(aws());
    const role = {
      Arn: 'arn:aws:iam::999999999999:role/deploy',
      AssumeRolePolicyDocument: JSON.parse(policyFor(main)),
    };
    const file = join(job.home, 'role.json');
    writeFileSync(file, JSON.stringify({ Role: role }));
    const run = await job.run(['doctor', '--trust-policy', '-'], {
      wrapper: ['/bin/bash', '-c', '"$0" "$@" < "$ROLE_FILE"'],
      environment: { ROLE_FILE: file },
    });
    expect(run.exitCode).toBe(5);
    expect(unwrapped(run.stdout)).toContain("The principal is another account's provider");
  });

  it('does not wait for a policy at a terminal', async () => {
    const run = await startJob(aws()).run(['doctor', '--trust-policy', '-'], { terminal: true });
    expect(run.exitCode).toBe(2);
    expect(unwrapped(run.stderr)).toContain('nobody types a policy there');
  });

  it('judges by --sub and --aud outside a job, and looks at nothing else', async () => {
    const outside = { SEMAPHORE_OIDC_TOKEN: undefined, SEMAPHORE_JOB_ID: undefined };
    const job = startJob(aws(), { environment: outside });
    const file = job.write('trust.json', policyFor(main));
    const judged = async (subject: string) =>
      await findingsOf(job, ['--trust-policy', file, '--aud', issuer, '--sub', subject]);
    const good = await judged(main);
    expect(good.report.findings.map(({ check, status }) => [check, status])).toEqual([['trust-policy', 'ok']]);
    expect(good.run.requests).toEqual([]);
    expect((await judged(main.replace('main', 'dev'))).run.exitCode).toBe(5);
  });

  it('without a token says what else it can be held against', async () => {
    const job = startJob(aws(), { environment: { SEMAPHORE_OIDC_TOKEN: undefined } });
    const { run, findings } = await findingsOf(job, ['--trust-policy', job.write('trust.json', policyFor(main))]);
    expect(findings('trust-policy')[0]?.remedies[0]).toMatch(/--aud .* --sub/);
    expect(run.exitCode).toBe(3);
  });

  it('judges by --claims', async () => {
    const job = startJob(aws(), { environment: { SEMAPHORE_OIDC_TOKEN: undefined } });
    const policy = job.write('trust.json', policyFor(main));
    const claims = job.write('claims.json', JSON.stringify({ iss: issuer, aud: issuer, sub: main }));
    const { statuses } = await findingsOf(job, ['--trust-policy', policy, '--claims', claims]);
    expect(statuses('trust-policy')).toEqual(['ok policy-decision']);
  });

  it.each([
    ['a policy that is none', '{', 5],
    ['a policy with a trailing comma', policyFor(main).replace('}}}]', '}},}]'), 5],
  ])('%s', async (_, text, exitCode) => {
    const job = startJob(aws());
    expect((await job.run(['doctor', '--trust-policy', job.write('trust.json', text)])).exitCode).toBe(exitCode);
  });

  it.each([
    ['a file that is not there', ['--trust-policy', '/nowhere.json'], 4, /Cannot read "\/nowhere.json" \(ENOENT\)/],
    ['claims without a policy', ['--sub', 'x'], 2, /--trust-policy is missing/],
    ['a subject without an audience', ['--trust-policy', 'FILE', '--sub', 'x'], 2, /--aud https/],
    ['claims that are none', ['--trust-policy', 'FILE', '--claims', 'FILE2'], 2, /not a JSON object/],
    ['a token in place of its claims', ['--trust-policy', 'FILE', '--claims', 'TOKEN'], 2, /not the token/],
  ])('%s is refused', async (_, args, exitCode, says) => {
    const job = startJob(aws(), { environment: { SEMAPHORE_OIDC_TOKEN: undefined } });
    const files = new Map([
      ['FILE', job.write('trust.json', policyFor(main))],
      ['FILE2', job.write('claims.json', '[1]')],
      ['TOKEN', job.write('token', job.token)],
    ]);
    const run = await job.run(['doctor', ...args.map((arg) => files.get(arg) ?? arg)]);
    expect(run.exitCode).toBe(exitCode);
    expect(unwrapped(run.stderr)).toMatch(says);
    expect(run.stdout).toBe('');
  });
});

describe('the form of the report', () => {
  it('in JSON has a schema, and every finding the same members', async () => {
    const { report } = await findingsOf(startJob(aws(), { job: 'tag', tags: true }));
    expect(report.schema).toBe('sem-aws-login doctor 1');
    for (const finding of report.findings) {
      expect(Object.keys(finding)).toEqual(
        expect.arrayContaining([
          'check',
          'status',
          'exitCode',
          'kind',
          'headline',
          'cause',
          'known',
          'paste',
          'remedies',
          'data',
        ]),
      );
      if (finding.status !== 'ok') expect([...finding.remedies, finding.kind]).not.toHaveLength(0);
    }
  });

  it('has colours on a terminal, unless NO_COLOR is set, and none in a pipe', async () => {
    const job = startJob(aws());
    const colour = '\u001b[';
    expect((await job.run(['doctor'], { terminal: true })).stdout).toContain(`${colour}32mok`);
    expect((await job.run(['doctor'], { terminal: true, environment: { NO_COLOR: '1' } })).stdout).not.toContain(
      colour,
    );
    expect((await job.run(['doctor'])).stdout).not.toContain(colour);
  });

  it('keeps within 80 columns but for values to copy, which stand alone', async () => {
    const job = startJob(aws(), { job: 'fork-pull-request', tags: true });
    const file = job.write('trust.json', policyFor(main, `${issuer}/`));
    const run = await job.run(['doctor', '--role-arn', standardRoleArn, '--trust-policy', file]);
    const long = run.stdout.split('\n').filter((line) => line.length > 80);
    expect(long.filter((line) => !/^ +(?:\w+ +)?(?:"[^"]+": )?\S+,?$/.test(line) && !/"[^"]+": /.test(line))).toEqual(
      [],
    );
  });
});
