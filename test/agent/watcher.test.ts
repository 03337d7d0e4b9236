import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type LocalAws, standardRoleArn, startAws } from '../aws-simulator/aws.ts';
import { makeJob } from '../aws-simulator/semaphore-job.ts';
import { executableDirectory } from '../executable.ts';
import { skipped } from '../skips.ts';
import { environmentFileOf } from './environment-file.ts';
import { canMakeTerminal, type JobShell, startShell } from './shell.ts';

// What remains of a login whose job ended without a logout, on a self-hosted agent.

const canRun = process.platform === 'linux' && canMakeTerminal;
if (!canRun) skipped('the watcher of a job', 'it needs Linux, and `script` for a terminal');

let aws: LocalAws;
let root: string;
beforeAll(async () => {
  aws = await startAws();
  root = await mkdtemp(join(tmpdir(), 'sem-aws-login-watcher-'));
});
afterAll(async () => {
  await aws.close();
  await rm(root, { recursive: true, maxRetries: 10 });
});

const login = `source "$(sem-aws-login --role-arn ${standardRoleArn} --region eu-west-1)"`;
const loginWithKeys = login.replace('sem-aws-login', 'sem-aws-login --export static');
const loginWithCache = [
  login.replace('sem-aws-login', 'sem-aws-login --profile short --duration 900'),
  'sem-aws-login credentials --profile short >/dev/null',
].join(' && ');

interface RunningJob {
  readonly shell: JobShell;
  readonly home: string;
  /** The job's own directory. */
  readonly directory: string;
  readonly token: string;
  /** The pid of the job's shell, and of the program that holds its terminal. */
  readonly shellPid: number;
  readonly terminalPid: number;
  run(command: string): Promise<string>;
  /** Resolves when the agent sees the end of the terminal. */
  ended(): Promise<void>;
}

async function startJob({
  home,
  machine = 's1-deploy',
}: {
  home?: string;
  machine?: string;
} = {}): Promise<RunningJob> {
  const own = home ?? (await mkdtemp(join(root, 'home-')));
  const facts = makeJob('branch');
  const variables = aws.environmentFor(facts, { agent: 'self-hosted' });
  const shell = await startShell({ home: own, limitSeconds: 60 });
  onTestFinished(() => shell.close());
  const run = async (command: string): Promise<string> => {
    const { exitCode, output } = await shell.run(command);
    if (exitCode !== 0) throw new Error(`"${command}" ended with ${exitCode}: ${output}`);
    return output.trim();
  };
  const environment = {
    ...variables,
    ...aws.clientEnvironment,
    SEMAPHORE_AGENT_MACHINE_TYPE: machine,
    PATH: `${executableDirectory}:/usr/bin:/bin`,
  };
  const file = join(shell.directory, '.env');
  await writeFile(file, environmentFileOf(environment));
  await run(`source ${file}`);
  return {
    shell,
    home: own,
    directory: join(own, '.sem-aws-login', 'jobs', facts.jobId),
    token: variables['SEMAPHORE_OIDC_TOKEN'] ?? '',
    shellPid: Number(await run('echo $$')),
    terminalPid: Number(await run('echo $PPID')),
    run,
    ended: () => until(() => !shell.alive(), 5),
  };
}

