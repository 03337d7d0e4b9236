import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../src/failure.ts';
import type { LoginPaths } from '../../src/login/paths.ts';
import { type LoginPlan, planLogin } from '../../src/login/plan.ts';
import { type JobToken, parseJobToken } from '../../src/semaphore/token.ts';
import type { SessionRequest } from '../../src/world/sts.ts';
import type { World } from '../../src/world/world.ts';
import { loginRequestOf, makeScratchHome, roleArn, type ScratchHome, sectionOf } from './scratch-home.ts';

const now = new Date('2026-11-22T20:00:00Z');
const keys = {
  accessKeyId: 'ASIA',
  secretAccessKey: 's',
  sessionToken: 't',
  expiration: new Date('2026-11-22T21:00:00Z'),
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenOf = (claims: object, source: JobToken['source'] = { variable: 'SEMAPHORE_OIDC_TOKEN' }) =>
  parseJobToken(`${encode({ alg: 'RS256' })}.${encode(claims)}.c2ln`, source);
const roleOf = (arn: string) => arn.replace(/.*\//, '');

const never = (): never => expect.unreachable();

/** An STS that grants every role and records the requests. */
function worldOf({ files }: ScratchHome): { readonly world: World; readonly asked: string[] } {
  const asked: string[] = [];
  const grant = async ({ hop, endpoint }: SessionRequest) => {
    asked.push(`${roleOf(hop.roleArn)} at ${endpoint.url}`);
    const account = hop.roleArn.split(':')[4];
    const assumedRoleArn = `arn:aws:sts::${account}:assumed-role/${roleOf(hop.roleArn)}/${hop.sessionName}`;
    return { kind: 'granted', value: { keys, assumedRoleArn }, serverTime: undefined } as const;
  };
  const world: World = {
    environment: {},
    platform: 'linux',
    uid: undefined,
    program: ['/opt/my tools/sem-aws-login'],
    files,
    clock: { now: () => now, sleep: never },
    random: () => 0,
    sts: {
      endpointOf: (region, partition) => ({ url: `${partition} ${region}`, signingRegion: 'x', isAws: true }),
      assumeRoleWithWebIdentity: grant,
      assumeRole: grant,
    },
    web: { get: never },
    input: { isTerminal: false, text: never },
    processes: { run: never, startWatcher: never },
    processTable: { jobShell: never, thisProcess: never, hasEnded: never },
    output: {
      stdoutIsTerminal: false,
      stdoutIsDiscarded: false,
      stdoutColumns: undefined,
      stderrColumns: undefined,
      stdout: never,
      stderr: never,
      rewriteLine: never,
    },
  };
  return { world, asked };
}

interface Planned {
  readonly plan: LoginPlan;
  readonly paths: LoginPaths;
  readonly asked: readonly string[];
}

/** Plans a login of job `j1` with these flags. */
async function planned(argv: readonly string[], scratch = makeScratchHome(), token = tokenOf({})): Promise<Planned> {
  const { world, asked } = worldOf(scratch);
  const paths = scratch.paths('j1');
  const subject = { token, sessionName: 'semaphore-job-j1', paths };
  return { plan: await planLogin(loginRequestOf(argv), subject, world), paths, asked };
}

describe('a plain role', () => {
  test('gets a web-identity profile after STS grants it', async () => {
    const { plan, paths, asked } = await planned(['--region', 'eu-west-1']);
    const tokenFile = join(paths.directory, 'token');
    expect(asked).toEqual(['deploy at aws eu-west-1']);
    expect(plan).toEqual({
      region: 'eu-west-1',
      endpoint: { url: 'aws eu-west-1', signingRegion: 'x', isAws: true },
      staticKeys: [],
      roles: [
        {
          profile: 'default',
          chain: expect.objectContaining({ further: [] }),
          session: {
            keys,
            assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/deploy/semaphore-job-j1',
            skew: 0,
          },
          webIdentity: { roleArn, tokenFile, sessionName: 'semaphore-job-j1', region: 'eu-west-1' },
          keys: [
            ['role_arn', roleArn],
            ['web_identity_token_file', tokenFile],
            ['role_session_name', 'semaphore-job-j1'],
            ['region', 'eu-west-1'],
            ['sts_regional_endpoints', 'regional'],
          ],
          recipe: { chain: plan.roles[0].chain, tokenFile, region: 'eu-west-1' },
        },
      ],
    });
  });

  test('has no region if none is known', async () => {
    const { plan } = await planned([]);
    expect(plan.region).toBeUndefined();
    const names = ['role_arn', 'web_identity_token_file', 'role_session_name', 'sts_regional_endpoints'];
    expect(plan.roles[0].keys.map(([name]) => name)).toEqual(names);
  });

  test('keeps the region that an earlier login wrote, unless another is given', async () => {
    const scratch = makeScratchHome();
    scratch.put(scratch.config, sectionOf('j1'));
    expect((await planned([], scratch)).plan.region).toBe('eu-west-1');
    expect((await planned(['--region', 'eu-north-1'], scratch)).plan.region).toBe('eu-north-1');
  });

  test('uses a --token-file at its path', async () => {
    const { plan } = await planned([], makeScratchHome(), tokenOf({}, { file: '/run/token' }));
    expect(plan.roles[0].webIdentity?.tokenFile).toBe('/run/token');
    expect(plan.roles[0].recipe.tokenFile).toBe('/run/token');
  });
});

describe('a role that needs credential_process', () => {
  const audit = 'arn:aws:iam::210987654321:role/audit';
  const command = (paths: LoginPaths) =>
    `'/opt/my tools/sem-aws-login' credentials --profile default --job-directory ${paths.directory} --format process`;
  const withId = (paths: LoginPaths) =>
    expect.stringMatching(new RegExp(`^${command(paths)} --login-id [0-9a-f]{16}$`));

  test('gets a profile that runs this program', async () => {
    const { plan, paths, asked } = await planned(['--then-role-arn', audit, '--region', 'eu-west-1']);
    expect(asked).toEqual(['deploy at aws eu-west-1', 'audit at aws eu-west-1']);
    expect(plan.roles[0]).toMatchObject({
      webIdentity: undefined,
      session: { assumedRoleArn: 'arn:aws:sts::210987654321:assumed-role/audit/semaphore-job-j1' },
    });
    expect(plan.roles[0].keys).toEqual([
      ['credential_process', withId(paths)],
      ['region', 'eu-west-1'],
    ]);
  });

  test('has no region if none is known', async () => {
    const { plan, paths } = await planned(['--duration', '900']);
    expect(plan.roles[0].keys).toEqual([['credential_process', withId(paths)]]);
  });

  test('sends the session policy unchanged', async () => {
    const scratch = makeScratchHome();
    const policy = '{ "Statement": [] }\n';
    const path = scratch.put(join(scratch.home, 'policy.json'), policy);
    const { plan } = await planned(['--session-policy', path], scratch);
    expect(plan.roles[0].recipe.chain.first.policy).toBe(policy);
    await expect(planned(['--session-policy', `${path}.gone`])).rejects.toMatchObject({
      facts: { kind: 'session-policy-invalid' },
    });
  });
});

test('several roles are requested, each for its profile', async () => {
  const other = 'arn:aws:iam::210987654321:role/audit';
  const { plan, asked } = await planned(['--role', `a=${roleArn}`, '--role', `b=${other}`]);
  expect(asked).toEqual(['deploy at aws undefined', 'audit at aws undefined']);
  expect(plan.roles.map(({ profile, webIdentity }) => [profile, webIdentity?.roleArn])).toEqual([
    ['a', roleArn],
    ['b', other],
  ]);
});

describe('without STS', () => {
  test('sends no request', async () => {
    const { plan, asked } = await planned(['--no-verify']);
    expect(asked).toEqual([]);
    expect(plan.roles[0]).toMatchObject({ session: undefined, webIdentity: { roleArn } });
  });

  test('rejects an expired token, which STS does otherwise', async () => {
    const ended = tokenOf({ exp: now.getTime() / 1000 - 3600 });
    const refused = planned(['--no-verify'], makeScratchHome(), ended);
    await expect(refused).rejects.toThrow(Failure);
    await expect(refused).rejects.toMatchObject({ facts: { kind: 'token-expired' } });
    expect((await planned([], makeScratchHome(), ended)).asked).toHaveLength(1);
  });
});

test('static keys for the profile are rejected unless --overwrite-profile is set', async () => {
  const scratch = makeScratchHome();
  const path = scratch.put(join(scratch.home, '.aws', 'credentials'), '[default]\naws_access_key_id = A\n');
  await expect(planned([], scratch)).rejects.toMatchObject({
    facts: { kind: 'static-keys', profile: 'default', path, line: 2 },
  });
  const { plan } = await planned(['--overwrite-profile'], scratch);
  expect(plan.staticKeys).toEqual([{ path, profile: 'default' }]);
});
