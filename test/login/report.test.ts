import { describe, expect, test } from 'vitest';
import { identityOf } from '../../src/login/env-file.ts';
import type { LoginPaths } from '../../src/login/paths.ts';
import type { LoginPlan, PlannedRole } from '../../src/login/plan.ts';
import { execWarningsOf, type LoginOutcome, type LoginWarning, makeLoginReport } from '../../src/login/report.ts';
import { parseClaims } from '../../src/semaphore/claims.ts';
import { makePlainHop } from '../../src/sts/role-chain.ts';
import type { Environment } from '../../src/world/world.ts';
import { loginRequestOf, paths, profileOf, roleArn } from './scratch-home.ts';

const now = new Date('2026-11-22T20:00:00Z');
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const keys = { accessKeyId: 'ASIA', secretAccessKey: 's', sessionToken: 't', expiration: inMinutes(60) };
const session = { keys, assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/deploy/job', skew: 0 };
const webIdentity = { roleArn, tokenFile: '/token', sessionName: 'semaphore-job-j1', region: 'eu-west-1' };
const planned = (profile = 'default'): PlannedRole => {
  const { recipe, keys: lines } = profileOf('j1', profile);
  return { profile, keys: lines, recipe, chain: recipe.chain, session, webIdentity };
};
const isolated: LoginPaths = { ...paths, isolation: 'self-hosted', config: '/own/jobs/j1/config' };
const plan: LoginPlan = {
  region: 'eu-west-1',
  endpoint: { url: 'https://sts.eu-west-1.amazonaws.com', signingRegion: 'eu-west-1', isAws: true },
  roles: [planned()],
  staticKeys: [],
};
const outcome: LoginOutcome = {
  request: loginRequestOf([]),
  job: { id: 'j1', name: 'j1' },
  claims: parseClaims({ exp: inMinutes(24 * 60).getTime() / 1000 }, undefined),
  paths,
  sessionName: 'semaphore-job-j1',
  plan,
  written: { paths, envFile: undefined, replaced: [], warnings: [], earlierProfiles: [], uncopied: undefined },
  unwatched: undefined,
  leftovers: [],
  unset: [],
};

const captured = { stdoutIsTerminal: false, stdoutIsDiscarded: false };
const onTerminal = { ...captured, stdoutIsTerminal: true };
const discarded = { ...captured, stdoutIsDiscarded: true };

/** Returns the report of this login, with changes and with this stdout. */
function report(changes: Partial<LoginOutcome> = {}, environment: Environment = {}, stdout = captured) {
  const output = {
    ...stdout,
    stdoutColumns: undefined,
    stderrColumns: undefined,
    stdout: () => {},
    stderr: () => {},
    rewriteLine: () => {},
  };
  const clock = { now: () => now, sleep: async () => {} };
  return makeLoginReport({ ...outcome, ...changes }, { environment, clock, output });
}

const several = loginRequestOf(['--role', `a=${roleArn}`, '--role', `b=${roleArn}`]);

describe('the report of a login', () => {
  test('has the role, the file and the expiry', () => {
    expect(report({}, { HOME: '/home/me' })).toEqual({
      roles: [
        {
          profile: 'default',
          account: '123456789012',
          roleName: 'deploy',
          via: [],
          sessionEnds: keys.expiration,
          usesCredentialProcess: false,
        },
      ],
      sessionName: 'semaphore-job-j1',
      tokenEnds: inMinutes(24 * 60),
      now,
      region: 'eu-west-1',
      config: paths.config,
      home: '/home/me',
      isolation: undefined,
      endpoint: plan.endpoint,
      several: false,
      sourcedBy: 'bash',
      exportsKeys: false,
      unset: [],
      earlier: undefined,
      warnings: [],
    });
  });

  test.each<readonly [what: string, changes: Partial<LoginOutcome>, expected: object]>([
    ['exported keys', { request: loginRequestOf(['--export', 'static']) }, { exportsKeys: true }],
    ['several roles', { request: several }, { several: true }],
    ['an env file for PowerShell', { request: loginRequestOf(['--shell', 'powershell']) }, { sourcedBy: 'powershell' }],
    ['no env file to source', { request: loginRequestOf(['--export', 'none']) }, { sourcedBy: undefined }],
    ['no endpoint without a request', { request: loginRequestOf(['--no-verify']) }, { endpoint: undefined }],
    ['a private config file', { paths: isolated }, { isolation: 'self-hosted', config: isolated.config }],
    [
      'a session that was not requested',
      { plan: { ...plan, roles: [{ ...planned(), session: undefined }] } },
      { roles: [{ sessionEnds: undefined }] },
    ],
    [
      'keys from this program',
      { plan: { ...plan, roles: [{ ...planned(), webIdentity: undefined }] } },
      { roles: [{ usesCredentialProcess: true }] },
    ],
  ])('shows %s', (_what, changes, expected) => {
    expect(report(changes)).toMatchObject(expected);
  });

  test.each([onTerminal, discarded])('names no shell that sources the env file with %j', (stdout) => {
    expect(report({}, {}, stdout).sourcedBy).toBeUndefined();
  });

  test('names the last role of a chain without its path, and the roles before it', () => {
    const hop = (arn: string) => makePlainHop(arn, 'job');
    const audit = 'arn:aws:iam::210987654321:role/audit';
    const last = 'arn:aws:iam::345678901234:role/a/path/last';
    const chain = { first: hop(roleArn), further: [hop(audit), hop(last)] };
    const { roles } = report({ plan: { ...plan, roles: [{ ...planned(), chain }] } });
    expect(roles).toMatchObject([{ account: '345678901234', roleName: 'last', via: [roleArn, audit] }]);
  });

  test('lists the variables that are unset, if a shell can source the env file', () => {
    const environment = { AWS_PROFILE: 'other', AWS_ROLE_ARN: 'x', AWS_REGION: 'y' };
    const unset = ['AWS_PROFILE', 'AWS_REGION', 'AWS_SESSION_TOKEN'];
    expect(report({ unset }, environment).unset).toEqual(['AWS_PROFILE']);
    expect(report({ unset }, environment, onTerminal).unset).toEqual([]);
    expect(report({ unset }, environment, discarded).unset).toEqual([]);
  });

  test.each<
    readonly [what: string, earlier: readonly string[], changes: Partial<LoginOutcome>, expected: object | undefined]
  >([
    ['the first login', [], {}, undefined],
    ['the same profile again', ['default'], {}, { kind: 'replaced' }],
    ['the same profile again, before another', ['default', 'prod'], {}, { kind: 'replaced' }],
    [
      'another profile than the latest',
      ['default', 'prod'],
      { plan: { ...plan, roles: [planned('ci')] } },
      { kind: 'moved', from: 'prod' },
    ],
    [
      'several profiles, of which one is new: none is the job’s identity',
      ['a'],
      { request: several, plan: { ...plan, roles: [planned('a'), planned('b')] } },
      undefined,
    ],
    [
      'several profiles again',
      ['a', 'b'],
      { request: several, plan: { ...plan, roles: [planned('a'), planned('b')] } },
      { kind: 'replaced' },
    ],
  ])('shows how it relates to an earlier login: %s', (_what, earlierProfiles, changes, expected) => {
    expect(report({ ...changes, written: { ...outcome.written, earlierProfiles } }).earlier).toEqual(expected);
  });
});

const endingIn = (minutes: number) => parseClaims({ exp: inMinutes(minutes).getTime() / 1000 }, undefined);
const withSession = (skew: number): LoginPlan => ({
  ...plan,
  roles: [{ ...planned(), session: { ...session, skew } }],
});
const minute = 60_000;

describe('login and exec warn', () => {
  type Used = Pick<LoginOutcome, 'plan' | 'claims' | 'written' | 'paths'>;
  test.each<readonly [what: string, changes: Partial<Used>, warnings: readonly LoginWarning[]]>([
    ['of nothing if all is well', {}, []],
    [
      'that the role was not verified',
      { plan: { ...plan, roles: [{ ...planned(), session: undefined }] } },
      [{ kind: 'not-verified' }],
    ],
    ['that no region is known', { plan: { ...plan, region: undefined } }, [{ kind: 'no-region' }]],
    ['not of a token that lives for an hour', { claims: endingIn(60) }, []],
    ['of a token that lives for less', { claims: endingIn(59) }, [{ kind: 'token-ends-soon', left: 59 * minute }]],
    ['not of a clock that is five minutes ahead', { plan: withSession(5 * minute) }, []],
    ['of a clock that is further ahead', { plan: withSession(6 * minute) }, [{ kind: 'clock-skew', skew: 6 * minute }]],
    ['of a clock that is behind', { plan: withSession(-6 * minute) }, [{ kind: 'clock-skew', skew: -6 * minute }]],
    [
      'of a config file that was not copied',
      { written: { ...outcome.written, uncopied: '/c' } },
      [{ kind: 'config-not-copied', path: '/c' }],
    ],
  ])('%s', (_what, changes, warnings) => {
    expect(execWarningsOf({ ...outcome, ...changes }, now)).toEqual(warnings);
    expect(report(changes).warnings).toEqual(warnings);
  });

  const warnings = [
    { kind: 'removed-key', key: 'sso_session' },
    { kind: 'unreadable-elsewhere', why: 'key-twice', line: 9 },
    { kind: 'leaks-in', reader: 'boto3', key: 'role_arn', line: 5 },
    { kind: 'kept-endpoint', key: 'endpoint_url', line: 6 },
    { kind: 'removed-key', key: 'role_arn' },
  ] as const;
  const ofFile = (path: string): readonly LoginWarning[] => [
    { kind: 'file-has-fault', path, line: 9, why: 'key-twice' },
    { kind: 'key-leaks-in', path, line: 5, key: 'role_arn', reader: 'boto3' },
    { kind: 'endpoint-kept', path, line: 6, key: 'endpoint_url' },
  ];

  test('of the edit’s findings, removed keys first', () => {
    const written = { ...outcome.written, warnings };
    const removed: LoginWarning = { kind: 'keys-removed', keys: ['sso_session', 'role_arn'], path: paths.config };
    expect(execWarningsOf({ ...outcome, written }, now)).toEqual([removed, ...ofFile(paths.config)]);
    expect(report({ written }).warnings).toEqual([removed, ...ofFile(paths.config)]);
  });

  test.each<readonly [what: string, paths: LoginPaths, path: string]>([
    ['with the path of the user’s file that was copied', isolated, '/home/me/.aws/config'],
    ['with its own path without a user’s file', { ...isolated, userConfig: undefined }, isolated.config],
  ])('of a private file %s, but not of keys removed from a copy', (_what, where, path) => {
    const written = { ...outcome.written, warnings };
    expect(execWarningsOf({ ...outcome, written, paths: where }, now)).toEqual(ofFile(path));
  });
});

describe('login warns', () => {
  const selfHosted = { SEMAPHORE_AGENT_MACHINE_TYPE: 's1-local' };
  const shared: LoginWarning = { kind: 'session-name-shared', sessionName: 'deploys' };
  test.each<
    readonly [what: string, changes: Partial<LoginOutcome>, environment: Environment, warnings: readonly LoginWarning[]]
  >([
    ['of a session name that other jobs of the agent can have', { sessionName: 'deploys' }, selfHosted, [shared]],
    ['not on a hosted agent', { sessionName: 'deploys' }, {}, []],
    ['not if the name contains the job’s id', { sessionName: 'deploys-j1' }, selfHosted, []],
    ['not if the job has no id', { sessionName: 'deploys', job: { id: undefined, name: 'x' } }, selfHosted, []],
    ['of a cache that uses this role', {}, { SEMAPHORE_CACHE_BACKEND: 's3' }, [{ kind: 'cache-uses-role' }]],
    ['not if the cache has a profile', {}, { SEMAPHORE_CACHE_BACKEND: 's3', SEMAPHORE_CACHE_AWS_PROFILE: 'cache' }, []],
    ['not of another cache', {}, { SEMAPHORE_CACHE_BACKEND: 'gcs' }, []],
    [
      'of static keys that were allowed',
      { plan: { ...plan, staticKeys: [{ path: '/credentials', profile: 'default' }] } },
      {},
      [{ kind: 'static-keys', path: '/credentials', profile: 'default' }],
    ],
    ['of a missing watcher', { unwatched: 'EAGAIN' }, {}, [{ kind: 'not-watched', why: 'EAGAIN' }]],
    [
      'of what ended jobs left and could not be removed',
      { leftovers: [{ path: '/own/jobs/old', facts: { kind: 'home-needed' } }] },
      {},
      [{ kind: 'leftover-stays', path: '/own/jobs/old', facts: { kind: 'home-needed' } }],
    ],
  ])('%s', (_what, changes, environment, warnings) => {
    expect(report(changes, environment).warnings).toEqual(warnings);
  });

  test('of variables that take precedence, if no shell can unset them', () => {
    const environment = { AWS_PROFILE: 'other', AWS_REGION: 'x' };
    for (const stdout of [onTerminal, discarded]) {
      expect(report({}, environment, stdout).warnings).toEqual([{ kind: 'not-exported', variables: ['AWS_PROFILE'] }]);
      expect(report({}, { AWS_REGION: 'x' }, stdout).warnings).toEqual([]);
    }
    expect(report({}, environment).warnings).toEqual([]);
  });
});

describe('the inputs of the env file', () => {
  const whole = { webIdentity, profile: undefined, region: 'eu-west-1', configFile: undefined, keys };
  test.each<
    readonly [what: string, roles: LoginPlan['roles'], where: LoginPaths, request: LoginOutcome['request'], object]
  >([
    ['one plain role as default: the role itself', [planned()], paths, outcome.request, whole],
    [
      'a named profile: that, and no role',
      [planned('prod')],
      paths,
      outcome.request,
      { ...whole, webIdentity: undefined, profile: 'prod' },
    ],
    [
      'several: neither a role nor a profile, even if one is called default',
      [planned(), planned('b')],
      paths,
      several,
      { ...whole, webIdentity: undefined },
    ],
    ['several of other names', [planned('a'), planned('b')], paths, several, { ...whole, webIdentity: undefined }],
    ['a private config file', [planned()], isolated, outcome.request, { ...whole, configFile: isolated.config }],
    [
      'a role that was not verified: no keys',
      [{ ...planned(), session: undefined }],
      paths,
      outcome.request,
      { ...whole, keys: undefined },
    ],
  ])('%s', (_what, roles, where, request, identity) => {
    const environment = { AWS_PAGER: 'less' };
    const accountId = '123456789012';
    expect(identityOf({ ...plan, roles }, request, where, environment)).toEqual({
      ...identity,
      accountId,
      environment,
    });
  });
});
