import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LocalAws, startAws } from '../aws-simulator/aws.ts';
import { skipped } from '../skips.ts';
import { type LocalIam, startIam } from './local-iam.ts';
import { documentOf, makeScratch, runSetup, trustPolicyFor } from './setup-run.ts';
import { account } from './wanted-jobs.ts';

const project = '936a5312-a3b8-4921-8b3f-2cec8baac574';
const policy = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const args = ['--org', 'acme', '--project-id', project, '--repo', 'web', '--branch', "it's", '--role-name', 'deploy'];
const all = [...args, '--format', 'json', '--account-id', account, '--permissions-policy-arn', policy];

const hasAws = existsSync('/usr/bin/aws');
if (!hasAws) skipped('the JSON of setup by the AWS CLI', 'no /usr/bin/aws');
const hasBoto3 = existsSync('/usr/lib/python3/dist-packages/boto3');
if (!hasBoto3) skipped('the JSON of setup by boto3', 'no python3-boto3');

let aws: LocalAws;
let iam: LocalIam;
beforeAll(async () => {
  aws = await startAws({ roles: [], providers: [] });
  iam = await startIam(aws.accounts, account);
});
beforeEach(() => {
  aws.accounts.roles.splice(0);
  aws.accounts.providers.splice(0);
});
afterAll(async () => {
  await Promise.all([iam.close(), aws.close()]);
});

const environment = {
  ...{ PATH: '/usr/bin:/bin', HOME: '/nonexistent', LC_ALL: 'C.UTF-8', AWS_EC2_METADATA_DISABLED: 'true' },
  ...{ AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_DEFAULT_REGION: 'eu-west-1' },
};

async function expectEverythingCreated(): Promise<void> {
  expect(aws.accounts.providers).toEqual([
    { account, issuer: 'https://acme.semaphoreci.com', audiences: ['https://acme.semaphoreci.com'] },
  ]);
  expect(aws.accounts.roles).toMatchObject([{ trustPolicy: await trustPolicyFor(args) }]);
  expect(iam.attached.at(-1)).toBe(policy);
}

describe('the JSON of setup', () => {
  it.skipIf(!hasAws)('works with the printed commands of the AWS CLI, as pasted', async () => {
    using scratch = makeScratch();
    const out = join(scratch.path, 'my setup');
    const { stderr } = await runSetup([...all, '--out', out]);
    const commands = stderr.split('\n').filter((line) => line.startsWith('  aws iam '));
    expect(commands.map((line) => line.split(' ').at(4))).toEqual([
      'create-open-id-connect-provider',
      'create-role',
      'attach-role-policy',
      'create-open-id-connect-provider',
    ]);
    const [provider = '', role = '', attach = '', providerOfOldClient = ''] = commands;
    const paste = (command: string) =>
      promisify(execFile)('bash', ['-c', `aws() { /usr/bin/aws --endpoint-url ${iam.url} "$@"; }; ${command}`], {
        env: environment,
      });
    await paste(provider).catch(async (error: unknown) => {
      expect(String(error)).toContain('ThumbprintList');
      await paste(providerOfOldClient);
    });
    await paste(role);
    await paste(attach);
    await expectEverythingCreated();
  });

  it.skipIf(!hasBoto3)('works with the printed lines for boto3', async () => {
    using scratch = makeScratch();
    const file = join(scratch.path, 'setup.json');
    // Debian's boto3 requires a thumbprint; newer ones do not.
    const thumbprint = ['--thumbprint', '0123456789abcdef0123456789abcdef01234567'];
    writeFileSync(file, await documentOf([...all, ...thumbprint]));
    const { stderr } = await runSetup(all);
    const lines = stderr.split('\n').filter((line) => /^ {2}(?:calls|iam|for) ?[.=p]/.test(line));
    expect(lines).toHaveLength(4);
    const program = [
      'import boto3, json',
      `iam = boto3.client("iam", endpoint_url="${iam.url}")`,
      ...lines.map((line) => line.slice(2).replace('FILE', file)),
    ].join('\n');
    await promisify(execFile)('/usr/bin/python3', ['-c', program], { env: environment });
    await expectEverythingCreated();
  });
});
