import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { partitions } from '../../src/aws/region.ts';
import { claimsOf } from '../aws-simulator/claims.ts';
import { makeJob } from '../aws-simulator/semaphore-job.ts';
import { documentOf, makeScratch, runSetup } from './setup-run.ts';
import { account, jobEnvironmentOf } from './wanted-jobs.ts';

const project = '936a5312-a3b8-4921-8b3f-2cec8baac574';
const acme = ['--org', 'acme', '--project-id', project, '--repo', 'web'];
const json = ['--format', 'json', '--account-id', account];

async function refusalOf(args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await runSetup(args, environment);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  return stderr.replaceAll(/\n\s+/g, ' ');
}

describe('a value that would break a format or a policy is rejected', () => {
  it.each([
    ['--branch', 'refs/heads/main', 'it is a full reference'],
    ['--branch', '${aws:username}', 'IAM reads "${" as the beginning of a variable'],
    ['--branch', '${*}', 'IAM reads "${"'],
    ['--branch', 'a?', '"?" matches any character'],
    ['--branch', 'grün', 'cannot hold "ü" safely'],
    ['--branch', '日本', "--branch '*'"],
    ['--branch', 'a b', 'no Git reference can hold " "'],
    ['--branch', 'a\nb', 'no Git reference can hold a control character'],
    ['--branch', 'a:b', 'no Git reference can hold ":"'],
    ['--branch', 'a\\b', 'no Git reference can hold "\\"'],
    ['--branch', 'a\0b', 'no Git reference can hold'],
    ['--branch', 'a..b', 'Git allows no branch of this name'],
    ['--branch', 'a@{b', 'Git allows no branch of this name'],
    ['--branch', '/a', 'Git allows no branch of this name'],
    ['--branch', 'a/', 'Git allows no branch of this name'],
    ['--branch', 'a.lock', 'Git allows no branch of this name'],
    ['--branch', 'x'.repeat(201), 'Git allows no branch of this name'],
    ['--tag', 'refs/tags/v1', 'it is a full reference'],
    ['--tag', 'v?', '"?" matches any character'],
    ['--issuer', 'http://acme.semaphoreci.com', 'begins with "https://"'],
    ['--issuer', 'acme.semaphoreci.com', 'begins with "https://"'],
    ['--issuer', 'https://acme.semaphoreci.com/', 'ends with a slash'],
    ['--issuer', 'https://Acme.semaphoreci.com', 'capital letters'],
    ['--issuer', 'https://acme.semaphoreci.com:443', 'it has a port'],
    ['--issuer', 'https://acme.semaphoreci.com/x', 'more than the host'],
    ['--issuer', 'https://me@acme.semaphoreci.com', 'more than the host'],
    ['--issuer', 'https://acme_x.semaphoreci.com', 'it is not a valid host name'],
    ['--issuer', "https://acme'.semaphoreci.com", 'it is not a valid host name'],
    ['--issuer', 'https://acme.*.com', 'it is not a valid host name'],
    ['--org', 'acme.semaphoreci.com', 'not the name of an organization'],
    ['--org', '*', 'not the name of an organization'],
    ['--project-id', 'web', "a project's name is no part of a token's subject"],
    ['--project-id', project.toUpperCase(), 'UUID in lower case'],
    ['--project-id', '*', 'not a project'],
    ['--repo', 'acme/web', 'give the name alone: "web"'],
    ['--repo', '*', 'no repository has a name of this shape'],
    ['--repo', 'https://github.com/acme/web.git', 'give the name alone: "web"'],
    ['--account-id', '1234', 'twelve digits'],
    ['--role-name', 'a b', 'a role has a name of'],
    ['--role-name', '$(id)', 'a role has a name of'],
    ['--role-name', `arn:aws:iam::${account}:role/x`, 'it is an ARN'],
    ['--thumbprint', 'abc', '40 hexadecimal digits'],
    ['--permissions-policy-arn', 'ReadOnlyAccess', "not a managed policy's ARN"],
    ['--permissions-policy-arn', "arn:aws:iam::aws:policy/x'y", "not a managed policy's ARN"],
    ['--permissions-policy-arn', 'arn:aws-cn:iam::aws:policy/x', 'its partition is "aws-cn"'],
    ['--permissions-policy-arn', 'arn:aws:iam::000000000000:policy/x', 'belongs to account 000000000000'],
    ['--max-session-duration', '900', 'from 3600 to 43200'],
    ['--format', 'yaml', 'give one of cloudformation, terraform, aws-cli, json'],
  ])('%s %j: %s', async (flag, value, why) => {
    const region = ['--region', 'eu-west-1', '--branch', 'main', ...json];
    const others = flag === '--issuer' ? acme.slice(2) : flag === '--org' ? acme.slice(2) : acme;
    const said = await refusalOf([...others, ...region, `${flag}=${value}`]);
    // Sentences of the explanation begin with capitals.
    expect(said.toLowerCase()).toContain(why.toLowerCase());
  });
});

