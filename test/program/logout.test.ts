import { chmodSync, existsSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Job, type Run, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { snapshotOf } from './snapshot.ts';
import { sourced } from './sourced.ts';

const aws = useAws();

/** What stands in HOME by path, without what a login of the same text may renew: modes and contents. */
function standing(job: Job): Readonly<Record<string, string>> {
  const entries = [...snapshotOf(job.home)].filter(([path]) => !path.startsWith('.sem-aws-login/'));
  return Object.fromEntries(entries.map(([path, { mode, content }]) => [path, `${mode} ${content}`]));
}

/** The environment of the job after it has sourced what a run printed. */
function environmentAfter(job: Job, run: Run, before: Readonly<Record<string, string>>): Record<string, string> {
  const after = { ...before, ...sourced(job, run, before) };
  return Object.fromEntries(Object.entries(after).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

const mine = '# mine\r\n[profile  web]\r\nregion=us-east-1 \r\ns3 =\r\n  max_concurrent_requests = 20';

describe('a logout gives back what stood before the login', () => {
  it.each<[what: string, config: string | undefined, args: readonly (readonly string[])[]]>([
    ['no config file at all', undefined, [[]]],
    ['an empty one', '', [[]]],
    ['one with other profiles, CRLF and no last line end', mine, [[]]],
    ['after a login into a named profile', mine, [['--profile', 'deploy']]],
    ['after two logins of one name', mine, [[], []]],
    [
      'after two logins of two names',
      mine,
      [
        ['--profile', 'build'],
        ['--profile', 'deploy'],
      ],
    ],
    [
      'with a section that was overwritten',
      '[default]\nSSO_Session = x # me\noutput=json\n\n',
      [['--overwrite-profile']],
    ],
    [
      'with one that was overwritten twice',
      '[default]\ncredential_process = /bin/x\n[profile x]\n',
      [['--overwrite-profile'], ['--region', 'us-east-2']],
    ],
    ['after an isolated login', mine, [['--isolated']]],
  ])('%s', async (_, config, logins) => {
    const job = startJob(aws());
    if (config !== undefined) chmodSync(job.write('.aws/config', config), 0o640);
    const before = standing(job);
    for (const args of logins) expect(await job.login(args)).toMatchObject({ exitCode: 0 });
    const run = await job.run(['logout']);
    expect(run).toMatchObject({ exitCode: 0, requests: [] });
    const after = standing(job);
    if (config === undefined) expect(Object.keys(after).filter((path) => !path.endsWith('/'))).toEqual([]);
    else expect(after).toEqual(before);
    expect(existsSync(job.own)).toBe(false);
  });

  it('and the environment, as it was before the first login, but for keys, which are kept nowhere', async () => {
    const job = startJob(aws());
    const before = { AWS_PROFILE: "it's mine", AWS_REGION: 'us-west-2', AWS_ACCOUNT_ID: '999999999999' };
    let environment: Record<string, string> = { ...before, AWS_ACCESS_KEY_ID: 'AKIAMINE' };
    for (const args of [[], ['--profile', 'deploy']])
      environment = environmentAfter(job, await job.login(args, { environment }), environment);
    expect(readFileSync(join(job.own, 'login.json'), 'utf8')).not.toContain('AKIAMINE');
    const run = await job.run(['logout'], { environment });
    const after = environmentAfter(job, run, environment);
    expect(Object.fromEntries(Object.entries(after).filter(([name]) => name.startsWith('AWS_')))).toEqual(before);
  });

  it('and keeps no secret in the file that does it', async () => {
    const job = startJob(aws());
    await job.login(['--export', 'static']);
    const run = await job.run(['logout']);
    expect(readFileSync(run.stdout.trimEnd(), 'utf8')).not.toMatch(/export AWS_(SECRET|SESSION|ACCESS)/);
  });
});

/** An entry of the AWS CLI's cache. */
function cacheEntryOf(session: string): string {
  return JSON.stringify({ AssumedRoleUser: { Arn: `arn:aws:sts::123456789012:assumed-role/deploy/${session}` } });
}

describe('a logout', () => {
  it('needs no token, since an epilogue may run after it has gone', async () => {
    const job = startJob(aws());
    await job.login();
    const run = await job.run(['logout'], { environment: { SEMAPHORE_OIDC_TOKEN: undefined } });
    expect(run.exitCode).toBe(0);
    expect(existsSync(job.own)).toBe(false);
  });

  it.each([[[]], [['--quiet']]])('without a login does nothing and says nothing (%j)', async (args) => {
    const run = await startJob(aws()).run(['logout', ...args]);
    expect(run).toEqual({ exitCode: 0, stdout: '/dev/null\n', stderr: '', written: {}, requests: [] });
  });

  it('a second time does as little', async () => {
    const job = startJob(aws());
    await job.login();
    await job.run(['logout']);
    expect(await job.run(['logout'])).toMatchObject({ exitCode: 0, stdout: '/dev/null\n', stderr: '', written: {} });
  });

  it('says what it removed', async () => {
    const job = startJob(aws());
    await job.login();
    const { stderr } = await job.run(['logout']);
    expect(stderr.split('\n')).toEqual([
      "sem-aws-login: logged out; this job's token and files are removed",
      '  removed   profile "default" in ~/.aws/config',
      '',
    ]);
  });

  it("removes this job's sessions from the AWS CLI's cache, and says how many", async () => {
    const job = startJob(aws());
    await job.login();
    for (const session of [`semaphore-job-${job.id}`, 'semaphore-job-other'])
      job.write(`.aws/cli/cache/${session}.json`, cacheEntryOf(session));
    const run = await job.run(['logout']);
    expect(run.stderr).toContain('\n  removed   1 session that AWS tools had cached in ~/.aws\n');
    expect(job.read(`.aws/cli/cache/semaphore-job-${job.id}.json`)).toBeUndefined();
    expect(job.read('.aws/cli/cache/semaphore-job-other.json')).toBeDefined();
  });

  it('removes the files that earlier logouts printed, once no shell can be about to source them', async () => {
    const job = startJob(aws());
    const old = job.write('.sem-aws-login/logout-0123456789abcdef.env', '');
    const recent = job.write('.sem-aws-login/logout-fedcba9876543210.env', '');
    const other = job.write('.sem-aws-login/logout-notes.env', '');
    for (const file of [old, other]) utimesSync(file, new Date(0), new Date(0));
    await job.login();
    expect([old, recent, other].map(existsSync)).toEqual([false, true, true]);
    utimesSync(recent, new Date(0), new Date(0));
    const { stdout } = await job.run(['logout']);
    expect([recent, other, stdout.trimEnd()].map(existsSync)).toEqual([false, true, true]);
  });

  it('prints nothing on a terminal', async () => {
    const job = startJob(aws());
    await job.login();
    expect(await job.run(['logout'], { terminal: true })).toMatchObject({ exitCode: 0, stdout: '' });
    expect(existsSync(job.own)).toBe(false);
  });

  it.each(['bash', 'powershell'])('without `source` shows how to restore the variables of %s', async (shell) => {
    const job = startJob(aws());
    const before = { AWS_REGION: 'us-west-2' };
    const environment = environmentAfter(job, await job.login([], { environment: before }), before);
    const run = await job.run(['logout', '--quiet', '--shell', shell], { terminal: true, environment });
    expect(run).toMatchObject({ exitCode: 0, stdout: '' });
    const [warning, restore = '', next, line] = run.stderr.split('\n');
    expect(warning).toBe('  warning: AWS_ROLE_ARN and 6 more variables are still set. To restore them:');
    expect(next).toBe('  To log out and restore them in one step:');
    if (shell === 'powershell') {
      expect(restore).toMatch(/^ {4}\. '\/.*\/logout-[0-9a-f]{16}\.ps1'$/);
      expect(line).toBe('    . (sem-aws-login logout)');
      return;
    }
    expect(line).toBe('    source "$(sem-aws-login logout)"');
    const file = restore.replace('    source ', '');
    const after = environmentAfter(job, { ...run, stdout: file }, environment);
    expect(Object.entries(after).filter(([name]) => name.startsWith('AWS_'))).toEqual(Object.entries(before));
  });

  it('without `source` warns of nothing if the shell has no variable of the login', async () => {
    const job = startJob(aws());
    const environment = { AWS_REGION: 'us-west-2', AWS_PROFILE: 'mine', AWS_ACCESS_KEY_ID: 'AKIAMINE' };
    await job.login([], { environment, terminal: true });
    expect((await job.run(['logout'], { environment, terminal: true })).stderr).not.toContain('warning');
  });

  it("leaves another job's login in the same HOME alone", async () => {
    const job = startJob(aws());
    const other = { environment: { SEMAPHORE_JOB_ID: 'another-job' } };
    await job.login(['--profile', 'mine']);
    await job.login(['--profile', 'theirs'], other);
    await job.run(['logout']);
    expect(job.read('.aws/config')).not.toContain('[profile mine]');
    expect(job.read('.aws/config')).toContain('[profile theirs]');
    expect(job.read('.sem-aws-login/jobs/another-job/token')).toBe(job.token);
  });

  it('leaves a profile that another job has taken over since, and says whose it is', async () => {
    const job = startJob(aws());
    await job.login();
    await job.login([], { environment: { SEMAPHORE_JOB_ID: 'another-job' } });
    const run = await job.run(['logout']);
    expect(job.read('.aws/config')).toContain('[default]');
    expect(run.stderr).toMatch(/kept {6}profile "default" in ~\/\.aws\/config, line \d: job another-job uses it now/);
  });

  it('keeps what others have written into the file since', async () => {
    const job = startJob(aws());
    await job.login();
    job.write('.aws/config', `${job.read('.aws/config')}\n[profile later]\nregion = eu-west-2\n`);
    await job.run(['logout']);
    expect(job.read('.aws/config')?.trim()).toBe('[profile later]\nregion = eu-west-2');
  });

  it('fails with a path that none can source', async () => {
    const job = startJob(aws());
    expect(await job.run(['logout', '--nonsense'])).toMatchObject({
      exitCode: 2,
      stdout: '/sem-aws-login: LOGOUT FAILED (exit 2), see the lines above; ignore the rest of this one\n',
    });
  });
});

describe('what ended jobs left', () => {
  // A token that ended four minutes ago still passes where STS is not asked, and its job's directory has ended with it.
  const ended = { issuedIn: -86_400 - 240 };

  it('is swept by the next login, with the sections that point there and the cached sessions', async () => {
    const old = startJob(aws(), ended);
    await old.login(['--no-verify', '--profile', 'old']);
    expect(old.read('.aws/config')).toContain('[profile old]');
    old.write('.aws/cli/cache/old.json', cacheEntryOf(`semaphore-job-${old.id}`));
    const environment = { SEMAPHORE_JOB_ID: 'next-job', SEMAPHORE_OIDC_TOKEN: aws().mint('branch') };
    const run = await old.login([], { environment });
    expect(run.exitCode).toBe(0);
    expect(existsSync(old.own)).toBe(false);
    expect(old.read('.aws/config')).not.toContain('[profile old]');
    expect(old.read('.aws/cli/cache/old.json')).toBeUndefined();
    expect(old.read('.aws/config')).toContain('[default]');
  });

  it('stays while it may be in use, and where it is not marked as ours', async () => {
    const job = startJob(aws());
    await job.login(['--profile', 'running']);
    job.write('.sem-aws-login/jobs/not-ours/precious', 'x');
    chmodSync(join(job.home, '.sem-aws-login/jobs/not-ours'), 0o700);
    const run = await job.login([], { environment: { SEMAPHORE_JOB_ID: 'next-job' } });
    expect(run.exitCode).toBe(0);
    expect(existsSync(job.own)).toBe(true);
    expect(job.read('.aws/config')).toContain('[profile running]');
    expect(job.read('.sem-aws-login/jobs/not-ours/precious')).toBe('x');
  });

  it('and cannot be removed does not fail the login, and is told', async () => {
    const old = startJob(aws(), ended);
    await old.login(['--no-verify']);
    chmodSync(old.own, 0o777);
    const environment = { SEMAPHORE_JOB_ID: 'next-job', SEMAPHORE_OIDC_TOKEN: aws().mint('branch') };
    const run = await old.login(['--profile', 'next'], { environment });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('warning: files of an ended job remain in');
  });
});
