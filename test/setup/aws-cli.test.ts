import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startAws } from '../aws-simulator/aws.ts';
import { describeWith } from '../needed-programs.ts';
import { skipped } from '../skips.ts';
import { type LocalIam, startIam } from './local-iam.ts';
import { runScript } from './script-run.ts';
import { documentOf, makeScratch, trustPolicyFor } from './setup-run.ts';
import { account, flagsOf, type WantedJobs, wantedJobs } from './wanted-jobs.ts';

const shells: readonly (readonly string[])[] = [['dash'], ['bash', '--posix'], ['busybox', 'sh']];
const thumbprint = '0123456789abcdef0123456789abcdef01234567';

const scriptOf = (args: readonly string[]) => documentOf([...args, '--format', 'aws-cli']);

// Records its arguments, except those of a dry run, and says that no provider and no role exists yet.
const recorder = `#!/bin/sh
case $* in *--generate-cli-skeleton*) exit 0 ;; esac
for argument in "$@"; do printf '%s\\0' "$argument" >> "$HOME/calls"; done
printf '\\n\\0' >> "$HOME/calls"
case "$1 $2" in
'iam create-open-id-connect-provider') echo "arn:aws:iam::${account}:oidc-provider/$ISSUER_HOST" ;;
'iam get-role') [ -e "$HOME/role" ] || { echo 'An error occurred (NoSuchEntity)' >&2; exit 254; } ;;
'iam create-role') : > "$HOME/role" ;;
esac
`;

function callsIn(directory: string): string[][] {
  const calls = readFileSync(join(directory, 'calls'), 'utf8').split('\n\0').slice(0, -1);
  return calls.map((call) => call.split('\0').slice(0, -1));
}

const hostOf = ({ organization, domain }: WantedJobs) => `${organization}.${domain}`;

describeWith('the setup script', ['dash', 'busybox'])('the script', () => {
  it.each(shells)('sends exactly the request to IAM, with any characters in names: %s', async (...shell) => {
    await fc.assert(
      fc.asyncProperty(wantedJobs, async (wanted) => {
        using scratch = makeScratch();
        const script = await scriptOf(flagsOf(wanted));
        const environment = { ISSUER_HOST: hostOf(wanted) };
        const { exitCode, stderr } = await runScript(shell, script, scratch.path, recorder, environment);
        expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
        const created = callsIn(scratch.path).find(([, call]) => call === 'create-role') ?? [];
        const document = created[created.indexOf('--assume-role-policy-document') + 1] ?? '';
        expect(JSON.parse(document)).toEqual(await trustPolicyFor(flagsOf(wanted)));
        expect(callsIn(scratch.path).map(([, call]) => call)).toEqual([
          'list-open-id-connect-providers',
          'create-open-id-connect-provider',
          'get-role',
          'create-role',
          'get-role',
        ]);
        expect(readdirSync(scratch.path).sort()).toEqual(['calls', 'programs', 'role', 'setup.sh']);
      }),
      { numRuns: 40 },
    );
  });

  it('passes shfmt and shellcheck', async () => {
    if (!existsSync('/usr/bin/shellcheck') || !existsSync('/usr/bin/shfmt'))
      return skipped('shell checkers of the setup script', 'no shellcheck or shfmt');
    const extras = [[], ['--account-id', account, '--existing-provider', '--max-session-duration', '7200']];
    for (const [index, wanted] of fc.sample(wantedJobs, 6).entries()) {
      using scratch = makeScratch();
      const file = join(scratch.path, 'setup.sh');
      const policies = ['--permissions-policy-arn', `arn:aws:iam::123456789012:policy/a$b"c'd/deploy`];
      writeFileSync(file, await scriptOf([...flagsOf(wanted), ...(extras[index % 2] ?? []), ...policies]));
      // SC2016 warns that single quotes prevent expansion, which is the purpose here.
      execFileSync('shellcheck', ['--shell=sh', '--severity=style', '--exclude=SC2016', file]);
      execFileSync('shfmt', ['-d', '-i', '2', '-ln', 'posix', file]);
    }
  });
});

