import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import { furtherRoles, makeFurtherRoles } from '../aws-simulator/further-roles.ts';
import { type Job, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { expectRefusal } from './refusal.ts';
import { sourced } from './sourced.ts';

const aws = useAws({ roles: makeFurtherRoles() });

const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const audited = ['--then-role-arn', furtherRoles.audit, '--external-id', 'the-id'];

/** The variables that a login exports which is no plain one: a region, and nothing that could name a role. */
const regionsOnly = {
  AWS_REGION: 'eu-west-1',
  AWS_DEFAULT_REGION: 'eu-west-1',
  AWS_SDK_LOAD_CONFIG: '1',
  AWS_PAGER: '',
};

const stale = {
  AWS_PROFILE: 'stale',
  AWS_ACCESS_KEY_ID: 'stale',
  AWS_SECRET_ACCESS_KEY: 'stale',
  AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/stale',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/stale',
  AWS_ROLE_SESSION_NAME: 'stale',
};
const gone = Object.fromEntries(Object.keys(stale).map((name) => [name, undefined]));

describe('what was asked for reaches STS as it was given', () => {
  const policy = '{\n\t"Version": "2012-10-17",\r\n  "Statement": [ ],  "Id": "größe + & = %"\n}\n';

  it('duration and policies, at the login and for every client', async () => {
    const job = startJob(aws());
    const file = job.write('policy.json', policy);
    const own = 'arn:aws:iam::123456789012:policy/path/own';
    const flags = ['--duration', '7200', '--session-policy', file];
    const run = await job.login([...flags, '--session-policy-arn', readOnly, '--session-policy-arn', own]);
    rmSync(join(job.own, 'credentials.json'));
    const later = await job.run(['credentials']);
    const asked = {
      RoleArn: standardRoleArn,
      RoleSessionName: `semaphore-job-${job.id}`,
      DurationSeconds: '7200',
      Policy: policy,
      'PolicyArns.member.1.arn': readOnly,
      'PolicyArns.member.2.arn': own,
    };
    expect(run.exitCode, run.stderr).toBe(0);
    expect([...run.requests, ...later.requests]).toMatchObject([
      { action: 'AssumeRoleWithWebIdentity', parameters: asked, outcome: { kind: 'accepted' } },
      { action: 'AssumeRoleWithWebIdentity', parameters: asked, outcome: { kind: 'accepted' } },
    ]);
  });

  it('external id, source identity and tags, hop by hop', async () => {
    const job = startJob(aws());
    const run = await job.login([
      ...['--then-role-arn', furtherRoles.open, '--then-role-arn', furtherRoles.last, '--duration', '1800'],
      ...['--external-id', 'a:b/c', '--source-identity', 'semaphore+job', '--session-policy-arn', readOnly],
      ...['--session-tag', 'team=the web', '--session-tag', 'größe=a=b', '--session-tag', 'stage='],
      ...['--transitive-tag', 'stage'],
    ]);
    rmSync(join(job.own, 'credentials.json'));
    const later = await job.run(['credentials']);
    expect(run.exitCode, run.stderr).toBe(0);
    const sessionName = `semaphore-job-${job.id}`;
    const hops = [
      { Action: 'AssumeRoleWithWebIdentity', RoleArn: standardRoleArn, RoleSessionName: sessionName },
      {
        Action: 'AssumeRole',
        RoleArn: furtherRoles.open,
        RoleSessionName: sessionName,
        SourceIdentity: 'semaphore+job',
        'Tags.member.1.Key': 'stage',
        'Tags.member.1.Value': '',
        'TransitiveTagKeys.member.1': 'stage',
      },
      {
        Action: 'AssumeRole',
        RoleArn: furtherRoles.last,
        RoleSessionName: sessionName,
        DurationSeconds: '1800',
        ExternalId: 'a:b/c',
        'PolicyArns.member.1.arn': readOnly,
        'Tags.member.1.Key': 'team',
        'Tags.member.1.Value': 'the web',
        'Tags.member.2.Key': 'größe',
        'Tags.member.2.Value': 'a=b',
      },
    ];
    const asked = [...run.requests, ...later.requests].map(({ parameters }) => {
      const { Version: _version, WebIdentityToken: _token, ...rest } = parameters;
      return rest;
    });
    expect(asked).toEqual([...hops, ...hops]);
    expect(run.requests.every(({ outcome }) => outcome.kind === 'accepted')).toBe(true);
    const last = aws().sessions.issued.at(-1)?.session;
    expect(last?.sourceIdentity).toBe('semaphore+job');
    expect([...(last?.tags ?? [])].sort()).toEqual([
      ['größe', 'a=b'],
      ['stage', ''],
      ['team', 'the web'],
    ]);
  });
});

describe('a login that no web-identity profile can say', () => {
  const sectionOf = (job: Job, profile: string) => {
    const header = profile === 'default' ? '[default]' : `[profile ${profile}]`;
    const section = job.read('.aws/config')?.split(header)[1] ?? '';
    return section.trim().split('\n');
  };

  it.each([
    ['a duration', ['--duration', '900']],
    ['a managed session policy', ['--session-policy-arn', readOnly]],
    ['a chain', audited],
  ])('for %s asks this program for keys, and says why', async (_title, flags) => {
    const job = startJob(aws());
    const run = await job.login(flags, { environment: stale });
    expect(sectionOf(job, 'default')).toEqual([
      expect.stringMatching(
        new RegExp(
          `^credential_process = /\\S+( /\\S+\\.cjs)? credentials --profile default --job-directory ${job.own} --format process --login-id [0-9a-f]{16}$`,
        ),
      ),
      'region = eu-west-1',
    ]);
    expect(sourced(job, run, stale)).toEqual({ ...regionsOnly, ...gone });
    expect(run.stderr).toContain('  keys      fetched by sem-aws-login (credential_process)');
  });

  it('has its own name if it is given one', async () => {
    const job = startJob(aws());
    const run = await job.login([...audited, '--profile', 'audit'], { environment: stale });
    expect(sectionOf(job, 'audit')[0]).toContain(' credentials --profile audit ');
    expect(sourced(job, run, stale)).toEqual({ ...regionsOnly, ...gone, AWS_PROFILE: 'audit' });
    expect(run.stderr).toContain(`as audit, for `);
    expect(run.stderr).toContain(`  via role  ${standardRoleArn}\n`);
  });

  it('after a plain one takes its variables back', async () => {
    const job = startJob(aws());
    const first = sourced(job, await job.login());
    const environment = Object.fromEntries(Object.entries(first).map(([name, value]) => [name, value ?? '']));
    const run = await job.login(['--duration', '900'], { environment });
    const names = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_SESSION_NAME'];
    const { AWS_CONFIG_FILE: config = '', ...others } = sourced(job, run, environment);
    expect(others).toEqual(Object.fromEntries(names.map((name) => [name, undefined])));
    expect(readFileSync(config, 'utf8')).not.toContain('role_arn');
  });

  it('exports the keys of the last session with --export static', async () => {
    const job = startJob(aws());
    const run = await job.login([...audited, '--export', 'static']);
    const last = aws().sessions.issued.at(-1);
    expect(last?.arn).toContain(':assumed-role/audit/');
    expect(sourced(job, run)).toMatchObject({
      AWS_ACCESS_KEY_ID: last?.accessKeyId,
      AWS_SESSION_TOKEN: last?.session?.token,
    });
    expect(sourced(job, run)['AWS_ROLE_ARN']).toBeUndefined();
  });

  it('is gone after a logout, cache and all', async () => {
    const job = startJob(aws());
    await job.login(audited);
    await job.run(['credentials']);
    const run = await job.run(['logout']);
    expect(run.exitCode).toBe(0);
    expect(job.read('.aws/config')).toBeUndefined();
    expect(run.written['home/.sem-aws-login/jobs/JOB/credentials.json']).toBe('gone');
  });
});

describe('several roles', () => {
  const both = ['--role', `prod=${standardRoleArn}`, '--role', `default=${furtherRoles.staging}`];
  const login = (job: Job, flags: readonly string[], environment = {}) =>
    job.run(['--region', 'eu-west-1', ...flags], { environment });

  it('have a section each, no variable that names one, and one summary', async () => {
    const job = startJob(aws());
    const run = await login(job, both, stale);
    expect(job.read('.aws/config')?.match(/^(\[.*\]|role_arn.*|web_id.*|region.*)$/gm)).toEqual([
      '[profile prod]',
      `role_arn = ${standardRoleArn}`,
      `web_identity_token_file = ${join(job.own, 'token')}`,
      'region = eu-west-1',
      '[default]',
      `role_arn = ${furtherRoles.staging}`,
      `web_identity_token_file = ${join(job.own, 'token')}`,
      'region = eu-west-1',
    ]);
    expect(sourced(job, run, stale)).toEqual({ ...regionsOnly, ...gone });
    expect(run.stderr.split('\n')).toEqual([
      expect.stringMatching(/^sem-aws-login: logged in to 2 AWS roles, for 2\d h/),
      '  profile   "prod": role deploy in account 123456789012',
      '  profile   "default": role staging in account 123456789012',
      '  use       --profile prod or export AWS_PROFILE=prod; else "default"',
      expect.stringContaining('  expires   '),
      '  config    ~/.aws/config, region eu-west-1',
      `  session   semaphore-job-${job.id}`,
      expect.stringContaining('  endpoint  '),
      expect.stringContaining('  unset     '),
      expect.stringContaining('  env file  '),
      '',
    ]);
  });

  it('are all asked for before anything is written: one refused, and nothing is', async () => {
    const job = startJob(aws());
    const other = 'arn:aws:iam::123456789012:role/nobody';
    const run = await login(job, [...both, '--role', `third=${other}`]);
    expectRefusal(run, { exitCode: 5, headline: /^STS refused the login/, says: [`role ${other}`] });
    expect(new Set(run.requests.map(({ parameters }) => parameters['RoleArn'])).size).toBe(3);
  });

  it('are asked for at the same time', async () => {
    aws().fault({ kind: 'hang', times: 2 });
    const job = startJob(aws());
    const before = aws().requests.length;
    const started = job.start(['--region', 'eu-west-1', ...both]);
    while (aws().requests.length < before + 2) await sleep(10);
    started.kill('SIGTERM');
    const run = await started.ended;
    expect(run).toMatchObject({ exitCode: 143, written: {} });
    expect(run.requests.map(({ parameters }) => parameters['RoleArn']).sort()).toEqual([
      standardRoleArn,
      furtherRoles.staging,
    ]);
  });

  it('share a session policy, each asked of this program by its profile', async () => {
    const job = startJob(aws());
    await login(job, [...both, '--session-policy-arn', readOnly]);
    expect(job.read('.aws/config')).not.toContain('role_arn');
    rmSync(join(job.own, 'credentials.json'));
    for (const [profile, name] of [
      ['prod', 'deploy'],
      ['default', 'staging'],
    ]) {
      const run = await job.run(['credentials', '--profile', profile ?? '']);
      expect(run.requests).toMatchObject([{ parameters: { 'PolicyArns.member.1.arn': readOnly } }]);
      expect(aws().sessions.issued.at(-1)?.arn).toContain(`:assumed-role/${name}/`);
    }
    expect((await job.run(['credentials', '--profile', 'prod'])).requests).toEqual([]);
  });

  it('go together at a logout, and what stood comes back', async () => {
    const job = startJob(aws());
    const before = '# mine\n[profile web]\nregion = us-east-1\n';
    job.write('.aws/config', before);
    await login(job, both);
    await job.run(['logout']);
    expect(job.read('.aws/config')).toBe(before);
  });

  it.each([12, 4])('%i of them fit into ten lines', async (count) => {
    const flags = Array.from({ length: count }, (_, index) => ['--role', `p${index}=${standardRoleArn}`]).flat();
    const run = await login(startJob(aws()), [...flags, '--duration', '900'], { ...stale, AWS_REGION: undefined });
    expect(run.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
    expect(run.stderr).toContain(` and p${count - 1}\n`);
  });
});

describe('what STS refuses is explained', () => {
  it('a duration beyond the role’s maximum', async () => {
    const run = await startJob(aws()).login(['--role-arn', furtherRoles.staging, '--duration', '3601']);
    expectRefusal(run, {
      exitCode: 5,
      headline: /DurationSeconds exceeds the MaxSessionDuration/,
      says: ["longer than the role's maximum session duration", '--max-session-duration'],
    });
  });

  it('policies and tags that are too large once packed, with the figure', async () => {
    const job = startJob(aws());
    const policy = job.write('policy.json', JSON.stringify({ Statement: [], Id: 'x'.repeat(2000) }));
    const run = await job.login(['--session-policy', policy, '--session-policy-arn', readOnly]);
    expectRefusal(run, {
      exitCode: 5,
      headline: /Packed policy consumes 10\d% of allotted space/,
      says: [
        /take 10\d% of the space that STS allows/,
        'this limit is not the one of 2048 characters',
        `--session-policy-arn ${readOnly} --session-policy-arn arn:aws:iam::123456789012:policy/deploy-session)"`,
      ],
    });
  });

  it.each<[string, readonly string[], RegExp, readonly string[]]>([
    [
      'a chain without the external id that is wanted',
      ['--then-role-arn', furtherRoles.audit],
      /not authorized to perform: sts:AssumeRole/,
      [`for ${furtherRoles.audit}`, '(sts:ExternalId): --external-id'],
    ],
    [
      'a chain to a role that does not trust the one before',
      ['--then-role-arn', furtherRoles.last],
      /not authorized to perform: sts:AssumeRole/,
      [`for ${furtherRoles.last}`, "next role's trust policy must name the role that asks"],
    ],
    [
      'the second step of a chain',
      ['--then-role-arn', furtherRoles.open, '--then-role-arn', 'arn:aws:iam::345678901234:role/nobody'],
      /not authorized to perform: sts:AssumeRole/,
      ['assumed-role/open/', 'for arn:aws:iam::345678901234:role/nobody', 'STS granted the previous role'],
    ],
  ])('%s, with nothing written', async (_title, flags, headline, says) => {
    const run = await startJob(aws()).login(flags);
    expect(run.stderr).toMatch(/^sem-aws-login: STS refused the next role of the chain/);
    expectRefusal(run, { exitCode: 5, headline, says });
    expect(run.requests.at(0)).toMatchObject({ outcome: { kind: 'accepted' } });
  });

  it('a packed policy at the end of a chain as at the start', async () => {
    aws().fault({ kind: 'error', name: 'PackedPolicyTooLarge', action: 'AssumeRole' });
    const run = await startJob(aws()).login([...audited, '--session-policy-arn', readOnly]);
    expectRefusal(run, {
      exitCode: 5,
      headline: /118% of allotted space/,
      says: ['take 118% of the space that STS allows'],
    });
  });

  it.each([
    [
      'beyond an hour in a chain',
      [...audited, '--duration', '3601'],
      /limits the session of a chained role to one hour/,
    ],
    ['a source identity without a chain', ['--source-identity', 'me'], /does not support it/],
    ['a policy file that is not there', ['--session-policy', '/no/such'], /It does not exist/],
    ['a policy file that is a directory', ['--session-policy', '/'], /It cannot be read \(EISDIR\)/],
  ])('beforehand: %s', async (_title, flags, says) => {
    const run = await startJob(aws()).login(flags);
    expectRefusal(run, { exitCode: 2, headline: /cannot be used/, says: [says] });
    expect(run.requests).toEqual([]);
  });

  it('beforehand: roles of two partitions', async () => {
    const run = await startJob(aws()).login(['--then-role-arn', 'arn:aws-cn:iam::123456789012:role/deploy']);
    expectRefusal(run, {
      exitCode: 2,
      headline: /cannot be used together/,
      says: ['no regions or sessions in common'],
    });
  });
});
