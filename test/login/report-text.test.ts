import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoginReport, LoginWarning, ReportedRole } from '../../src/login/report.ts';
import { loginReportLines } from '../../src/login/report-text.ts';

const now = new Date('2026-11-22T20:00:00Z');
const role: ReportedRole = {
  profile: 'default',
  account: '123456789012',
  roleName: 'deploy',
  via: [],
  sessionEnds: new Date('2026-11-22T21:00:00Z'),
  usesCredentialProcess: false,
};
const report: LoginReport = {
  roles: [role],
  sessionName: 'semaphore-job-1',
  tokenEnds: new Date('2026-11-23T20:00:00Z'),
  now,
  region: 'eu-west-1',
  config: '/home/semaphore/.aws/config',
  home: '/home/semaphore',
  isolation: undefined,
  endpoint: undefined,
  several: false,
  sourcedBy: 'bash',
  exportsKeys: false,
  unset: [],
  earlier: undefined,
  warnings: [],
};
const lines = (changes: Partial<LoginReport>, quiet = false) => loginReportLines({ ...report, ...changes }, quiet);

describe('the summary of a login', () => {
  test('starts with the role and the remaining time', () => {
    expect(lines({})).toEqual([
      'sem-aws-login: logged in to AWS account 123456789012 as deploy, for 24 h',
      '  expires   2026-11-23 20:00 UTC; SDKs renew the session until then',
      '  profile   "default" in ~/.aws/config, region eu-west-1',
      '  session   semaphore-job-1',
      '  env file  needs source "$(sem-aws-login …)"; eval and source <(…) fail',
    ]);
  });

  test('ends with how to use the env file, after the warnings', () => {
    expect(lines({ warnings: [{ kind: 'no-region' }] }).at(-1)).toMatch(/^ {2}env file {2}needs source/);
    expect(lines({ sourcedBy: 'powershell' }).at(-1)).toMatch(/^ {2}env file {2}needs \. \(sem-aws-login …\)/);
    expect(lines({ sourcedBy: undefined }).join('\n')).not.toContain('env file');
  });

  const other = { ...role, profile: 'prod', account: '210987654321', roleName: 'admin' };
  test.each<[string, Partial<LoginReport>, string]>([
    [
      'not verified',
      { roles: [{ ...role, sessionEnds: undefined }] },
      'prepared a login to AWS account 123456789012 as deploy, for 24 h',
    ],
    ['exported keys', { exportsKeys: true }, 'as deploy, for 60 min'],
    [
      'when exported keys expire',
      { exportsKeys: true },
      'expires   2026-11-22 21:00 UTC; the exported keys are not renewed',
    ],
    [
      'a token that has expired by a clock that is ahead',
      { tokenEnds: new Date('2026-11-22T19:00:00Z'), warnings: [{ kind: 'token-ends-soon', left: -3600_000 }] },
      "warning: by this machine's clock, the token expired 60 min ago",
    ],
    ['a token without an expiry', { tokenEnds: undefined }, 'logged in to AWS account 123456789012 as deploy\n'],
    ['several roles', { roles: [role, other] }, 'logged in to 2 AWS roles, for 24 h'],
    ['their names', { roles: [role, other] }, '  profile   "prod": role admin in account 210987654321\n'],
    [
      'how to choose one of them',
      {
        several: true,
        roles: [
          { ...role, profile: 'a' },
          { ...role, profile: 'b' },
        ],
      },
      '  required  --profile a or export AWS_PROFILE=a\n',
    ],
    [
      'how to choose another than the default',
      { several: true, roles: [role, other] },
      '  use       --profile prod or export AWS_PROFILE=prod; else "default"\n',
    ],
    [
      'how to use a named profile that no shell exports',
      { sourcedBy: undefined, roles: [other] },
      '  required  --profile prod or export AWS_PROFILE=prod\n',
    ],
    [
      'more names than fit',
      { roles: [role, other, { ...role, profile: 'c' }, { ...role, profile: 'd' }] },
      'profiles  also c and d',
    ],
    ['a chain', { roles: [{ ...role, via: ['arn:aws:iam::1:role/a'] }] }, 'via role  arn:aws:iam::1:role/a'],
    ['keys from this program', { roles: [{ ...role, usesCredentialProcess: true }] }, 'credential_process'],
    ['a private config file', { isolation: 'self-hosted' }, 'a private config file (self-hosted agent)'],
    ['a config file elsewhere', { config: '/etc/aws/config' }, '"default" in /etc/aws/config'],
    ['no region', { region: undefined }, 'no region'],
    ['the unset variables', { unset: ['AWS_PROFILE'] }, 'unset     AWS_PROFILE'],
    ['a second login', { earlier: { kind: 'moved', from: 'a' } }, `; previously "a"`],
    [
      'another STS',
      { endpoint: { url: 'http://127.0.0.1:1', signingRegion: 'x', isAws: false } },
      'endpoint  http://127.0.0.1:1 (not AWS)',
    ],
  ])('shows %s', (_title, changes, text) => {
    expect(lines(changes).join('\n')).toContain(text);
  });

  test('with --quiet has only warnings', () => {
    expect(lines({}, true)).toEqual([]);
    expect(lines({ warnings: [{ kind: 'no-region' }] }, true)).toHaveLength(1);
  });

  const warning: LoginWarning = { kind: 'clock-skew', skew: 600_000 };
  test('has at most ten lines and drops details before warnings', () => {
    const sizes = fc.record({
      roles: fc.integer({ min: 1, max: 12 }),
      warnings: fc.integer({ min: 0, max: 15 }),
      quiet: fc.boolean(),
    });
    fc.assert(
      fc.property(sizes, ({ roles, warnings, quiet }) => {
        const shown = lines(
          {
            roles: Array(roles).fill({ ...role, usesCredentialProcess: true }),
            warnings: Array(warnings).fill(warning),
            unset: ['A'],
          },
          quiet,
        );
        const warned = shown.filter((line) => line.includes('warning: this machine'));
        expect(shown.length).toBeLessThanOrEqual(10);
        expect(warned.length).toBe(warnings <= (quiet ? 10 : 8) ? warnings : quiet ? 9 : 7);
      }),
    );
    expect(lines({ warnings: Array(12).fill(warning) }).at(-2)).toBe('  warning: and 5 more');
  });
});