describe('a missing fact is an error, never guessed', () => {
  it.each<[readonly string[], string]>([
    [[], 'The organization, the project and the branch or tag are not known'],
    [['--org', 'acme'], 'The project and the branch or tag are not known'],
    [acme, 'The branch or tag is not known'],
    [['--project-id', project, '--pull-requests'], 'The organization is not known'],
    [[...acme, '--branch', 'main'], 'The AWS account is not known'],
  ])('%j: %s', async (args, what) => {
    expect(await refusalOf(['--format', 'json', ...args])).toContain(what);
  });

  it('a format is required', async () => {
    expect(await refusalOf(acme)).toContain('No format is given');
  });

  it.each([
    [['--issuer', 'https://acme.semaphoreci.com'], '--issuer and --org cannot be used together'],
    [['--check', 'role.json'], '--check and --format cannot be used together'],
    [
      ['--existing-provider', '--thumbprint', 'a'.repeat(40)],
      '--existing-provider and --thumbprint cannot be used together',
    ],
  ])('%j: %s', async (args, what) => {
    expect(await refusalOf([...acme, ...json, '--branch', 'main', ...args])).toContain(what);
  });
});

describe('in a job', () => {
  const role = async (job: Parameters<typeof makeJob>[0], args: readonly string[] = [], tags = false) =>
    JSON.parse(await documentOf([...json, ...args], jobEnvironmentOf(makeJob(job), tags))).CreateRole;
  const subjectsOf = (found: { AssumeRolePolicyDocument: string }) =>
    [...found.AssumeRolePolicyDocument.matchAll(/org:[^"]*/g)].map(([text]) => text);

  it('the token is enough', async () => {
    const found = await role('branch');
    expect(found.RoleName).toBe('semaphore-web');
    expect(subjectsOf(found)).toEqual([`org:acme:project:${project}:repo:web:ref_type:branch:ref:refs/heads/main`]);
  });

  it("the organization comes from the subject, even if the issuer's host has another name", async () => {
    const job = makeJob('branch');
    const environment = jobEnvironmentOf(job, false);
    const claims = { ...claimsOf(job, 0, false), iss: 'https://ci.example.com', aud: 'https://ci.example.com' };
    const SEMAPHORE_OIDC_TOKEN = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.AAAA`;
    const found = JSON.parse(await documentOf(json, { ...environment, SEMAPHORE_OIDC_TOKEN })).CreateRole;
    expect(subjectsOf(found)).toEqual([`org:acme:project:${project}:repo:web:ref_type:branch:ref:refs/heads/main`]);
  });

  it('an option takes precedence over the token', async () => {
    expect(subjectsOf(await role('pull-request', ['--tag', 'v*']))).toEqual([
      `org:acme:project:${project}:repo:web:ref_type:tag:ref:refs/tags/v*`,
    ]);
  });

  it('facts of this project are not used for another one', async () => {
    const other = '00000000-0000-4000-8000-000000000000';
    expect(subjectsOf(await role('branch', ['--project-id', other, '--branch', 'x']))).toEqual([
      `org:acme:project:${other}:repo:*:ref_type:branch:ref:refs/heads/x`,
    ]);
    const args = [...json, '--project-id', other];
    expect(await refusalOf(args, jobEnvironmentOf(makeJob('branch'), false))).toContain('branch or tag is not known');
  });

  it('session tags in the token add sts:TagSession', async () => {
    const actions = async (tags: boolean) =>
      JSON.parse((await role('branch', [], tags)).AssumeRolePolicyDocument).Statement[0].Action;
    expect(await actions(false)).toBe('sts:AssumeRoleWithWebIdentity');
    expect(await actions(true)).toEqual(['sts:AssumeRoleWithWebIdentity', 'sts:TagSession']);
  });

  it.each(['pull-request', 'fork-pull-request'] as const)('a %s is not allowed unless requested', async (context) => {
    expect(await refusalOf(json, jobEnvironmentOf(makeJob(context), false))).toContain('no later job has again');
  });

  it('a debug session of a project has no branch to allow', async () => {
    expect(await refusalOf(json, jobEnvironmentOf(makeJob('debug-project'), false))).toContain('no branch and no tag');
  });

  it.each(['grün', 'a*', '${x}'])('a branch %j cannot be trusted exactly', async (name) => {
    const job = makeJob({ ref: `refs/heads/${name}`, branch: name });
    expect(await refusalOf(json, jobEnvironmentOf(job, false))).toContain("of this job's reference cannot be used");
  });

  it('a token without a subject is an error, unless options name everything', async () => {
    const claims = { iss: 'https://acme.semaphoreci.com', aud: 'https://acme.semaphoreci.com' };
    const SEMAPHORE_OIDC_TOKEN = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.AAAA`;
    expect(await runSetup(json, { SEMAPHORE_OIDC_TOKEN })).toMatchObject({ exitCode: 3, stdout: '' });
    const whole = await runSetup([...json, ...acme, '--branch', 'main'], { SEMAPHORE_OIDC_TOKEN });
    expect(whole.exitCode).toBe(0);
  });
});

describe('every partition', () => {
  const args = [...acme, '--branch', 'main', '--account-id', account];

  it.each(partitions.map(({ name, defaultRegion }) => [name, defaultRegion]))(
    '%s, from its region',
    async (name, region) => {
      const { stdout, stderr } = await runSetup([...args, '--format', 'json', '--region', region]);
      expect(stdout).toContain(`arn:${name}:iam::${account}:oidc-provider/acme.semaphoreci.com`);
      expect(stderr).toContain(`--role-arn arn:${name}:iam::${account}:role/semaphore-web --region ${region})"`);
    },
  );

  it.each(['cloudformation', 'terraform', 'aws-cli'])('%s leaves it to AWS', async (format) => {
    for (const provider of [[], ['--existing-provider']])
      expect(await documentOf([...args, ...provider, '--format', format])).not.toMatch(/arn:aws/);
  });

  it('can come from a policy', async () => {
    const policy = ['--permissions-policy-arn', 'arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess'];
    expect(await documentOf([...args, ...policy, '--format', 'json'])).toContain(
      'arn:aws-us-gov:iam::123456789012:oidc',
    );
  });
});

describe('the report on stderr', () => {
  it('ends with the login line', async () => {
    const { stderr } = await runSetup([...acme, ...json, '--branch', 'main', '--region', 'eu-west-1']);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      `  source "$(sem-aws-login --role-arn arn:aws:iam::${account}:role/semaphore-web --region eu-west-1)"`,
    );
  });

  it('warns if the policy is longer than the default quota', async () => {
    const many = Array.from({ length: 30 }, (_, index) => ['--branch', `release/2026.${index}`]).flat();
    expect((await runSetup([...acme, ...json, ...many])).stderr).toMatch(/trust policy has \d+ characters/);
    expect((await runSetup([...acme, ...json, '--branch', 'main'])).stderr).not.toContain('characters');
  });
});

describe('in a job, the report', () => {
  it.each([
    ['aws-cli', 'infra/setup.sh', 'sh setup.sh'],
    ['cloudformation', 'setup.yaml', '--template-file setup.yaml'],
    ['json', 'setup', 'file://setup/create-role.json'],
  ])('says how %s leaves the job, and how to apply it then', async (format, name, apply) => {
    using scratch = makeScratch();
    const out = join(scratch.path, name);
    const args = ['--format', format, '--account-id', account, '--out', out];
    const { stderr } = await runSetup(args, jobEnvironmentOf(makeJob('branch'), false));
    expect(stderr).toContain(`\n  artifact push job ${out}\n`);
    expect(stderr).toContain(apply);
    expect((await runSetup([...acme, '--branch', 'main', ...args])).stderr).not.toContain('artifact');
  });
});

describe('--out', () => {
  const args = [...acme, '--branch', 'main', '--format', 'terraform'];

  it('writes a new file, and the same one again', async () => {
    using scratch = makeScratch();
    const out = join(scratch.path, 'infra', 'semaphore.tf');
    expect(await runSetup([...args, '--out', out])).toMatchObject({ exitCode: 0, stdout: '' });
    expect(readFileSync(out, 'utf8')).toBe(await documentOf(args));
    const before = statSync(out);
    expect(await runSetup([...args, '--out', out])).toMatchObject({ exitCode: 0, stdout: '' });
    expect(statSync(out).ino).toBe(before.ino);
  });

  it('does not overwrite a file with other content', async () => {
    using scratch = makeScratch();
    const out = join(scratch.path, 'semaphore.tf');
    writeFileSync(out, '# mine\n');
    const { exitCode, stderr } = await runSetup([...args, '--out', out]);
    expect(exitCode).toBe(4);
    expect(stderr.replaceAll(/\n\s+/g, ' ')).toContain('exists and has other content');
    expect(readFileSync(out, 'utf8')).toBe('# mine\n');
  });

  it('is a directory for json, with one file per call', async () => {
    using scratch = makeScratch();
    const out = join(scratch.path, 'setup');
    const written = [...acme, '--branch', 'main', ...json, '--out', `${out}/`];
    expect(await runSetup(written)).toMatchObject({ exitCode: 0, stdout: '' });
    expect(readdirSync(out).sort()).toEqual([
      'create-open-id-connect-provider.json',
      'create-role.json',
      'trust-policy.json',
    ]);
    expect((await runSetup(written)).exitCode).toBe(0);
    writeFileSync(join(out, 'trust-policy.json'), '{}');
    rmSync(join(out, 'create-role.json'));
    expect((await runSetup(written)).exitCode).toBe(4);
    expect(existsSync(join(out, 'create-role.json'))).toBe(false);
  });

  it('writes nothing if the request is rejected', async () => {
    using scratch = makeScratch();
    const out = join(scratch.path, 'semaphore.tf');
    expect((await runSetup([...args, '--tag', 'a b', '--out', out])).exitCode).toBe(2);
    expect(existsSync(out)).toBe(false);
  });
});
