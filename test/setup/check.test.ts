import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../src/setup/difference.ts';
import { makeScratch, runSetup, trustPolicyFor } from './setup-run.ts';
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
        const { exitCode, stdout, stderr } = await check(roleOf(await trustPolicyFor(args)), args);
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
    expect(stdout).toContain('ok   trust policy\n');
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
        'FAIL branch main: denied, but should be allowed',
        `-          "${host}:aud": "https://${host}/",`,
        'ends with a slash',
      ],
    ],
    [
      'a wildcard over all references allows pull requests',
      { Condition: { StringEquals: aud, StringLike: { [`${host}:sub`]: `org:acme:project:${project}:repo:web:*` } } },
      ['FAIL a pull request, also from a fork: allowed, but should be denied', 'FAIL another branch: allowed'],
    ],
    [
      'no subject condition allows every project',
      { Condition: { StringEquals: aud } },
      ['FAIL another project, branch main: allowed', 'Every project of the organization is let in'],
    ],
    [
      "another account's provider",
      { Principal: { Federated: provider.replace(account, '000000000000') } },
      ['FAIL branch main: denied', 'by the principal of statement 1'],
    ],
  ])('%s', async (_name, changes, texts) => {
    const { exitCode, stdout, stderr } = await check(roleWith(changes));
    expect(exitCode).toBe(5);
    for (const text of texts) expect(stdout).toContain(text);
    expect(stderr).toContain('differs from what setup writes');
  });

  it('tokens with tags need sts:TagSession', async () => {
    const { exitCode, stdout } = await check(roleWith(), [...main, '--session-tags']);
    expect(exitCode).toBe(5);
    expect(stdout).toContain('FAIL branch main: denied');
  });

  it('a requested session duration is compared', async () => {
    const { exitCode, stdout } = await check(roleWith(), [...main, '--max-session-duration', '7200']);
    expect(exitCode).toBe(5);
    expect(stdout).toContain('FAIL maximum session duration: 3600 s, but setup writes 7200 s');
  });

  it('a longer session is a difference, also if none is requested', async () => {
    const { exitCode, stdout } = await check(roleWith().replace('3600', '43200'));
    expect(exitCode).toBe(5);
    expect(stdout).toContain('FAIL maximum session duration: 43200 s, but setup writes 3600 s');
    expect(stdout).toContain('ok   trust policy\n');
  });

  it('a requested role name is compared', async () => {
    const { exitCode, stdout } = await check(roleWith(), [...main, '--role-name', 'Deploy']);
    expect(exitCode).toBe(5);
    expect(stdout).toContain('FAIL role name: deploy, but setup writes Deploy');
    expect((await check(roleWith(), [...main, '--role-name', 'deploy'])).exitCode).toBe(0);
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
      expect(stderr).toContain('has no trust policy that can be read');
    },
  );

  it('a policy alone is enough, with the account', async () => {
    const policy = JSON.stringify(JSON.parse(roleWith()).Role.AssumeRolePolicyDocument);
    expect((await check(policy)).exitCode).toBe(2);
    expect((await check(policy, [...main, '--account-id', account])).exitCode).toBe(0);
  });
});