describe('the words of a summary and its warnings', () => {
  const file = { path: '/home/semaphore/.aws/config', line: 12 };
  const warnings: readonly LoginWarning[] = [
    { kind: 'no-region' },
    { kind: 'not-verified' },
    { kind: 'session-name-shared', sessionName: 'deploy' },
    { kind: 'token-ends-soon', left: 600_000 },
    { kind: 'token-ends-soon', left: -600_000 },
    { kind: 'cache-uses-role' },
    { kind: 'role-replaced', profile: 'a', from: 'arn:aws:iam::1:role/a', to: 'arn:aws:iam::1:role/b' },
    { kind: 'not-exported', variables: ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_SESSION_NAME'] },
    { kind: 'static-keys', path: '/home/semaphore/.aws/credentials', profile: 'default' },
    { kind: 'keys-removed', keys: ['sso_session', 'role_arn'], path: file.path },
    { kind: 'file-has-fault', ...file, why: 'key-twice' },
    { kind: 'endpoint-kept', ...file, key: 'endpoint_url' },
    { kind: 'key-leaks-in', ...file, key: 'role_arn', reader: 'Ruby' },
    { kind: 'clock-skew', skew: -600_000 },
    { kind: 'config-not-copied', path: file.path },
    { kind: 'not-watched', why: 'EAGAIN' },
    { kind: 'leftover-stays', path: '/home/semaphore/.sem-aws-login/jobs/1', facts: { kind: 'home-needed' } },
  ];

  test.each(warnings)('fit in 80 columns: $kind', (warning) => {
    const shown = lines({ warnings: [warning], earlier: { kind: 'replaced' }, isolation: 'config-foreign-owner' });
    for (const line of shown) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});
