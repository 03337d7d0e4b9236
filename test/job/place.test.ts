import { describe, expect, test } from 'vitest';
import { jobIdentityOf, sessionNameFor } from '../../src/job/job-name.ts';
import { makeMarkerText, parseMarker, undoOf } from '../../src/job/marker.ts';
import { ownRootsOf, placeOf } from '../../src/job/place.ts';
import { makePlainHop } from '../../src/request/role-chain.ts';
import { parseJobToken } from '../../src/token/job-token.ts';
import type { Environment } from '../../src/world.ts';
import { failureOf } from '../failing.ts';

/** The place of job `j1` for user 1000 on Linux, where these paths cannot be written. */
function place(environment: Environment, readOnly: readonly string[] = [], isolated?: boolean) {
  const files = { isWritable: (path: string) => !readOnly.some((prefix) => path.startsWith(prefix)) };
  return placeOf({ environment, platform: 'linux', uid: 1000, files }, 'j1', { isolated });
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
    ['--isolated opts in', home, [], true, { isolation: 'asked', config: `${own}/config` }],
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
      'a second login finds the private file',
      { ...selfHosted, AWS_CONFIG_FILE: `${own}/config` },
      [],
      undefined,
      { config: `${own}/config`, userConfig: undefined },
    ],
  ] as const)('%s', (_title, environment, readOnly, isolated, expected) => {
    expect(place(environment, readOnly, isolated)).toMatchObject(expected);
  });

  test.each(['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'SEM_AWS_LOGIN_HOME'])(
    'a relative %s is refused',
    (name) => {
      expect(failureOf(() => place({ ...home, [name]: '~/x' }))).toMatchObject({ kind: 'value-invalid', source: name });
    },
  );

  test('a shared file needs a HOME, and one that can be written', () => {
    expect(failureOf(() => place({}, [], false))).toEqual({ kind: 'home-needed' });
    expect(failureOf(() => place(home, ['/home'], false))).toMatchObject({ kind: 'file-unusable', operation: 'write' });
  });

  test('every place is below one of the roots that count as our own', () => {
    for (const environment of [home, selfHosted, {}, { ...home, SEM_AWS_LOGIN_HOME: '/own/' }, { TMPDIR: '/t' }]) {
      const roots = ownRootsOf({ environment, platform: 'linux', uid: 1000 });
      const { directory } = place(environment);
      expect(roots.some((root) => directory.startsWith(`${root.replace(/\/$/, '')}/`))).toBe(true);
    }
  });
});

describe("a job's name", () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = (claims: object) =>
    parseJobToken(`${encode({ alg: 'RS256' })}.${encode(claims)}.x`, { variable: 'SEMAPHORE_OIDC_TOKEN' });
  const identity = (environment: Environment, claims: object) => jobIdentityOf(environment, () => token(claims));

  test.each([
    [{ SEMAPHORE_JOB_ID: 'a-1' }, { job_id: 'b', jti: 'c' }, 'a-1'],
    [{ SEMAPHORE_JOB_ID: '' }, { job_id: 'b', jti: 'c' }, 'b'],
    [{}, { jti: 'c' }, 'c'],
  ])('%j and %j: %s', (environment, claims, id) => {
    expect(identity(environment, claims)).toEqual({ id, name: id });
  });

  test.each(['../../etc', 'a/b', 'a b', '.', 'x'.repeat(65), 'ä'])('%j names no directory: its SHA-256 does', (id) => {
    expect(identity({ SEMAPHORE_JOB_ID: id }, {})).toMatchObject({ id, name: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('without any id the token itself is hashed, and the session still has a legal name', () => {
    const nameless = identity({}, {});
    expect(nameless).toEqual({ id: undefined, name: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(sessionNameFor(nameless)).toMatch(/^semaphore-job-[0-9a-f]{32}$/);
    expect(sessionNameFor(identity({ SEMAPHORE_JOB_ID: 'j' }, {}))).toBe('semaphore-job-j');
  });

  test('the token is not read where the variable tells', () => {
    expect(jobIdentityOf({ SEMAPHORE_JOB_ID: 'j' }, () => expect.unreachable()).name).toBe('j');
  });
});

describe("a job's marker", () => {
  const undo = {
    profile: 'default',
    job: 'j1',
    keys: [['region', 'x']] as const,
    written: '[default]\nregion = x',
    former: null,
    lead: '',
  };
  const undoEarlier = { ...undo, keys: [['region', 'old']] as const, written: '[default]\nregion = old' };
  const marker = {
    job: 'j1',
    expires: new Date('2026-11-23T20:00:00Z'),
    profiles: [
      {
        config: '/home/me/.aws/config',
        profile: 'default',
        madeFile: true,
        undo,
        undoEarlier,
        recipe: {
          chain: { first: makePlainHop('arn:aws:iam::123456789012:role/deploy', 'semaphore-job-1'), further: [] },
          tokenFile: '/token',
          region: undefined,
        },
      },
    ],
    environmentBefore: { AWS_REGION: 'eu-west-1' },
  };

  test('is read back as it was written', () => {
    expect(parseMarker(makeMarkerText(marker))).toEqual(marker);
  });

  test.each([
    { what: 'what was written last', text: '[default]\nregion = x\n', by: undo },
    { what: 'what the last login, killed, left standing', text: '[default]\nregion = old\n', by: undoEarlier },
    { what: 'what others have changed', text: '[default]\nregion = other\n', by: undo },
  ])('undoes $what by the record of it', ({ text, by }) => {
    const [marked] = marker.profiles;
    expect(marked && undoOf(marked, text)).toBe(by);
  });

  test.each([
    ['', 'nothing'],
    ['{"form":"sem-aws-login job 1"', 'cut off'],
    ['[]', 'no object'],
    ['{"form":"something else"}', 'not ours'],
    [makeMarkerText(marker).replace('2026-11-23', 'soon'), 'no date'],
    [makeMarkerText(marker).replace('"lead": ""', '"lead": 1'), 'an undo that is none'],
    [makeMarkerText(marker).replace('"madeFile": true', '"madeFile": "yes"'), 'a profile that is none'],
  ])('%j is none: %s', (text) => {
    expect(parseMarker(text)).toBeUndefined();
  });
});
