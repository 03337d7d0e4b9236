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
      '  session  semaphore-job-1',
      '  lasts    the session until 2026-11-22 21:00 UTC, renewed by SDKs until the token ends, 2026-11-23 20:00 UTC',
      '  profile  "default" in ~/.aws/config, region eu-west-1',
    ]);
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
      'a token that has expired by a clock that is ahead',
      { tokenEnds: new Date('2026-11-22T19:00:00Z'), warnings: [{ kind: 'token-ends-soon', left: -3600_000 }] },
      "warning: by this machine's clock the token ended 60 min ago",
    ],
    ['a token without an expiry', { tokenEnds: undefined }, 'logged in to AWS account 123456789012 as deploy'],
    ['several roles', { roles: [role, other] }, 'logged in to 2 roles, for 24 h'],
    ['their names', { roles: [role, other] }, '--profile prod: admin in 210987654321'],
    [
      'more names than fit',
      { roles: [role, other, { ...role, profile: 'c' }, { ...role, profile: 'd' }] },
      'roles    c and d too',
    ],
    ['a chain', { roles: [{ ...role, via: ['arn:aws:iam::1:role/a'] }] }, 'by way   arn:aws:iam::1:role/a'],
    ['keys from this program', { roles: [{ ...role, usesCredentialProcess: true }] }, 'credential_process'],
    ['a private config file', { isolation: 'self-hosted' }, 'a private config file (self-hosted agent)'],
    ['a config file elsewhere', { config: '/etc/aws/config' }, '"default" in /etc/aws/config'],
    ['no region', { region: undefined }, 'no region'],
    ['the unset variables', { unset: ['AWS_PROFILE'] }, 'unset    AWS_PROFILE'],
    ['a second login', { earlier: { kind: 'moved', from: 'a' } }, `the job's profile was "a" until now`],
    [
      'another STS',
      { endpoint: { url: 'http://127.0.0.1:1', signingRegion: 'x', isAws: false } },
      "which is not AWS's",
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
        expect(warned.length).toBe(warnings <= (quiet ? 10 : 9) ? warnings : quiet ? 9 : 8);
      }),
    );
    expect(lines({ warnings: Array(12).fill(warning) }).at(-1)).toBe('  warning: and 4 more');
  });
});
