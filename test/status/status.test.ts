import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config-file/read.ts';
import type { AwsFiles } from '../../src/doctor/aws-files.ts';
import type { JobRecord, RecordedEnvironment, RecordedProfile } from '../../src/login/job-record.ts';
import { statusReportLines } from '../../src/status/report.ts';
import { makeLoginStatus, type StatusInputs } from '../../src/status/status.ts';
import { makePlainHop } from '../../src/sts/role-chain.ts';
import type { RoleHop } from '../../src/world/sts.ts';

const now = new Date('2026-11-22T20:15:00Z');
const config = '/home/me/.aws/config';
const tokenFile = '/own/jobs/j1/token';
const deploy = 'arn:aws:iam::123456789012:role/deploy';
const tested = 'AWS CLI, boto3, JavaScript, Ruby and Go';

interface Case {
  readonly profiles?: readonly RecordedProfile[];
  readonly exported?: Partial<RecordedEnvironment> | undefined;
  readonly environment?: StatusInputs['environment'];
  readonly text?: string;
  readonly tokenEnds?: Date | undefined;
}

function profileOf(profile = 'default', hop: Partial<RoleHop> = {}, further: readonly RoleHop[] = []): RecordedProfile {
  const first = { ...makePlainHop(deploy, 'semaphore-job-j1'), ...hop };
  const undo = { profile, job: 'j1', keys: [], written: '', original: undefined, blankLines: '' };
  const recipe = { chain: { first, further }, tokenFile, region: 'eu-west-1' };
  return { config, profile, madeFile: false, undo, undoEarlier: undefined, recipe };
}

function inputsOf({ profiles = [profileOf()], exported, environment = {}, text = section('default'), ...more }: Case) {
  const environments = exported && [
    { config, envFile: '/own/jobs/j1/env', unset: [], exports: [], keys: undefined, ...exported },
  ];
  const record: JobRecord = {
    job: 'j1',
    expires: now,
    profiles,
    environmentBefore: {},
    owners: [],
    envFileId: undefined,
    environments: environments ?? [],
  };
  const expires = 'tokenEnds' in more ? more.tokenEnds : new Date('2026-11-23T20:00:00Z');
  const awsFiles: AwsFiles = {
    config: { path: config, file: readConfig(text), failure: undefined },
    credentials: { path: '/home/me/.aws/credentials', file: undefined, failure: undefined },
  };
  const login = { directory: '/own/jobs/j1', record, token: { path: tokenFile, expires, failure: undefined } };
  return {
    job: 'j1',
    login: { ...login, sessionEnds: () => undefined },
    environment: { AWS_EC2_METADATA_DISABLED: 'true', ...environment },
    awsFiles,
    leftoverVariables: [],
    now,
  };
}

function section(profile: string, role = deploy): string {
  const header = profile === 'default' ? '[default]' : `[profile ${profile}]`;
  return `${header}\nrole_arn = ${role}\nweb_identity_token_file = ${tokenFile}\nrole_session_name = semaphore-job-j1\n`;
}

const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'x' };

