import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import { furtherRoles, makeFurtherRoles } from '../aws-simulator/further-roles.ts';
import { goodArguments, type Job, type RunOptions, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { unwrapped } from './refusal.ts';

const aws = useAws({ roles: makeFurtherRoles() });

/** What is left of a login that is gone. */
const nothingLeft = { 'home/.sem-aws-login/': '700', 'home/.sem-aws-login/jobs/': '700' };

const exec = (job: Job, command: readonly string[], flags: readonly string[] = [], options?: RunOptions) =>
  job.run(['exec', ...goodArguments, ...flags, '--', ...command], options);

const shell = (script: string) => ['bash', '-c', script];

/** Prints variables, one a line, `-` for what is unset. */
const printing = (...names: string[]) => shell(names.map((name) => `echo "${name}=\${${name}--}"`).join('; '));

const jobsOf = (job: Job) => readdirSync(join(job.home, '.sem-aws-login/jobs'));

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

describe('the command finds the login', () => {
  it('in its environment, from a private config file, and nothing is left of it', async () => {
    const job = startJob(aws());
    const run = await exec(
      job,
      printing('AWS_CONFIG_FILE', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_SESSION_NAME', 'AWS_REGION'),
    );
    const own = `${job.home}/.sem-aws-login/jobs/exec-`;
    const lines = run.stdout.replaceAll(/exec-[0-9a-f-]{36}/g, 'exec-').split('\n');
    expect(lines).toEqual([
      `AWS_CONFIG_FILE=${own}/config`,
      `AWS_ROLE_ARN=${standardRoleArn}`,
      `AWS_WEB_IDENTITY_TOKEN_FILE=${own}/token`,
      `AWS_ROLE_SESSION_NAME=semaphore-job-${job.id}`,
      'AWS_REGION=eu-west-1',
      '',
    ]);
    expect(run).toMatchObject({ exitCode: 0, written: nothingLeft });
    expect(run.stderr).toBe(`sem-aws-login: runs the command as ${standardRoleArn}\n`);
  });

  it('as files that are there for its time, for this user alone', async () => {
    const job = startJob(aws());
    const script =
      'cd "$(dirname "$AWS_CONFIG_FILE")" && stat -c "%a %n" . * && diff -q token <(printf %s "$SEMAPHORE_OIDC_TOKEN")';
    const run = await exec(job, shell(script));
    expect(run).toMatchObject({ exitCode: 0, stdout: '700 .\n600 config\n600 login.json\n600 token\n' });
  });

  it('and what the AWS CLI caches meanwhile is removed with it', async () => {
    const job = startJob(aws());
    const script = [
      'mkdir -p ~/.aws/cli/cache',
      `printf '{"AssumedRoleUser":{"Arn":"arn:aws:sts::123456789012:assumed-role/x/%s"}}' "$AWS_ROLE_SESSION_NAME" >~/.aws/cli/cache/x.json`,
    ];
    const run = await exec(job, shell(script.join(' && ')));
    expect(run.exitCode).toBe(0);
    expect(readdirSync(join(job.home, '.aws/cli/cache'))).toEqual([]);
  });

  it('beside the profiles of the user’s config file, which stays as it is', async () => {
    const job = startJob(aws());
    const mine = '[default]\nregion = us-east-1\n# mine\n[profile web]\nregion = us-west-2\n';
    job.write('.aws/config', mine);
    const run = await exec(job, shell('cat "$AWS_CONFIG_FILE"'), ['--profile', 'prod']);
    expect(run.stdout.startsWith(mine)).toBe(true);
    expect(run.stdout).toContain('[profile prod]\n');
    expect(run.written).toEqual(nothingLeft);
    expect(await exec(job, shell('cat "$AWS_CONFIG_FILE"'))).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`role_arn = ${standardRoleArn}`),
    });
    expect(job.read('.aws/config')).toBe(mine);
  });

  it('whatever stood in the environment before', async () => {
    const stale = {
      AWS_PROFILE: 'stale',
      AWS_DEFAULT_PROFILE: 'stale',
      AWS_ACCESS_KEY_ID: 'stale',
      AWS_SECRET_ACCESS_KEY: 'stale',
      AWS_SESSION_TOKEN: 'stale',
      AWS_ROLE_ARN: 'stale',
    };
    const run = await exec(startJob(aws()), printing(...Object.keys(stale)), ['--profile', 'prod'], {
      environment: stale,
    });
    expect(run.stdout.trimEnd().split('\n')).toEqual(
      Object.keys(stale).map((name) => `${name}=${name === 'AWS_PROFILE' ? 'prod' : '-'}`),
    );
  });

  it('as keys with --export static, and says until when they last', async () => {
    const script = `echo "\${AWS_ACCESS_KEY_ID:0:4} \${#AWS_SECRET_ACCESS_KEY} \${AWS_ROLE_ARN-none}"`;
    const run = await exec(startJob(aws()), shell(script), ['--export', 'static']);
    expect(run.stdout).toBe('ASIA 40 none\n');
    expect(run.stderr).toMatch(
      /^sem-aws-login: runs .*, with keys that expire at \d{4}-\d\d-\d\d \d\d:\d\d UTC and are not renewed\n$/,
    );
  });

  it.each([
    ['a session policy', ['--session-policy-arn', 'arn:aws:iam::aws:policy/ReadOnlyAccess']],
    ['a chain', ['--then-role-arn', furtherRoles.open]],
  ])('with %s through credential_process alone', async (_title, flags) => {
    const script = `echo "\${AWS_ROLE_ARN-none} \${AWS_WEB_IDENTITY_TOKEN_FILE-none}"; grep -c ^credential_process "$AWS_CONFIG_FILE"; grep ^role "$AWS_CONFIG_FILE"`;
    const run = await exec(startJob(aws()), shell(script), flags);
    expect(run.stdout).toBe('none none\n1\n');
  });

  it('with several roles by the profile that it names', async () => {
    const job = startJob(aws());
    const roles = ['--role', `prod=${standardRoleArn}`, '--role', `default=${furtherRoles.staging}`];
    const script = `echo "\${AWS_PROFILE-none} \${AWS_ROLE_ARN-none}"; grep ^role_arn "$AWS_CONFIG_FILE"`;
    const run = await job.run(['exec', '--region', 'eu-west-1', ...roles, '--', ...shell(script)]);
    expect(run.stdout).toBe(`none none\nrole_arn = ${standardRoleArn}\nrole_arn = ${furtherRoles.staging}\n`);
    expect(run.stderr).toContain(`as ${standardRoleArn} and ${furtherRoles.staging}\n`);
  });
});

