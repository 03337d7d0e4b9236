import { describe, expect, test } from 'vitest';
import { loginPathsOf, privateRootsOf } from '../../src/login/paths.ts';
import type { Environment, ReplacementLoss } from '../../src/world/world.ts';
import { failureOf } from '../failing.ts';

/** The place of job `j1` for user 1000 on Linux, where these paths cannot be written. */
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

describe('where a login reads and writes', () => {
  const own = '/home/me/.sem-aws-login/jobs/j1';
  const temporary = '/tmp/sem-aws-login-1000/jobs/j1';
  const shared = '/home/me/.aws/config';
  test.each([
    ['a hosted agent shares', home, [], undefined, { isolation: undefined, config: shared, directory: own }],
    [
      'another machine type too',
      { ...home, SEMAPHORE_AGENT_MACHINE_TYPE: 'e1-standard-2' },
      [],
      undefined,
      { isolation: undefined },
    ],
    [
      'a self-hosted agent isolates',
      selfHosted,
      [],
      undefined,
      { isolation: 'self-hosted', config: `${own}/config`, userConfig: shared },
    ],
    ['--shared-config opts out', selfHosted, [], false, { isolation: undefined, config: shared }],
    ['--isolated opts in', home, [], true, { isolation: 'requested', config: `${own}/config` }],
    [
      'AWS_CONFIG_FILE is followed',
      { ...home, AWS_CONFIG_FILE: '/c' },
      [],
      undefined,
      { isolation: undefined, config: '/c' },
    ],
    [
      'AWS_SHARED_CREDENTIALS_FILE too',
      { ...home, AWS_SHARED_CREDENTIALS_FILE: '/k' },
      [],
      undefined,
      { credentials: '/k' },
    ],
    ['credentials are beside the config', home, [], undefined, { credentials: '/home/me/.aws/credentials' }],
    [
      'no HOME',
      {},
      [],
      undefined,
      { isolation: 'home-unset', directory: temporary, userConfig: undefined, credentials: undefined },
    ],
    ['an empty HOME is none', { HOME: '' }, [], undefined, { isolation: 'home-unset' }],
    [
      'no HOME, but TMPDIR',
      { TMPDIR: '/scratch' },
      [],
      undefined,
      { directory: '/scratch/sem-aws-login-1000/jobs/j1' },
    ],
    [
      'a read-only HOME',
      home,
      ['/home'],
      undefined,
      { isolation: 'home-read-only', directory: temporary, userConfig: shared },
    ],
    ['a read-only ~/.aws', home, ['/home/me/.aws/'], undefined, { isolation: 'config-read-only', directory: own }],
    [
      'SEM_AWS_LOGIN_HOME',
      { ...home, SEM_AWS_LOGIN_HOME: '/own' },
      [],
      undefined,
      { directory: '/own/jobs/j1', config: shared },
    ],
    [
      'SEM_AWS_LOGIN_HOME without HOME',
      { SEM_AWS_LOGIN_HOME: '/own' },
      [],
      undefined,
      { isolation: 'home-unset', directory: '/own/jobs/j1', config: '/own/jobs/j1/config' },
    ],
    [
      'AWS_CONFIG_FILE without HOME, shared on purpose',
      { AWS_CONFIG_FILE: '/c' },
      [],
      false,
      { isolation: undefined, config: '/c', userConfig: '/c', directory: temporary },
    ],
    [
      'a HOME in which only our own directory cannot be made',
      home,
      ['/home/me/.sem-aws-login/jobs'],
      undefined,
      { isolation: 'home-read-only', directory: temporary, jobs: '/tmp/sem-aws-login-1000/jobs', userConfig: shared },
    ],
    [
      'AWS_CONFIG_FILE=/dev/null: no config file is wanted',
      { ...home, AWS_CONFIG_FILE: '/dev/null' },
      [],
      undefined,
      { isolation: 'config-read-only', config: `${own}/config`, userConfig: undefined },
    ],
    [
      'a private file though the shared one cannot be written',
      home,
      ['/home/me/.aws'],
      true,
      { isolation: 'requested', config: `${own}/config`, userConfig: shared },
    ],
    [
      'a second login finds the private file',
      { ...selfHosted, AWS_CONFIG_FILE: `${own}/config` },
      [],
      undefined,
      { config: `${own}/config`, userConfig: shared, currentConfig: `${own}/config` },
    ],
  ] as const)('%s', (_title, environment, readOnly, isolated, expected) => {
    expect(paths(environment, readOnly, isolated)).toMatchObject(expected);
  });

  test('the paths of a hosted agent', () => {
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
  ])('the home on %s with %j', (platform, environment, jobs) => {
    const files = { isWritable: () => true, readPrivate: () => undefined, whyNotReplaceable: () => undefined };
    expect(loginPathsOf({ environment, platform, uid: undefined, files }, 'j1', { isolated: undefined }).jobs).toBe(
      jobs,
    );
  });

  test.each(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'SEM_AWS_LOGIN_HOME', 'TMPDIR', 'HOME'])(
    'rejects a relative %s',
    (name) => {
      expect(failureOf(() => paths({ ...home, [name]: '~/x' }))).toMatchObject({ kind: 'value-invalid', source: name });
    },
  );

  test.each(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'])('rejects a %s that names a private file', (source) => {
    const value = `${own}/env`;
    expect(failureOf(() => paths({ ...home, [source]: value }))).toMatchObject({
      kind: 'value-invalid',
      source,
      value,
    });
  });

  test('a shared config file needs HOME and write permission', () => {
    expect(failureOf(() => paths({}, [], false))).toEqual({ kind: 'home-needed' });
    const unwritable = { kind: 'file-unusable', path: shared, operation: 'write', code: 'EACCES' };
    expect(failureOf(() => paths(home, ['/home'], false))).toEqual(unwritable);
  });

  describe.each(['hard-links', 'foreign-owner', 'access-list'] as const)('a config file with %s', (loss) => {
    test('is copied for the job', () => {
      expect(paths(home, [], undefined, loss)).toMatchObject({
        isolation: `config-${loss}`,
        config: `${own}/config`,
        userConfig: shared,
      });
    });

    test('is refused if --shared-config asks for it', () => {
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
  ])('our own roots with %j', (environment, roots) => {
    expect(privateRootsOf({ environment, platform: 'linux', uid: 1000 })).toEqual(roots);
  });

  test('every directory is below a private root', () => {
    for (const environment of [home, selfHosted, {}, { ...home, SEM_AWS_LOGIN_HOME: '/own/' }, { TMPDIR: '/t' }]) {
      const roots = privateRootsOf({ environment, platform: 'linux', uid: 1000 });
      const { directory } = paths(environment);
      expect(roots.some((root) => directory.startsWith(`${root.replace(/\/$/, '')}/`))).toBe(true);
    }
  });
});