async function until(condition: () => boolean, seconds = 10): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${condition}`);
    await sleep(20);
  }
}

const exists = (pid: number) => existsSync(`/proc/${pid}`);

async function watcherOf({ directory }: RunningJob): Promise<number> {
  const file = join(directory, 'watcher');
  await until(() => existsSync(file) && readFileSync(file, 'utf8').endsWith('\n'));
  return Number(readFileSync(file, 'utf8').split(' ')[1]);
}

describe.runIf(canRun)('ten seconds after a job, nothing of its login is left', () => {
  const ends: readonly (readonly [how: string, end: (job: RunningJob) => unknown])[] = [
    ['its commands have ended', ({ shell }) => shell.close()],
    ['a command ended the shell', ({ shell }) => shell.run('exit 3')],
    ['its shell was killed', ({ shellPid }) => process.kill(shellPid, 'SIGKILL')],
    ['the agent closed the terminal', ({ terminalPid }) => process.kill(terminalPid, 'SIGKILL')],
    [
      'its processes got SIGTERM',
      ({ terminalPid, shellPid }) => {
        process.kill(-shellPid, 'SIGTERM');
        process.kill(-terminalPid, 'SIGTERM');
      },
    ],
  ];

  test.each(ends)('when %s', async (_how, end) => {
    const job = await startJob();
    for (const command of [login, loginWithKeys, loginWithCache]) await job.run(command);
    expect(readdirSync(job.directory)).toEqual(
      expect.arrayContaining(['config', 'credentials.json', 'env', 'login.json', 'token']),
    );
    const watcher = await watcherOf(job);
    await end(job);
    await job.ended();
    await until(() => !existsSync(job.directory));
    await until(() => !exists(watcher));
    expect(readdirSync(join(job.home, '.sem-aws-login'))).toEqual(['jobs']);
    expect(readdirSync(join(job.home, '.sem-aws-login', 'jobs'))).toEqual([]);
  });

  test('in the shared config file', async () => {
    const job = await startJob();
    await job.run(login.replace('sem-aws-login', 'sem-aws-login --shared-config'));
    const config = join(job.home, '.aws', 'config');
    expect(readFileSync(config, 'utf8')).toContain(standardRoleArn);
    process.kill(job.shellPid, 'SIGKILL');
    await until(() => !existsSync(job.directory));
    expect(existsSync(config)).toBe(false);
  });

  test('in the cache of the AWS CLI', async () => {
    const job = await startJob();
    await job.run(login);
    await watcherOf(job);
    const cache = join(job.home, '.aws', 'cli', 'cache');
    mkdirSync(cache, { recursive: true });
    const session = `semaphore-job-${await job.run('echo $SEMAPHORE_JOB_ID')}`;
    const entry = (name: string) =>
      JSON.stringify({
        AssumedRoleUser: {
          Arn: `${standardRoleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/${name}`,
        },
      });
    writeFileSync(join(cache, 'a.json'), entry(session));
    writeFileSync(join(cache, 'b.json'), entry('another'));
    process.kill(job.shellPid, 'SIGKILL');
    await until(() => !existsSync(join(cache, 'a.json')));
    expect(existsSync(join(cache, 'b.json'))).toBe(true);
  });

  test('of `exec`, even if it was killed', async () => {
    const job = await startJob();
    await job.run(
      `(sem-aws-login exec --role-arn ${standardRoleArn} --region eu-west-1 -- sleep 30 2>/dev/null & echo $! >~/exec-pid; exec >/dev/null; wait) & sleep 2`,
    );
    const jobs = join(job.home, '.sem-aws-login', 'jobs');
    await until(() => readdirSync(jobs).length === 1);
    const [name = ''] = readdirSync(jobs);
    await watcherOf({ ...job, directory: join(jobs, name) });
    process.kill(Number(readFileSync(join(job.home, 'exec-pid'), 'utf8')), 'SIGKILL');
    await until(() => readdirSync(jobs).length === 0);
  });

  test('and the login of a job beside it stays', async () => {
    const one = await startJob();
    const beside = await startJob({ home: one.home });
    await Promise.all([one.run(login), beside.run(login)]);
    const watcher = await watcherOf(beside);
    await watcherOf(one);
    process.kill(one.shellPid, 'SIGKILL');
    await until(() => !existsSync(one.directory));
    await sleep(1000);
    expect(readFileSync(join(beside.directory, 'token'), 'utf8')).toBe(beside.token);
    expect(exists(watcher)).toBe(true);
    await beside.shell.close();
    await until(() => !existsSync(beside.directory));
  });
});

describe.runIf(canRun)('the watcher', () => {
  test('has nothing of the job: no variable, secret, terminal or descriptor', async () => {
    const job = await startJob();
    await job.run('exec 7</etc/passwd 45</etc/passwd');
    await job.run(login);
    const pid = await watcherOf(job);
    expect(statSync(`/proc/${pid}`).uid).toBe(process.getuid?.());
    expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).toBe('');
    expect(readFileSync(`/proc/${pid}/cmdline`, 'latin1')).not.toContain(job.token.slice(0, 40));
    expect(readlinkSync(`/proc/${pid}/cwd`)).toBe('/');
    const open = readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
    expect(new Set(open.filter((target) => !target.endsWith('/watcher') && !target.startsWith('/proc/')))).toEqual(
      new Set(['/dev/null']),
    );
    // A separate session, without a terminal (0).
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    expect([fields[3], fields[4]]).toEqual([String(pid), '0']);
  });

  test('is one for all logins of the job', async () => {
    const job = await startJob();
    await job.run(login);
    const pid = await watcherOf(job);
    await job.run(login);
    await job.run(`bash -c '${login}'`);
    await sleep(500);
    expect(await watcherOf(job)).toBe(pid);
  });

  test('is replaced if it was killed', async () => {
    const job = await startJob();
    await job.run(login);
    const pid = await watcherOf(job);
    process.kill(pid, 'SIGKILL');
    await until(() => !exists(pid));
    await job.run(login);
    await until(() => exists(Number(readFileSync(join(job.directory, 'watcher'), 'utf8').split(' ')[1])));
    process.kill(job.shellPid, 'SIGKILL');
    await until(() => !existsSync(job.directory));
  });

  test('ends at the logout, and a login after it starts a new one', async () => {
    const job = await startJob();
    await job.run(login);
    const first = await watcherOf(job);
    await job.run('source "$(sem-aws-login logout)"');
    await job.run(login);
    await until(() => !exists(first));
    expect(await watcherOf(job)).not.toBe(first);
    await job.run('source "$(sem-aws-login logout)"');
    expect(existsSync(job.directory)).toBe(false);
  });

  test('ignores the signals that end an agent’s processes', async () => {
    const job = await startJob();
    await job.run(login);
    const pid = await watcherOf(job);
    for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.kill(pid, signal);
    await sleep(500);
    expect(exists(pid)).toBe(true);
    process.kill(job.shellPid, 'SIGKILL');
    await until(() => !existsSync(job.directory));
  });

  test('is not needed on a hosted agent', async () => {
    const job = await startJob({ machine: 'e1-standard-2' });
    await job.run(login);
    await sleep(500);
    expect(existsSync(join(job.directory, 'watcher'))).toBe(false);
  });
});
