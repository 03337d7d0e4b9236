import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalAws, makeStandardRole, startAws } from '../aws-simulator/aws.ts';
import type { Agent } from '../aws-simulator/job-environment.ts';
import { runExecutable } from '../executable.ts';
import { installedClients } from './client.ts';
import { networkOf, runClients } from './client-run.ts';

// Two shells of one job that log in as different roles: each client has its own shell's role.
const suite = 'real clients with two roles in one job';
const clients = installedClients(suite).filter((name) => name !== 'Ruby' && name !== 'JavaScript v2');

const arnOf = (role: string): string => `arn:aws:iam::123456789012:role/${role}`;
const roles = ['deploy', 'any', 'third'];

let aws: LocalAws;
let root: string;
beforeAll(async () => {
  const standard = makeStandardRole();
  aws = await startAws({ roles: roles.map((role) => ({ ...standard, arn: arnOf(role) })) });
  root = await mkdtemp(join(tmpdir(), 'sem-aws-login-two-roles-'));
});
afterAll(async () => {
  await aws.close();
  await rm(root, { recursive: true });
});

type Variables = Readonly<Record<string, string>>;

interface Shell {
  readonly home: string;
  environment: Variables;
}

/** A job's shell. Its sub-shells are copies of it. */
const startJob = async (agent: Agent, preset: Variables): Promise<Shell> => {
  const home = await mkdtemp(join(root, 'home-'));
  const variables = { HOME: home, ...aws.environmentFor('branch', { agent }), ...networkOf(aws), ...preset };
  return { home, environment: variables };
};

/** Returns the env file's path. */
const printedBy = async ({ home, environment }: Shell, args: readonly string[]): Promise<string> => {
  const run = await runExecutable(args, { ...environment, HOME: home });
  expect(run, run.stderr).toMatchObject({ exitCode: 0 });
  return run.stdout.trimEnd();
};

const source = async (shell: Shell, file: string): Promise<void> => {
  const script = 'source "$0" && exec env -0';
  const options = { env: { PATH: '/usr/bin:/bin', ...shell.environment } };
  const { stdout } = await promisify(execFile)('/bin/bash', ['-c', script, file], options);
  const entries = stdout.split('\0').filter((entry) => entry.includes('='));
  const variables = entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]);
  shell.environment = Object.fromEntries(variables);
};

const logIn = (shell: Shell, role: string, flags: readonly string[] = []): Promise<string> =>
  printedBy(shell, ['--role-arn', arnOf(role), '--region', 'eu-west-1', ...flags]);

/** Returns the role's name for each client, or its error. */
const rolesIn = async (shell: Shell, profile?: string): Promise<Readonly<Record<string, string>>> => {
  const answers = await runClients(clients, { ...shell, ...(profile === undefined ? {} : { profile }) });
  const named = Object.entries(answers).map(([client, { arn, error }]) => [client, arn.split('/')[1] ?? error]);
  return Object.fromEntries(named);
};

const all = (role: string) => Object.fromEntries(clients.map((client) => [client, role]));

/** The config file before any login. */
const userConfig = '[profile mine]\nregion = eu-central-1\n';

const putConfig = async (path: string): Promise<string> => {
  await writeFile(path, userConfig);
  return path;
};

interface Row {
  readonly agent?: Agent;
  readonly flags?: readonly string[];
  readonly ownConfigFile?: true;
}

const rows: Readonly<Record<string, Row>> = {
  'on a hosted agent': {},
  'with a profile of a given name': { flags: ['--profile', 'aws'] },
  'with credential_process profiles': { flags: ['--duration', '900'] },
  'with exported keys': { flags: ['--export', 'static'] },
  'with an AWS_CONFIG_FILE of the user’s': { ownConfigFile: true },
  'on a self-hosted agent': { agent: 'self-hosted' },
};

const startRow = async ({ agent = 'hosted', ownConfigFile }: Row) => {
  const path = join(await mkdtemp(join(root, 'config-')), 'config');
  const preset: Variables = ownConfigFile === undefined ? {} : { AWS_CONFIG_FILE: await putConfig(path) };
  return { path, shell: await startJob(agent, preset) };
};

describe('two shells of one job with two roles', () => {
  test.each(Object.entries(rows))('side by side, %s', async (_, row) => {
    const { shell, path } = await startRow(row);
    const first = { ...shell };
    const second = { ...shell };
    const pairs = [
      [first, 'deploy'],
      [second, 'any'],
    ] as const;
    const files = await Promise.all(pairs.map(([one, role]) => logIn(one, role, row.flags)));
    await Promise.all(pairs.map(([one], index) => source(one, files[index] ?? '')));
    for (const [one, role] of pairs) expect(await rolesIn(one)).toEqual(all(role));
    const logout = await printedBy(second, ['logout']);
    for (const [one] of pairs) {
      await source(one, logout);
      expect(one.environment['AWS_CONFIG_FILE']).toBe(shell.environment['AWS_CONFIG_FILE']);
    }
    if (row.ownConfigFile) expect(await readFile(path, 'utf8')).toBe(userConfig);
    expect(existsSync(join(shell.home, '.aws/config'))).toBe(false);
  });

  const inTurn = ['on a hosted agent', 'with credential_process profiles', 'on a self-hosted agent'] as const;
  test.each(inTurn)('one after the other, %s', async (name) => {
    const row = rows[name] ?? {};
    const { shell } = await startRow(row);
    const first = { ...shell };
    await source(first, await logIn(first, 'deploy', row.flags));
    const before = first.environment;
    const second = { ...first };
    await source(second, await logIn(second, 'any', row.flags));
    expect(await rolesIn(second)).toEqual(all('any'));
    expect(await rolesIn(first)).toEqual(all('deploy'));
    // The last login applies to its shell, and the other shell keeps its role.
    await source(second, await logIn(second, 'deploy', row.flags));
    expect(second.environment['AWS_CONFIG_FILE']).toBe(before['AWS_CONFIG_FILE']);
    await source(first, await logIn(first, 'third', row.flags));
    expect(await rolesIn(first)).toEqual(all('third'));
    expect(await rolesIn(second)).toEqual(all('deploy'));
  });
});