describe('standard streams are the command’s', () => {
  it('stdin is handed through', async () => {
    const wrapper = ['bash', '-c', 'printf "one\\ntwo" | "$@"', 'bash'];
    const run = await exec(startJob(aws()), ['cat'], ['--quiet'], { wrapper });
    expect(run).toMatchObject({ exitCode: 0, stdout: 'one\ntwo', stderr: '' });
  });

  it('a terminal stays one', async () => {
    const run = await exec(startJob(aws()), shell('test -t 0 && test -t 1 && stty size >/dev/null && echo yes'), [], {
      terminal: true,
    });
    expect(run).toMatchObject({ exitCode: 0, stdout: 'yes\r\n' });
  });
});

describe('the exit code is the command’s', () => {
  it.each([
    ['exit 0', 0],
    ['exit 1', 1],
    ['exit 7', 7],
    ['exit 255', 255],
    ['exit 143', 143],
    ['exit 130', 143],
    ['kill -INT $$', 143],
    ['kill -TERM $$', 143],
    ['kill -KILL $$', 137],
    ['kill -ABRT $$', 134],
  ])('%s: %i', async (script, exitCode) => {
    expect(await exec(startJob(aws()), shell(`ulimit -c 0; ${script}`))).toMatchObject({
      exitCode,
      written: nothingLeft,
    });
  });
});

describe('a command that cannot be started', () => {
  it.each<[string, (job: Job) => string, string, RegExp]>([
    ['is not on PATH', () => 'no-such-command', 'ENOENT', /No directory in PATH contains it/],
    ['is not there', () => '/no/such/command', 'ENOENT', /No directory in PATH contains it/],
    ['may not be run', (job) => job.write('plain', 'text'), 'EACCES', /is not allowed to run it/],
    ['is a directory', (job) => job.home, 'EACCES', /is not allowed to run it/],
    ['lies below a file', (job) => join(job.write('plain', 'text'), 'x'), 'ENOTDIR', /is not allowed to run it/],
    ['has no name', () => '', 'ERR_INVALID_ARG_VALUE', /is not allowed to run it/],
  ])('because it %s is told, and nothing is left', async (_title, prepare, reason, says) => {
    const job = startJob(aws());
    const command = prepare(job);
    const run = await exec(job, [command], ['--quiet']);
    expect(run).toMatchObject({ exitCode: 2, stdout: '' });
    expect(unwrapped(run.stderr)).toContain(`cannot be started (${reason})`);
    expect(unwrapped(run.stderr)).toMatch(says);
    expect(jobsOf(job)).toEqual([]);
  });
});

describe('a login that fails', () => {
  it('runs no command, prints nothing on stdout, and leaves nothing', async () => {
    const job = startJob(aws());
    const run = await job.run(['exec', '--role-arn', 'arn:aws:iam::123456789012:role/other', '--', 'echo', 'ran']);
    expect(run).toMatchObject({ exitCode: 5, stdout: '', written: {} });
  });

  it('because of static keys for the profile names the way out', async () => {
    const job = startJob(aws());
    job.write('.aws/credentials', '[default]\naws_access_key_id = AKIASTALE\naws_secret_access_key = stale\n', 0o600);
    const refused = await exec(job, ['echo', 'ran']);
    expect(refused).toMatchObject({ exitCode: 4, stdout: '', written: {} });
    expect(refused.stderr).toMatch(/→ Use another profile:\n {4}sem-aws-login exec .* --profile deploy -- COMMAND\n/);
    expect(refused.stderr).not.toContain('--overwrite-profile');
    expect(await exec(job, ['echo', 'ran'], ['--profile', 'prod'])).toMatchObject({ exitCode: 0, stdout: 'ran\n' });
  });
});