describe('the state of a login', () => {
  test.each<readonly [what: string, given: Case, state: string, remedy: string | undefined]>([
    ['the profile is found', { exported: {} }, 'logged-in', undefined],
    ['the record is of an older version', {}, 'logged-in', undefined],
    ['static keys, with a record of an older version', { environment: keys }, 'not-in-use', loginLine()],
    [
      'static keys, which the env file unsets',
      { exported: { unset: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] }, environment: keys },
      'not-in-use',
      'source /own/jobs/j1/env',
    ],
    ['static keys, after --export none', { exported: {}, environment: keys }, 'not-in-use', loginLine()],
    [
      'a region of its own',
      { exported: { exports: [['AWS_REGION', 'eu-west-1']] }, environment: { AWS_REGION: 'us-east-1' } },
      'logged-in',
      'source /own/jobs/j1/env',
    ],
    [
      'a pager of its own',
      { exported: { exports: [['AWS_PAGER', '']] }, environment: { AWS_PAGER: 'less' } },
      'logged-in',
      undefined,
    ],
    [
      'no profile, but the variables',
      {
        exported: {},
        text: '',
        environment: {
          AWS_ROLE_ARN: deploy,
          AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
          AWS_ROLE_SESSION_NAME: 'semaphore-job-j1',
        },
      },
      'logged-in',
      undefined,
    ],
    [
      'another role in the profile',
      { exported: {}, text: section('default', `${deploy}2`) },
      'not-in-use',
      loginLine(),
    ],
    [
      'the env file cannot repair the profile',
      { exported: { exports: [['AWS_REGION', 'eu-west-1']] }, text: '' },
      'not-in-use',
      loginLine(),
    ],
    [
      'an env file of PowerShell',
      { exported: { envFile: 'C:\\own dir\\env.ps1', unset: ['AWS_PROFILE'] }, environment: { AWS_PROFILE: 'x' } },
      'not-in-use',
      ". 'C:\\own dir\\env.ps1'",
    ],
    ['a token that expires now', { exported: {}, tokenEnds: now }, 'token-expired', undefined],
    ['a token without an end', { exported: {}, tokenEnds: undefined }, 'logged-in', undefined],
    [
      'several roles, none chosen',
      {
        exported: {},
        profiles: [profileOf('a'), profileOf('b', { roleArn: `${deploy}2` })],
        text: section('a') + section('b', `${deploy}2`),
      },
      'logged-in',
      undefined,
    ],
    [
      'several roles, one chosen',
      {
        exported: {},
        profiles: [profileOf('a'), profileOf('b', { roleArn: `${deploy}2` })],
        text: section('a') + section('b', `${deploy}2`),
        environment: { AWS_PROFILE: 'b' },
      },
      'logged-in',
      undefined,
    ],
    [
      'several roles, one removed',
      { exported: {}, profiles: [profileOf('a'), profileOf('b', { roleArn: `${deploy}2` })], text: section('a') },
      'not-in-use',
      `source "$(sem-aws-login --role a=${deploy} --role b=${deploy}2 --region eu-west-1)"`,
    ],
    [
      'a profile of credential_process that another login wrote',
      {
        exported: {},
        profiles: [profileOf('default', { durationSeconds: 900 })],
        text: '[default]\ncredential_process = sem-aws-login credentials --login-id 0123456789abcdef\n',
      },
      'not-in-use',
      loginLine('--duration 900'),
    ],
    [
      'a chain that is gone',
      {
        exported: {},
        profiles: [profileOf('default', {}, [makePlainHop(`${deploy}2`, 'semaphore-job-j1')])],
        text: '',
      },
      'not-in-use',
      loginLine(`--then-role-arn ${deploy}2`),
    ],
    [
      'a session policy, whose file is not known',
      { exported: {}, profiles: [profileOf('default', { policy: '{}' })], text: '' },
      'not-in-use',
      loginLine('--session-policy FILE'),
    ],
    [
      'a session name of its own',
      { exported: {}, profiles: [profileOf('default', { sessionName: 'mine' })], text: '' },
      'not-in-use',
      loginLine('--session-name mine'),
    ],
  ])('%s', (_what, given, state, remedy) => {
    expect(makeLoginStatus(inputsOf(given))).toMatchObject({ state, remedy });
  });

  function loginLine(more = ''): string {
    return `source "$(sem-aws-login --role-arn ${deploy} --region eu-west-1${more === '' ? '' : ` ${more}`})"`;
  }
});

describe('the report', () => {
  const linesOf = (given: Case) => statusReportLines(makeLoginStatus(inputsOf(given)), undefined, '/home/me');

  test('names a role chain and the profile that works here', () => {
    expect(linesOf({ exported: {} })).toEqual([
      'sem-aws-login: logged in to AWS account 123456789012 as deploy',
      `  role       ${deploy}`,
      '  session    semaphore-job-j1',
      '  expires    token 2026-11-23 20:00 UTC, in 23 h 45 min; clients renew sessions',
      '  profile    "default" in ~/.aws/config, region eu-west-1',
      '  variables  all set',
      `  clients    ${tested} use this login`,
    ]);
    const chain = profileOf('default', {}, [makePlainHop(`${deploy}2`, 'semaphore-job-j1')]);
    expect(linesOf({ profiles: [chain] })[1]).toBe(`  role       ${deploy}2, via ${deploy}`);
  });

  test.each<readonly [what: string, given: Case, line: string]>([
    [
      'clients that do not agree',
      { exported: {}, environment: { ...keys, AWS_PROFILE: 'default' } },
      '  clients    AWS CLI, boto3, Ruby and Go do not: they use the keys in AWS_ACCESS_KEY_ID',
    ],
    [
      'an incomplete pair of keys',
      { exported: {}, environment: { AWS_ACCESS_KEY_ID: 'A' } },
      '  clients    AWS CLI and boto3 do not: they fail; to see why: sem-aws-login doctor',
    ],
    [
      'one variable that is missing',
      {
        exported: {
          exports: [
            ['AWS_REGION', 'r'],
            ['AWS_DEFAULT_REGION', 'r'],
          ],
        },
        environment: { AWS_REGION: 'r' },
      },
      '  variables  AWS_DEFAULT_REGION is not set',
    ],
    [
      'many that take precedence',
      { exported: { unset: ['A', 'B', 'C', 'D'] }, environment: { A: '1', B: '1', C: '1', D: '1' } },
      '  variables  A, B and 2 more take precedence',
    ],
  ])('describes %s', (_what, given, line) => {
    expect(linesOf(given)).toContain(line);
  });

  test('escapes what a terminal obeys', () => {
    expect(linesOf({ profiles: [profileOf('default', { sessionName: 'a\u001b[31m' })] }).join('\n')).not.toContain(
      '\u001b',
    );
  });
});
