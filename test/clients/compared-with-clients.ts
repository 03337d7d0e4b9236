import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { ClientChoice } from '../../src/clients/choice.ts';
import type { CredentialSource } from '../../src/clients/source.ts';
import { makeTrustPolicy } from '../aws-simulator/account.ts';
import { type LocalAws, makeStandardRole, standardAccount, startAws } from '../aws-simulator/aws.ts';
import { runExecutable } from '../executable.ts';
import { type ClientName, installedClients } from '../real-clients/client.ts';
import { type Answer, networkOf, runClients } from '../real-clients/client-run.ts';
import { type Combination, keysOf, roleArnOf } from './combinations.ts';

// The report's name of each client; JavaScript v2 is out of support and has no row.
const nameInModel: Readonly<Partial<Record<ClientName, string>>> = {
  'AWS CLI v2': 'AWS CLI',
  boto3: 'boto3',
  'JavaScript v3': 'JavaScript v3',
  Ruby: 'Ruby',
  'Go v2': 'Go v2 (Terraform)',
};

const userNames = ['environment', 'credentials-file', 'config-file', 'process'];
const userArn = (user: string) => `arn:aws:iam::${standardAccount}:user/${user}`;
const sessionArn = (roleArn: string, session: string) =>
  `arn:aws:sts::${standardAccount}:assumed-role/${roleArn.split('/')[1]}/${session}`;

let aws: LocalAws;
let root: string;

/** Starts the local STS for the calling suite. */
export function useClients(): void {
  beforeAll(start);
  afterAll(async () => {
    await aws.close();
    await rm(root, { recursive: true });
  });
}

async function start(): Promise<void> {
  const bySignature = { Effect: 'Allow' as const, Principal: { AWS: standardAccount }, Action: 'sts:AssumeRole' };
  const standard = makeStandardRole();
  const deploy = {
    ...standard,
    trustPolicy: { ...standard.trustPolicy, Statement: [standard.trustPolicy.Statement, bySignature].flat() },
  };
  const other = {
    arn: roleArnOf('other'),
    trustPolicy: makeTrustPolicy({ roleArn: roleArnOf('other'), issuer: 'https://acme.semaphoreci.com', subject: '*' }),
  };
  const chained = { arn: roleArnOf('chained'), trustPolicy: { Version: '2012-10-17', Statement: [bySignature] } };
  const users = userNames.map((user) => ({
    arn: userArn(user),
    accessKeyId: keysOf(user).id,
    secretAccessKey: keysOf(user).secret,
  }));
  aws = await startAws({ roles: [deploy, other, chained], users });
  root = await mkdtemp(join(tmpdir(), 'sem-aws-login-precedence-'));
  await writeFile(join(root, 'token'), aws.mint('branch'));
  const { id, secret } = keysOf('process');
  const answer = JSON.stringify({ Version: 1, AccessKeyId: id, SecretAccessKey: secret });
  await writeFile(join(root, 'process'), `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 });
}

const filled = (text: string) =>
  text.replaceAll('{token}', join(root, 'token')).replaceAll('{process}', join(root, 'process'));

function environmentOf({ environment = {} }: Combination): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]));
}

/** Returns what the built program's doctor reports of each client in this environment. */
async function choicesByDoctor(home: string, environment: Record<string, string>): Promise<readonly ClientChoice[]> {
  // Without the machine's own role, as for the clients.
  const variables = { HOME: home, AWS_EC2_METADATA_DISABLED: 'true', ...environment };
  const { stdout, stderr } = await runExecutable(['doctor', '--json'], variables);
  // The program's own schema; a wrong shape fails the expectations on it.
  const { findings } = JSON.parse(stdout) as { findings: { check: string; data: { choices: ClientChoice[] } }[] };
  return findings.find(({ check }) => check === 'clients')?.data.choices ?? expect.fail(stderr);
}

/** Returns the ARN that STS would see; `none` for a client without credentials. */
function callerOf(source: CredentialSource, none: string): string | RegExp {
  switch (source.kind) {
    case 'environment-keys':
      return userArn('environment');
    case 'profile-keys':
      return userArn(`${source.file}-file`);
    case 'process':
      return userArn('process');
    case 'web-identity':
    case 'role':
      return source.sessionName === undefined ? /assumed-role/ : sessionArn(source.roleArn, source.sessionName);
    default:
      return none;
  }
}

async function homeOf({ config, credentials }: Combination): Promise<string> {
  const home = await mkdtemp(join(root, 'home-'));
  await mkdir(join(home, '.aws'));
  if (config !== undefined) await writeFile(join(home, '.aws/config'), filled(config));
  if (credentials !== undefined) await writeFile(join(home, '.aws/credentials'), filled(credentials));
  return home;
}

function summaryOf(client: ClientName, answer: Answer | undefined) {
  const failed = answer === undefined || answer.error !== '';
  return { client, arn: failed ? 'nobody' : answer.arn, region: failed ? 'not asked' : answer.region };
}

function expectedOf(client: ClientName, choice: ClientChoice | undefined) {
  if (choice === undefined) throw new Error(`The model knows no ${client}`);
  const caller = callerOf(choice.source, 'nobody');
  const arn = typeof caller === 'string' ? caller : expect.stringMatching(caller);
  return { client, arn, region: caller === 'nobody' ? 'not asked' : (choice.region.region ?? '') };
}

/** Runs every client in this combination, and expects each to do what doctor reports. */
export async function expectDoctorRight(combination: Combination, clients: readonly ClientName[]): Promise<void> {
  const home = await homeOf(combination);
  const environment = { ...networkOf(aws), ...environmentOf(combination) };
  const answers = await runClients(clients, { home, environment });
  const choices = await choicesByDoctor(home, environment);
  const model = new Map(choices.map((choice) => [choice.client, choice]));
  const said = clients.map((name) => summaryOf(name, answers[name]));
  expect(said).toEqual(clients.map((name) => expectedOf(name, model.get(nameInModel[name] ?? ''))));
}

/** The clients of the model that this machine has. */
export function testedClients(suite: string): readonly ClientName[] {
  return installedClients(suite).filter((name) => nameInModel[name] !== undefined);
}