describe('signals', () => {
  const trapping = (signal: string) =>
    shell(`trap 'echo got ${signal}; exit 9' ${signal}; touch "$HOME/ready"; while :; do sleep 0.05; done`);

  // Not USR1: the executable blocks it, since Node would open its inspector on it.
  it.each(['TERM', 'INT', 'HUP', 'QUIT', 'USR2'] as const)('%s from outside reaches the command', async (signal) => {
    const job = startJob(aws());
    // Without a terminal: one that the tests were started from would have sent it to the command as well.
    const started = job.start(['exec', ...goodArguments, '--', ...trapping(signal)], { wrapper: ['setsid'] });
    await until(() => existsSync(join(job.home, 'ready')));
    started.kill(`SIG${signal}`);
    const run = await started.ended;
    expect(run).toMatchObject({ exitCode: 9, stdout: `got ${signal}\n` });
    expect(jobsOf(job)).toEqual([]);
  });

  it('before the command starts end it all, with nothing written', async () => {
    aws().fault({ kind: 'hang' });
    const started = startJob(aws()).start(['exec', ...goodArguments, '--', 'echo', 'ran']);
    await started.whenAsked();
    started.kill('SIGTERM');
    expect(await started.ended).toMatchObject({ exitCode: 143, stdout: '', written: {} });
  });

  it('between the writing and the start take with them what was written', async () => {
    const job = startJob(aws());
    // An ended job of the same HOME is swept first, which waits for a config file that somebody holds.
    await job.login();
    expire(job.own);
    const lock = join(job.home, '.aws/.config.sem-aws-login-lock');
    mkdirSync(lock);
    writeFileSync(join(lock, 'a'.repeat(32)), '');
    const started = job.start(['exec', ...goodArguments, '--', 'echo', 'ran']);
    const own = () => jobsOf(job).find((name) => name.startsWith('exec-'));
    await until(() => own() !== undefined && existsSync(join(job.home, '.sem-aws-login/jobs', own() ?? '', 'config')));
    started.kill('SIGTERM');
    expect(await started.ended).toMatchObject({ exitCode: 143, stdout: '' });
    expect(jobsOf(job)).toEqual([job.id]);
  });
});

describe('exec that was killed', () => {
  /** Kills an `exec` and its command; returns the name of the directory that it left. */
  async function killedExec(job: Job): Promise<string> {
    const script = 'exec >/dev/null 2>&1; echo $$ > "$HOME/pid"; exec sleep 60';
    const started = job.start(['exec', ...goodArguments, '--', ...shell(script)]);
    await until(() => existsSync(join(job.home, 'pid')) && readFileSync(join(job.home, 'pid'), 'utf8') !== '');
    started.kill('SIGKILL');
    await started.ended;
    process.kill(Number(readFileSync(join(job.home, 'pid'), 'utf8')));
    const [left = ''] = jobsOf(job);
    expect(left).toMatch(/^exec-/);
    return left;
  }

  it.runIf(process.platform === 'linux')('leaves its directory to the next login', async () => {
    const job = startJob(aws());
    await killedExec(job);
    await job.login();
    expect(jobsOf(job)).toEqual([job.id]);
  });

  it.runIf(process.platform === 'linux')('leaves its directory to the next exec', async () => {
    const job = startJob(aws());
    await killedExec(job);
    await job.run(['exec', ...goodArguments, '--', 'true']);
    expect(jobsOf(job)).toEqual([]);
  });

  it('and may be alive on another machine leaves its directory to a login after its expiry', async () => {
    const job = startJob(aws());
    const left = await killedExec(job);
    const record = join(job.home, '.sem-aws-login/jobs', left, 'login.json');
    writeFileSync(
      record,
      readFileSync(record, 'utf8')
        .replace(/"bootId": "[^"]*"/, '"bootId": "x"')
        .replace(/"machine": "[^"]*"/, '"machine": "x"'),
    );
    await job.login();
    expect(jobsOf(job)).toEqual([job.id, left].sort());
    expire(join(job.home, '.sem-aws-login/jobs', left));
    await job.login();
    expect(jobsOf(job)).toEqual([job.id]);
  });
});

/** Lets the time pass after which what a directory's marker speaks for has ended. */
function expire(directory: string): void {
  const marker = join(directory, 'login.json');
  const text = readFileSync(marker, 'utf8');
  writeFileSync(marker, text.replace(/"expires": "[^"]+"/, '"expires": "2020-01-01T00:00:00.000Z"'));
}