describe.skipIf(!existsSync('/usr/bin/aws'))('the script, run by the AWS CLI against a local IAM', () => {
  let aws: LocalAws;
  let iam: LocalIam;
  beforeAll(async () => {
    aws = await startAws({ roles: [], providers: [] });
    iam = await startIam(aws.accounts, account);
  });
  afterAll(async () => {
    await Promise.all([iam.close(), aws.close()]);
  });

  const project = '936a5312-a3b8-4921-8b3f-2cec8baac574';
  const usual = ['--org', 'acme', '--project-id', project, '--repo', 'web', '--thumbprint', thumbprint];
  const run = async (args: readonly string[]) => {
    using scratch = makeScratch();
    const realAws = `#!/bin/sh\nexec /usr/bin/aws --endpoint-url ${iam.url} "$@"\n`;
    return await runScript(['sh'], await scriptOf(args), scratch.path, realAws, {
      ...{ AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_DEFAULT_REGION: 'eu-west-1' },
      ...{ AWS_EC2_METADATA_DISABLED: 'true', LC_ALL: 'C.UTF-8' },
    });
  };
  const callsOf = async (args: readonly string[]) => {
    const before = iam.calls.length;
    const { exitCode, stdout, stderr } = await run(args);
    return { exitCode, stdout, stderr, calls: iam.calls.slice(before) };
  };

  it('creates provider and role, and changes nothing when run again', async () => {
    const args = [...usual, '--branch', 'main', '--role-name', 'deploy', '--account-id', account];
    const first = await callsOf(args);
    expect(first).toMatchObject({ exitCode: 0, stderr: '', stdout: `arn:aws:iam::${account}:role/deploy\n` });
    expect(first.calls).toContain('CreateOpenIDConnectProvider');
    expect(first.calls).toContain('CreateRole');
    const accounts = structuredClone({ roles: aws.accounts.roles, providers: aws.accounts.providers });
    expect(accounts.providers).toEqual([
      { account, issuer: 'https://acme.semaphoreci.com', audiences: ['https://acme.semaphoreci.com'] },
    ]);
    expect(accounts.roles[0]?.trustPolicy).toEqual(await trustPolicyFor(args));

    const second = await callsOf(args);
    expect(second).toMatchObject({ exitCode: 0, stderr: '', stdout: first.stdout });
    expect(second.calls.filter((call) => /^(?:Create|Add|Attach)/.test(call))).toEqual([]);
    expect({ roles: aws.accounts.roles, providers: aws.accounts.providers }).toEqual(accounts);
  });

  it('brings the role up to date', async () => {
    const args = [...usual, '--tag', 'v*', '--role-name', 'deploy', '--max-session-duration', '7200'];
    const policy = ['--permissions-policy-arn', 'arn:aws:iam::aws:policy/ReadOnlyAccess'];
    expect(await callsOf([...args, ...policy])).toMatchObject({ exitCode: 0, stderr: '' });
    expect(aws.accounts.roles[0]).toMatchObject({ trustPolicy: await trustPolicyFor(args), maxSessionDuration: 7200 });
    expect(iam.attached).toEqual(['arn:aws:iam::aws:policy/ReadOnlyAccess']);
  });

  it('leaves a role alone that does not let the project in', async () => {
    const theirs = aws.accounts.roles.map((role) => ({ ...role }));
    const other = ['--project-id', '00000000-0000-4000-8000-000000000000', '--role-name', 'deploy'];
    const { exitCode, stdout, stderr } = await run([...usual, ...other, '--branch', 'main']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('The role deploy exists and does not allow this project');
    expect(aws.accounts.roles).toEqual(theirs);
  });

  it('adds its audience to a provider that has another one', async () => {
    aws.accounts.providers.splice(0, 1, {
      ...{ account, issuer: 'https://acme.semaphoreci.com', audiences: ['sts.amazonaws.com'] },
    });
    const args = [...usual, '--branch', 'main', '--role-name', 'deploy'];
    expect(await run(args)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(aws.accounts.providers[0]?.audiences).toEqual(['sts.amazonaws.com', 'https://acme.semaphoreci.com']);
  });

  it('gives an AWS CLI that requires a thumbprint a placeholder', async () => {
    const args = [...usual.slice(0, -2), '--branch', 'main', '--role-name', 'deploy'];
    aws.accounts.providers.splice(0);
    const { exitCode, stderr, calls } = await callsOf(args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(calls.filter((call) => call === 'CreateOpenIDConnectProvider')).toHaveLength(1);
    expect(iam.thumbprints).toEqual(requiresThumbprint() ? ['f'.repeat(40)] : []);
  });

  it('stops before any change if the account or the provider is wrong', async () => {
    const before = structuredClone(aws.accounts);
    const elsewhere = await callsOf([...usual, '--branch', 'main', '--account-id', '000000000000']);
    expect(elsewhere).toMatchObject({ exitCode: 1, calls: ['GetCallerIdentity'] });
    expect(elsewhere.stderr).toContain(`The AWS keys in use belong to account ${account}`);
    const [, , ...others] = usual.slice(0, -2);
    const missing = await run(['--org', 'unknown', ...others, '--branch', 'main', '--existing-provider']);
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain('no identity provider for https://unknown.semaphoreci.com');
    expect(aws.accounts).toEqual(before);
  });
});

/** Whether the AWS CLI requires a thumbprint, as Debian 12's does: a usage error ends it with 252. */
function requiresThumbprint(): boolean {
  const { status, stderr } = spawnSync(
    '/usr/bin/aws',
    ['iam', 'create-open-id-connect-provider', '--url', 'https://acme.semaphoreci.com'],
    { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true' } },
  );
  return status === 252 && stderr.includes('required: --thumbprint-list');
}

if (!existsSync('/usr/bin/aws')) skipped('the setup script by the AWS CLI', 'no /usr/bin/aws');
