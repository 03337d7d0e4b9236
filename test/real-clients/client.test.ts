import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAws, standardRoleArn, startAws } from '../aws-simulator/aws.ts';
import { type ClientName, installedClients } from './client.ts';
import { networkOf, runClient, runClients } from './client-run.ts';

// The clients with a handwritten config file: if these fail, the tests of the login prove nothing.
const clients = installedClients('real clients');

// Even with a region in code, these need one in the environment or a file to call STS.
const needsRegion: ReadonlySet<ClientName> = new Set(['JavaScript v2', 'Go v2']);

let aws: LocalAws;
let home: string;
let token: string;
beforeAll(async () => {
  aws = await startAws();
  home = await mkdtemp(join(tmpdir(), 'sem-aws-login-clients-'));
  token = join(home, 'token');
  await writeFile(token, aws.mint('branch'));
  await mkdir(join(home, '.aws'));
  const keys = `role_arn = ${standardRoleArn}\nweb_identity_token_file = ${token}\nregion = eu-west-1\n`;
  const sections = `[default]\nrole_session_name = by-default\n${keys}[profile named]\nrole_session_name = by-name\n${keys}`;
  await writeFile(join(home, '.aws/config'), sections);
  await writeFile(join(home, 'env'), 'unset AWS_ROLE_ARN\nexport AWS_SDK_LOAD_CONFIG=1\n');
});
afterAll(async () => {
  await aws.close();
  await rm(home, { recursive: true });
});

const arnOf = (session: string) => `arn:aws:sts::123456789012:assumed-role/deploy/${session}`;

describe.each(clients)('%s', (name) => {
  const run = (environment: Record<string, string>, where: object = {}) =>
    runClient(name, { home, environment: { ...networkOf(aws), ...environment }, ...where });

  test('logs in through [default]', async () => {
    const answer = await run({ AWS_SDK_LOAD_CONFIG: '1' });
    expect(answer).toMatchObject({ error: '', arn: arnOf('by-default'), account: '123456789012', region: 'eu-west-1' });
  });

  test('logs in through the profile that its own option names', async () => {
    const answer = await run({ AWS_SDK_LOAD_CONFIG: '1' }, { profile: 'named' });
    expect(answer).toMatchObject({ error: '', arn: arnOf('by-name') });
  });

  const variables = () => ({
    AWS_ROLE_ARN: standardRoleArn,
    AWS_WEB_IDENTITY_TOKEN_FILE: token,
    AWS_ROLE_SESSION_NAME: 'by-variables',
    AWS_CONFIG_FILE: '/dev/null',
  });

  test('logs in through the three variables, without a file', async () => {
    const regions = { AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1' };
    const answer = await run({ ...variables(), ...regions });
    expect(answer).toMatchObject({ error: '', arn: arnOf('by-variables'), region: 'eu-west-1' });
  });

  test(`without a region ${needsRegion.has(name) ? 'does not find STS' : 'logs in too'}`, async () => {
    const answer = await run(variables());
    expect(answer.arn).toBe(needsRegion.has(name) ? '' : arnOf('by-variables'));
  });

  test('sees what bash sourced before it', async () => {
    const answer = await run({ AWS_ROLE_ARN: 'arn:of:nothing' }, { environmentFile: join(home, 'env') });
    expect(answer).toMatchObject({ error: '', arn: arnOf('by-default') });
  });

  test('reports that it has no credentials when there are none', async () => {
    const answer = await run({ AWS_CONFIG_FILE: '/dev/null' });
    expect(answer).toMatchObject({ arn: '', error: expect.stringMatching(/credentials|config/i) });
  });
});

test('nothing of the test’s own environment reaches a client', async () => {
  process.env['AWS_PROFILE'] = 'of-the-test';
  const answers = await runClients(clients, {
    home,
    environment: { ...networkOf(aws), AWS_SDK_LOAD_CONFIG: '1' },
  });
  delete process.env['AWS_PROFILE'];
  expect(Object.values(answers).map(({ arn }) => arn)).toEqual(clients.map(() => arnOf('by-default')));
});
