import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/setup/comparison.ts';
import { documentOf, makeScratch, runSetup } from './setup-run.ts';
import { account, flagsOf, wantedJobs } from './wanted-jobs.ts';

const project = '936a5312-a3b8-4921-8b3f-2cec8baac574';
const main = ['--org', 'acme', '--project-id', project, '--repo', 'web', '--branch', 'main'];
const host = 'acme.semaphoreci.com';
const provider = `arn:aws:iam::${account}:oidc-provider/${host}`;
const subject = `org:acme:project:${project}:repo:web:ref_type:branch:ref:refs/heads/main`;

interface Changes {
  readonly Condition?: unknown;
  readonly Action?: unknown;
  readonly Principal?: unknown;
}

/** Returns the output of `aws iam get-role` for a role with one statement. */
function roleWith(changes: Changes = {}): string {
  const statement = {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${host}:aud`]: `https://${host}`, [`${host}:sub`]: subject } },
    ...changes,
  };
  return roleOf({ Version: '2012-10-17', Statement: [statement] });
}

function roleOf(AssumeRolePolicyDocument: unknown): string {
  const Role = {
    ...{ Path: '/', RoleName: 'deploy', RoleId: 'AROAEXAMPLE', Arn: `arn:aws:iam::${account}:role/deploy` },
    ...{ CreateDate: '2026-11-22T20:15:00+00:00', AssumeRolePolicyDocument, MaxSessionDuration: 3600 },
  };
  return `${JSON.stringify({ Role }, null, 4)}\n`;
}

const check = (stdin: string, args: readonly string[] = main) => runSetup(['--check', '-', ...args], {}, stdin);

describe('a role equal to the one that setup writes', () => {
  it('passes the check, for any request', async () => {
    await fc.assert(
      fc.asyncProperty(wantedJobs, async (wanted) => {
        const args = flagsOf(wanted);
        const { CreateRole } = JSON.parse(await documentOf([...args, '--format', 'json', '--account-id', account]));
        const { exitCode, stdout, stderr } = await check(roleOf(CreateRole.AssumeRolePolicyDocument), args);
        expect(stdout).not.toContain('FAIL');
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      }),
      { numRuns: 100 },
    );
  });

  it.each<[string, Changes]>([
    ['without a Sid', {}],
    ['with a list of one', { Action: ['sts:AssumeRoleWithWebIdentity'] }],
    [
      'in another order',
      { Condition: { StringEquals: { [`${host}:sub`]: [subject], [`${host}:aud`]: `https://${host}` } } },
    ],
  ])('%s', async (_name, changes) => {
    const { exitCode, stdout } = await check(roleWith(changes));
    expect(exitCode).toBe(0);
    expect(stdout).toContain('standard input is the role that setup writes.');
  });

  it('can be in a file', async () => {
    using scratch = makeScratch();
    const file = join(scratch.path, 'role.json');
    writeFileSync(file, roleWith());
    expect((await runSetup(['--check', file, ...main])).exitCode).toBe(0);
    expect((await runSetup(['--check', `${file}x`, ...main])).exitCode).toBe(4);
  });
});

describe('a role with differences', () => {
  const aud = { [`${host}:aud`]: `https://${host}` };
  it.each<[string, Changes, readonly string[]]>([
    [
      'an audience with a slash denies the job',
      { Condition: { StringEquals: { [`${host}:aud`]: `https://${host}/`, [`${host}:sub`]: subject } } },
      [
        'FAIL branch main: refused, but should be let in',
        `-          "${host}:aud": "https://${host}/",`,
        'ends with a slash',
      ],
    ],
    [
      'a wildcard over all references allows pull requests',
      { Condition: { StringEquals: aud, StringLike: { [`${host}:sub`]: `org:acme:project:${project}:repo:web:*` } } },
      ["FAIL a pull request, a fork's too: let in, but should be refused", 'FAIL another branch: let in'],
    ],
    [
      'no subject condition allows every project',
      { Condition: { StringEquals: aud } },
      ['FAIL another project, branch main: let in', 'Every project of the organization is let in'],
    ],
    [
      "another account's provider",
      { Principal: { Federated: provider.replace(account, '000000000000') } },
      ['FAIL branch main: refused', 'by the principal of statement 1'],
    ],
  ])('%s', async (_name, changes, texts) => {
    const { exitCode, stdout, stderr } = await check(roleWith(changes));
    expect(exitCode).toBe(5);
    for (const text of texts) expect(stdout).toContain(text);
    expect(stderr).toContain('is not the one that this setup');
  });

  it('tokens with tags need sts:TagSession', async () => {
    const { exitCode, stdout } = await check(roleWith(), [...main, '--session-tags']);
    expect(exitCode).toBe(5);
    expect(stdout).toContain('FAIL branch main: refused');
  });

  it('a requested session duration is compared', async () => {
    const { exitCode, stdout } = await check(roleWith(), [...main, '--max-session-duration', '7200']);
    expect(exitCode).toBe(5);
    expect(stdout).toContain('-MaxSessionDuration: 3600\n+MaxSessionDuration: 7200');
  });

  it('a role of another account is an error', async () => {
    expect((await check(roleWith(), [...main, '--account-id', '000000000000'])).exitCode).toBe(2);
  });
});

it('a difference contains all lines of both texts in order, and equal texts as common lines only', () => {
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', '{', '}'), { maxLength: 12 });
  fc.assert(
    fc.property(texts, texts, (first, second) => {
      const lines = differenceOf(first, second);
      const of = (side: string) => lines.filter((line) => [side, 'both'].includes(line.side)).map(({ text }) => text);
      expect({ first: of('first'), second: of('second') }).toEqual({ first, second });
      if (first.join() === second.join()) expect(lines.every(({ side }) => side === 'both')).toBe(true);
    }),
  );
});

describe('input that is not a role', () => {
  it.each(['', '{}', 'null', '[]', '{"Role":{}}', roleWith().replace('"Effect"', '"Efect"'), roleWith().slice(0, -20)])(
    '%j',
    async (text) => {
      const { exitCode, stdout, stderr } = await check(text);
      expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
      expect(stderr).toContain('holds no role to compare with');
    },
  );

  it('a policy alone is enough, with the account', async () => {
    const policy = JSON.stringify(JSON.parse(roleWith()).Role.AssumeRolePolicyDocument);
    expect((await check(policy)).exitCode).toBe(2);
    expect((await check(policy, [...main, '--account-id', account])).exitCode).toBe(0);
  });
});