describe('files with the attached policies and the provider', () => {
  const readOnly = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
  const attached = (...arns: string[]) =>
    JSON.stringify({ AttachedPolicies: arns.map((PolicyArn) => ({ PolicyName: 'x', PolicyArn })) });
  const providerWith = (changes: object = {}) =>
    JSON.stringify({ Url: host, ClientIDList: [`https://${host}`], ThumbprintList: ['a'.repeat(40)], ...changes });
  const checkFiles = async (texts: readonly string[], args: readonly string[] = main) => {
    using scratch = makeScratch();
    const files = texts.map((text, index) => {
      const file = join(scratch.path, `${index}.json`);
      writeFileSync(file, text);
      return ['--check', file];
    });
    const { exitCode, stdout, stderr } = await runSetup([...files.flat(), ...args]);
    return { exitCode, stderr, stdout: stdout.replaceAll(scratch.path, 'DIR') };
  };

  it('are compared in any order, with no command left to run', async () => {
    const { exitCode, stdout } = await checkFiles([providerWith(), roleWith(), attached()]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('ok   attached policies: none\n');
    expect(stdout).toContain(`ok   provider URL: ${host}\n`);
    expect(stdout).toContain(`ok   provider audience: https://${host}\n`);
    expect(stdout).not.toContain('aws iam');
  });

  it.each<[string, readonly string[], readonly string[], string]>([
    [
      'a missing policy',
      [attached()],
      ['--permissions-policy-arn', readOnly],
      `attached policies: none, but setup writes ${readOnly}`,
    ],
    ['another policy', [attached(readOnly)], [], `attached policies: ${readOnly}, but setup writes none`],
    [
      'another issuer',
      [providerWith({ Url: 'x.semaphoreci.com' })],
      [],
      `provider URL: x.semaphoreci.com, but setup writes ${host}`,
    ],
    [
      'another audience',
      [providerWith({ ClientIDList: ['sts.amazonaws.com'] })],
      [],
      `provider audience: sts.amazonaws.com, but setup writes https://${host}`,
    ],
    [
      'no audience',
      [providerWith({ ClientIDList: [] })],
      [],
      `provider audience: none, but setup writes https://${host}`,
    ],
    [
      'another thumbprint',
      [providerWith()],
      ['--thumbprint', 'b'.repeat(40)],
      `provider thumbprints: ${'a'.repeat(40)}, but setup writes ${'b'.repeat(40)}`,
    ],
  ])('show %s', async (_name, texts, args, difference) => {
    const { exitCode, stdout, stderr } = await checkFiles([roleWith(), ...texts], [...main, ...args]);
    expect(exitCode).toBe(5);
    expect(stdout).toContain(`FAIL ${difference}\n`);
    expect(stderr).toContain('differs from what setup writes');
  });

  it('show an audience among others as the same', async () => {
    const provider = providerWith({ ClientIDList: ['sts.amazonaws.com', `https://${host}`] });
    expect((await checkFiles([roleWith(), provider])).exitCode).toBe(0);
  });

  it('are named as not compared if they are not given, with the commands that get them', async () => {
    const args = [...main, '--tag', 'v*', '--permissions-policy-arn', readOnly];
    const { stdout } = await checkFiles([roleWith()], args);
    for (const part of ['attached policies', 'provider URL', 'provider audience'])
      expect(stdout).toContain(`-    ${part}: not compared, not in the given files\n`);
    expect(stdout.split('To compare everything:\n')[1]).toBe(
      `  aws iam list-attached-role-policies --role-name deploy --output json > policies.json
  aws iam get-open-id-connect-provider --open-id-connect-provider-arn ${provider} --output json > provider.json
  sem-aws-login setup --check DIR/0.json --check policies.json --check provider.json --issuer https://${host} --project-id ${project} --repo web --branch main --tag 'v*' --permissions-policy-arn ${readOnly}
`,
    );
  });

  it('include the role again if it came from standard input', async () => {
    const { stdout } = await check(roleWith());
    expect(stdout).toContain('\n  aws iam get-role --role-name deploy --output json > role.json\n');
    expect(stdout).toContain('setup --check role.json --check policies.json');
  });

  it.each<[string, readonly string[], string]>([
    ['two roles', [roleWith(), roleWith()], 'the same kind of output'],
    ['no role', [attached()], 'no file describes the role'],
    ['a part of a list', [roleWith(), '{"AttachedPolicies":[],"NextToken":"x"}'], 'not complete'],
    ['other policies', [roleWith(), '{"AttachedPolicies":["x"]}'], 'not the output of'],
    ['another provider', [roleWith(), '{"ClientIDList":[1]}'], 'not the output of'],
  ])('%s are an error', async (_name, texts, problem) => {
    const { exitCode, stdout, stderr } = await checkFiles(texts);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.replaceAll(/\n\s+/g, ' ').toLowerCase()).toContain(problem);
  });

  it('the printed command makes the same plan in a job and outside', async () => {
    await fc.assert(
      fc.asyncProperty(wantedJobs, async (wanted) => {
        const args = flagsOf(wanted);
        const { stdout } = await check(roleOf(await trustPolicyFor(args)), args);
        const [, printed = ''] = /provider\.json (--issuer.*)\n/.exec(stdout) ?? [];
        const words = execFileSync('bash', ['-c', `printf '%s\\0' ${printed}`], { encoding: 'utf8' })
          .split('\0')
          .slice(0, -1);
        expect(await trustPolicyFor(words)).toEqual(await trustPolicyFor(args));
      }),
      { numRuns: 50 },
    );
  });
});
