import { describe, expect, test } from 'vitest';
import { loginPathsOf, privateRootsOf } from '../../src/login/paths.ts';
import type { Environment, ReplacementLoss } from '../../src/world/world.ts';
import { failureOf } from '../failing.ts';

/** Returns the paths of job `j1` for user 1000 on Linux. `readOnly` lists paths that cannot be written. */
function paths(environment: Environment, readOnly: readonly string[] = [], isolated?: boolean, loss?: ReplacementLoss) {
  const files = {
    isWritable: (path: string) => !readOnly.some((prefix) => path.startsWith(prefix)),
    readPrivate: () => undefined,
    whyNotReplaceable: (path: string) => (path === '/home/me/.aws/config' ? loss : undefined),
  };
  return loginPathsOf({ environment, platform: 'linux', uid: 1000, files }, 'j1', { isolated });
}
const home = { HOME: '/home/me' };
const selfHosted = { ...home, SEMAPHORE_AGENT_MACHINE_TYPE: 's1-local' };

describe('the paths of a login', () => {
  const own = '/home/me/.sem-aws-login/jobs/j1';
  const temporary = '/tmp/sem-aws-login-1000/jobs/j1';
  const shared = '/home/me/.aws/config';
  test.each([
    ['are shared on a hosted agent', home, [], undefined, { isolation: undefined, config: shared, directory: own }],
    [
      'are shared on another machine type',
      { ...home, SEMAPHORE_AGENT_MACHINE_TYPE: 'e1-standard-2' },
      [],
      undefined,
      { isolation: undefined },
    ],
    [
      'are private on a self-hosted agent',
      selfHosted,
      [],
      undefined,
      { isolation: 'self-hosted', config: `${own}/config`, userConfig: shared },
    ],
    ['are shared with --shared-config', selfHosted, [], false, { isolation: undefined, config: shared }],
    ['are private with --isolated', home, [], true, { isolation: 'requested', config: `${own}/config` }],
    [
      'follow AWS_CONFIG_FILE',
      { ...home, AWS_CONFIG_FILE: '/c' },
      [],
      undefined,
      { isolation: undefined, config: '/c' },
    ],
    [
      'follow AWS_SHARED_CREDENTIALS_FILE',
      { ...home, AWS_SHARED_CREDENTIALS_FILE: '/k' },
      [],
      undefined,
      { credentials: '/k' },
    ],
    ['have the credentials beside the config file', home, [], undefined, { credentials: '/home/me/.aws/credentials' }],
    [
      'are private without HOME',
      {},
      [],
      undefined,
      { isolation: 'home-unset', directory: temporary, userConfig: undefined, credentials: undefined },
    ],
    ['are private with an empty HOME', { HOME: '' }, [], undefined, { isolation: 'home-unset' }],
    [
      'are below TMPDIR without HOME',
      { TMPDIR: '/scratch' },
      [],
      undefined,
      { directory: '/scratch/sem-aws-login-1000/jobs/j1' },
    ],
    [
      'are private with a read-only HOME',
      home,
      ['/home'],
      undefined,
      { isolation: 'home-read-only', directory: temporary, userConfig: shared },
    ],
    [
      'are private with a read-only ~/.aws',
      home,
      ['/home/me/.aws/'],
      undefined,
      { isolation: 'config-read-only', directory: own },
    ],
    [
      'follow SEM_AWS_LOGIN_HOME',
      { ...home, SEM_AWS_LOGIN_HOME: '/own' },
      [],
      undefined,
      { directory: '/own/jobs/j1', config: shared },
    ],
    [
      'follow SEM_AWS_LOGIN_HOME without HOME',
      { SEM_AWS_LOGIN_HOME: '/own' },
      [],
      undefined,
      { isolation: 'home-unset', directory: '/own/jobs/j1', config: '/own/jobs/j1/config' },
    ],
    [
      'are shared with AWS_CONFIG_FILE and --shared-config, without HOME',
      { AWS_CONFIG_FILE: '/c' },
      [],
      false,
      { isolation: undefined, config: '/c', userConfig: '/c', directory: temporary },
    ],
    [
      'are below TMPDIR if only the jobs’ directory is read-only',
      home,
      ['/home/me/.sem-aws-login/jobs'],
      undefined,
      { isolation: 'home-read-only', directory: temporary, jobs: '/tmp/sem-aws-login-1000/jobs', userConfig: shared },
    ],
    [
      'are private with AWS_CONFIG_FILE=/dev/null',
      { ...home, AWS_CONFIG_FILE: '/dev/null' },
      [],
      undefined,
      { isolation: 'config-read-only', config: `${own}/config`, userConfig: undefined },
    ],
    [
      'are private with --isolated and a read-only ~/.aws',
      home,
      ['/home/me/.aws'],
      true,
      { isolation: 'requested', config: `${own}/config`, userConfig: shared },
    ],
    [
      'include the private file of an earlier login',
      { ...selfHosted, AWS_CONFIG_FILE: `${own}/config` },
      [],
      undefined,
      { config: `${own}/config`, userConfig: shared, currentConfig: `${own}/config` },
    ],
  ] as const)('%s', (_title, environment, readOnly, isolated, expected) => {
    expect(paths(environment, readOnly, isolated)).toMatchObject(expected);
  });

  test('are all set on a hosted agent', () => {
    expect(paths(home)).toEqual({
      isolation: undefined,
      directory: own,
      jobs: '/home/me/.sem-aws-login/jobs',
      config: shared,
      userConfig: shared,
      credentials: '/home/me/.aws/credentials',
    });
  });

  test.each<readonly [platform: NodeJS.Platform, environment: Environment, jobs: string]>([
    ['win32', { USERPROFILE: '/users/me' }, '/users/me/.sem-aws-login/jobs'],
    ['win32', { USERPROFILE: '/users/me', HOME: '' }, '/users/me/.sem-aws-login/jobs'],
    ['win32', { USERPROFILE: '/users/me', HOME: '/home/me' }, '/home/me/.sem-aws-login/jobs'],
    ['linux', { USERPROFILE: '/users/me' }, '/tmp/sem-aws-login-user/jobs'],
  ])('are below the home of %s with %j', (platform, environment, jobs) => {
    const files = { isWritable: () => true, readPrivate: () => undefined, whyNotReplaceable: () => undefined };
    expect(loginPathsOf({ environment, platform, uid: undefined, files }, 'j1', { isolated: undefined }).jobs).toBe(
      jobs,
    );
  });

  test.each(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'SEM_AWS_LOGIN_HOME', 'TMPDIR', 'HOME'])(
    'are rejected for a relative %s',
    (name) => {
      expect(failureOf(() => paths({ ...home, [name]: '~/x' }))).toMatchObject({ kind: 'value-invalid', source: name });
    },
  );

  test.each(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'])('are rejected if %s names a private file', (source) => {
    const value = `${own}/env`;
    expect(failureOf(() => paths({ ...home, [source]: value }))).toMatchObject({
      kind: 'value-invalid',
      source,
      value,
    });
  });

  test('are rejected with --shared-config without HOME or write permission', () => {
    expect(failureOf(() => paths({}, [], false))).toEqual({ kind: 'home-needed' });
    const unwritable = { kind: 'file-unusable', path: shared, operation: 'write', code: 'EACCES' };
    expect(failureOf(() => paths(home, ['/home'], false))).toEqual(unwritable);
  });

  describe.each(['hard-links', 'foreign-owner', 'access-list'] as const)('for a config file with %s', (loss) => {
    test('include a private copy', () => {
      expect(paths(home, [], undefined, loss)).toMatchObject({
        isolation: `config-${loss}`,
        config: `${own}/config`,
        userConfig: shared,
      });
    });

    test('are rejected with --shared-config', () => {
      const refusal = { kind: 'file-not-replaceable', path: shared, loss };
      expect(failureOf(() => paths(selfHosted, [], false, loss))).toEqual(refusal);
    });

    test.each([
      ['--isolated', home, [], true, 'requested'],
      ['a self-hosted agent', selfHosted, [], undefined, 'self-hosted'],
      ['a read-only file', home, [shared], undefined, 'config-read-only'],
    ] as const)('is not the reason with %s', (_, environment, readOnly, isolated, isolation) => {
      expect(paths(environment, readOnly, isolated, loss).isolation).toBe(isolation);
    });
  });

  test.each<readonly [environment: Environment, roots: readonly string[]]>([
    [home, ['/home/me/.sem-aws-login', '/tmp/sem-aws-login-1000']],
    [{ HOME: '' }, ['/tmp/sem-aws-login-1000']],
    [{ ...home, SEM_AWS_LOGIN_HOME: '/a/../own' }, ['/own', '/tmp/sem-aws-login-1000']],
    [{ ...home, SEM_AWS_LOGIN_HOME: 'own', TMPDIR: 'tmp' }, []],
    [{ TMPDIR: '/scratch//' }, ['/scratch/sem-aws-login-1000']],
  ])('have the private roots of %j', (environment, roots) => {
    expect(privateRootsOf({ environment, platform: 'linux', uid: 1000 })).toEqual(roots);
  });

  test('are always below a private root', () => {
    for (const environment of [home, selfHosted, {}, { ...home, SEM_AWS_LOGIN_HOME: '/own/' }, { TMPDIR: '/t' }]) {
      const roots = privateRootsOf({ environment, platform: 'linux', uid: 1000 });
      const { directory } = paths(environment);
      expect(roots.some((root) => directory.startsWith(`${root.replace(/\/$/, '')}/`))).toBe(true);
    }
  });
});
