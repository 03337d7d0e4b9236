import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type LocalAws, standardRoleArn } from '../aws-simulator/aws.ts';
import { furtherRoles, makeFurtherRoles } from '../aws-simulator/further-roles.ts';
import { startCrowd } from './crowd.ts';
import { goodArguments, type Job, type Run, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { unwrapped } from './refusal.ts';
import { sourced } from './sourced.ts';
import { asStranger, onReadOnlyHome } from './wrapper.ts';

const aws = useAws({ roles: makeFurtherRoles() });

/** A job that has logged in with a profile that asks this program for keys. Its cache is empty, since STS was not asked. */
async function loggedIn(flags: readonly string[] = ['--duration', '900']): Promise<Job> {
  const job = startJob(aws());
  expect(await job.login([...flags, '--no-verify'])).toMatchObject({ exitCode: 0 });
  return job;
}

const cacheOf = (job: Job) => join(job.own, 'credentials.json');
const latestOf = ({ sessions }: LocalAws) => sessions.issued.at(-1);

function expectFailure(run: Run, exitCode: number, headline: RegExp): void {
  expect(unwrapped(run.stderr)).toMatch(headline);
  expect(run).toMatchObject({ exitCode, stdout: '' });
}

describe('AWS’s contract', () => {
  it('is one line of JSON with just these keys, and nothing on stderr', async () => {
    const job = await loggedIn();
    const run = await job.run(['credentials']);
    const issued = latestOf(aws());
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(run.stdout)).toEqual({
      Version: 1,
      AccessKeyId: issued?.accessKeyId,
      SecretAccessKey: issued?.secretAccessKey,
      SessionToken: issued?.session?.token,
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    const expiration = new Date(JSON.parse(run.stdout).Expiration).getTime();
    expect(expiration).toBe(Math.trunc((issued?.session?.expiration.getTime() ?? 0) / 1000) * 1000);
  });

  it('is kept to in the form that the profile names, whatever variables ask of other commands', async () => {
    const job = await loggedIn();
    const line = /^credential_process = (.*)$/m.exec(job.read('.aws/config') ?? '')?.[1] ?? '';
    expect(line).toContain(` credentials --profile default --job-directory ${job.own} --format process`);
    const [, ...args] = line.slice(line.indexOf(' credentials')).split(' ');
    const environment = { SEM_AWS_LOGIN_FORMAT: 'terraform', SEMAPHORE_JOB_ID: 'another', HOME: undefined };
    expect(JSON.parse((await job.run(args, { environment })).stdout)).toMatchObject({ Version: 1 });
  });
});

describe('--format env', () => {
  it('has a line for each variable, as Docker reads them', async () => {
    const job = await loggedIn();
    const run = await job.run(['credentials', '--format', 'env']);
    const issued = latestOf(aws());
    expect(run.stdout.split('\n')).toEqual([
      `AWS_ACCESS_KEY_ID=${issued?.accessKeyId}`,
      `AWS_SECRET_ACCESS_KEY=${issued?.secretAccessKey}`,
      `AWS_SESSION_TOKEN=${issued?.session?.token}`,
      'AWS_REGION=eu-west-1',
      'AWS_DEFAULT_REGION=eu-west-1',
      '',
    ]);
  });

  it('works for a plain profile as well', async () => {
    const job = await loggedIn([]);
    expect(await job.run(['credentials', '--format', 'env'])).toMatchObject({ exitCode: 0 });
  });
});

describe('the session of the login', () => {
  const further = ['--then-role-arn', furtherRoles.open];
  it.each([
    ['with a duration', ['--duration', '900']],
    ['of a chain', further],
  ])('%s serves the first client, which sends STS no request', async (_title, flags) => {
    const job = startJob(aws());
    const earlier = aws().sessions.issued.length;
    const login = await job.login(flags);
    const issued = latestOf(aws());
    const cache = readFileSync(cacheOf(job), 'utf8');
    for (const { accessKeyId } of aws().sessions.issued.slice(earlier, -1)) expect(cache).not.toContain(accessKeyId);
    expect(login.written).toMatchObject({ 'home/.sem-aws-login/jobs/JOB/credentials.json': '600' });
    const run = await job.run(['credentials']);
    expect(run).toMatchObject({ exitCode: 0, requests: [] });
    expect(JSON.parse(run.stdout)).toMatchObject({ AccessKeyId: issued?.accessKeyId });
  });

  it('of each of several roles does so, beside those of an earlier login', async () => {
    const job = startJob(aws());
    await job.login(['--duration', '900', '--profile', 'earlier']);
    const roles = ['--role', `a=${standardRoleArn}`, '--role', `b=${furtherRoles.staging}`];
    const login = await job.run(['login', ...roles, '--region', 'eu-west-1', '--duration', '900']);
    expect(login.exitCode, login.stderr).toBe(0);
    for (const profile of ['a', 'b', 'earlier'])
      expect(await job.run(['credentials', '--profile', profile])).toMatchObject({ exitCode: 0, requests: [] });
  });

  it('serves the command of exec', async () => {
    const job = startJob(aws());
    const script = `eval "$(sed -n 's/^credential_process = //p' "$AWS_CONFIG_FILE")"`;
    const run = await job.run(['exec', ...goodArguments, '--duration', '900', '--', 'bash', '-c', `${script} | wc -c`]);
    expect(Number(run.stdout)).toBeGreaterThan(100);
    expect(run.requests).toHaveLength(1);
  });

  it.each([
    ['of a plain profile', []],
    ['that STS was not asked for', ['--duration', '900', '--no-verify']],
  ])('%s is stored nowhere', async (_title, flags) => {
    const job = startJob(aws());
    expect(await job.login(flags)).toMatchObject({ exitCode: 0 });
    expect(existsSync(cacheOf(job))).toBe(false);
  });
});

describe('the cache', () => {
  it('makes one request serve all calls, of either form, and is this user’s alone', async () => {
    const job = await loggedIn();
    const first = await job.run(['credentials']);
    const second = await job.run(['credentials']);
    const third = await job.run(['credentials', '--format', 'env']);
    expect(first.requests).toHaveLength(1);
    expect(second).toMatchObject({ exitCode: 0, stdout: first.stdout, requests: [], written: {} });
    expect(third).toMatchObject({ exitCode: 0, requests: [] });
    expect(first.written).toEqual({ 'home/.sem-aws-login/jobs/JOB/credentials.json': '600' });
  });

  it.each([
    ['a session that lives six minutes is kept', 360, 0],
    ['one that lives less than five is asked for anew each time', 299, 1],
  ])('%s', async (_title, seconds, requests) => {
    const job = await loggedIn();
    aws().sessions.longest = seconds;
    try {
      await job.run(['credentials']);
      expect((await job.run(['credentials'])).requests).toHaveLength(requests);
    } finally {
      aws().sessions.longest = Number.POSITIVE_INFINITY;
    }
  });

  const policyFile = (job: Job) => job.write('policy.json', '{"Statement":[]}');
  it.each<[string, (job: Job) => readonly string[]]>([
    ['another duration', () => ['--duration', '901']],
    ['a session policy', (job) => ['--duration', '900', '--session-policy', policyFile(job)]],
    ['a managed one', () => ['--duration', '900', '--session-policy-arn', 'arn:aws:iam::aws:policy/ReadOnlyAccess']],
    ['another session name', () => ['--duration', '900', '--session-name', 'another']],
    ['another role', () => ['--duration', '900', '--role-arn', 'arn:aws:iam::123456789012:role/staging']],
  ])('has nothing for %s', async (_title, flagsOf) => {
    const job = await loggedIn();
    await job.run(['credentials']);
    const environment = sourced(job, await job.login([...flagsOf(job), '--no-verify']));
    expect((await job.run(['credentials'], { environment })).requests).toHaveLength(1);
  });

  it('has nothing for another token', async () => {
    const job = await loggedIn();
    await job.run(['credentials']);
    writeFileSync(join(job.own, 'token'), aws().mint('branch'));
    expect((await job.run(['credentials'])).requests).toHaveLength(1);
  });

  it('has nothing for another endpoint', async () => {
    const job = await loggedIn();
    await job.run(['credentials']);
    const environment = { AWS_ENDPOINT_URL_STS: `${aws().url}/` };
    expect((await job.run(['credentials'], { environment })).requests).toHaveLength(0);
    const other = { AWS_ENDPOINT_URL_STS: aws().url.replace('127.0.0.1', 'localhost') };
    expect((await job.run(['credentials'], { environment: other })).requests).toHaveLength(1);
  });

  it.each<[string, (text: string) => string]>([
    ['is empty', () => ''],
    ['is cut off', (text) => text.slice(0, text.length / 2)],
    ['is another program’s', () => '{"AccessKeyId":"AKIASTALE"}'],
    ['says nonsense', (text) => text.replace(/"secretAccessKey":"[^"]*"/, '"secretAccessKey":7')],
    ['names no date', (text) => text.replace(/"expiration":"[^"]*"/, '"expiration":"soon"')],
  ])('that %s is replaced', async (_title, broken) => {
    const job = await loggedIn();
    await job.run(['credentials']);
    const file = cacheOf(job);
    writeFileSync(file, broken(readFileSync(file, 'utf8')));
    const mended = await job.run(['credentials']);
    expect(mended.requests).toHaveLength(1);
    expect(JSON.parse(mended.stdout)).toMatchObject({ AccessKeyId: latestOf(aws())?.accessKeyId });
    expect(await job.run(['credentials'])).toMatchObject({ requests: [], stdout: mended.stdout });
  });

  it.each<[string, (job: Job, file: string) => void, RegExp]>([
    ['a link', (job, file) => symlinkSync(job.write('elsewhere', '{}', 0o600), file), /is not safe .* symbolic link/],
    ['writable by others', (_, file) => writable(file), /is not safe .* Other users can write to it/],
    ['a directory', (_, file) => mkdirSync(file), /is not a file/],
  ])('that is %s is neither read nor written', async (_title, spoil, told) => {
    const job = await loggedIn();
    spoil(job, cacheOf(job));
    const run = await job.run(['credentials']);
    expectFailure(run, 4, told);
    expect(run).toMatchObject({ requests: [], written: {} });
  });

  const readOnly = onReadOnlyHome('keys where the cache cannot be written');
  it.skipIf(readOnly === undefined)('that cannot be written is done without', async () => {
    const job = await loggedIn();
    const run = await job.run(['credentials'], { wrapper: readOnly ?? [] });
    expect(run).toMatchObject({ exitCode: 0, stderr: '', written: {} });
    expect(JSON.parse(run.stdout)).toMatchObject({ AccessKeyId: latestOf(aws())?.accessKeyId });
  });
});

describe('many at once', () => {
  it('make one request and get the same keys', async () => {
    const job = await loggedIn();
    aws().fault({ kind: 'delay', milliseconds: 1000 });
    const before = aws().requests.length;
    const runs = await Promise.all(startCrowd(job, ['credentials'], 8).map(({ ended }) => ended));
    expect(runs).toEqual(Array(8).fill({ exitCode: 0, stdout: runs[0]?.stdout, stderr: '' }));
    expect(aws().requests.length - before).toBe(1);
  });

  it('get the same keys, too, when the one that asks is killed meanwhile', async () => {
    const job = await loggedIn();
    aws().fault({ kind: 'hang' });
    const before = aws().requests.length;
    const [first] = startCrowd(job, ['credentials'], 1);
    while (aws().requests.length === before) await sleep(10);
    const others = startCrowd(job, ['credentials'], 3);
    first?.kill('SIGKILL');
    expect(await first?.ended).toMatchObject({ exitCode: undefined, stdout: '' });
    const runs = await Promise.all(others.map(({ ended }) => ended));
    expect(runs).toEqual(Array(3).fill({ exitCode: 0, stdout: runs[0]?.stdout, stderr: '' }));
    expect(aws().requests.length - before).toBe(2);
    expect(existsSync(join(job.own, '.credentials.json.sem-aws-login-lock'))).toBe(false);
  });

  it('told to end while STS is asked, one leaves no lock', async () => {
    const job = await loggedIn();
    aws().fault({ kind: 'hang' });
    const started = job.start(['credentials']);
    await started.whenAsked();
    started.kill('SIGTERM');
    expect(await started.ended).toMatchObject({ exitCode: 143, stdout: '', written: {} });
    expect(await job.run(['credentials'])).toMatchObject({ exitCode: 0 });
  });
});

describe('a failure is told on stderr, with nothing on stdout', () => {
  it('on a terminal, which keeps what it shows', async () => {
    const run = await (await loggedIn()).run(['credentials'], { terminal: true });
    expectFailure(run, 2, /^sem-aws-login: Keys are not printed on a terminal/);
    expect(run.requests).toEqual([]);
  });

  it('where nobody has logged in', async () => {
    expectFailure(await startJob(aws()).run(['credentials']), 4, /No login of this job wrote a profile "default"/);
  });

  it('for a profile that no login made', async () => {
    const run = await (await loggedIn()).run(['credentials', '--profile', 'other']);
    expectFailure(run, 4, /No login of this job wrote a profile "other"/);
  });

  it('after a logout', async () => {
    const job = await loggedIn();
    await job.run(['logout']);
    expectFailure(await job.run(['credentials', '--job-directory', job.own]), 4, /wrote a profile "default"/);
  });

  it('when STS refuses', async () => {
    const job = await loggedIn();
    aws().fault({ kind: 'error', name: 'ExpiredTokenException' });
    expectFailure(
      await job.run(['credentials']),
      5,
      /STS refused the login to role deploy \(ExpiredTokenException\) .*"Token expired/,
    );
  });

  it('when STS is out of reach', async () => {
    const job = await loggedIn();
    const environment = { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1' };
    expectFailure(await job.run(['credentials', '--timeout', '1'], { environment }), 6, /Cannot reach STS/);
  });

  it('when the token is gone', async () => {
    const job = await loggedIn();
    renameSync(join(job.own, 'token'), join(job.own, 'other'));
    expectFailure(await job.run(['credentials']), 3, /token.*ENOENT/);
  });

  it('when the marker is broken', async () => {
    const job = await loggedIn();
    writeFileSync(join(job.own, 'login.json'), '{');
    expectFailure(await job.run(['credentials']), 4, /No login of this job/);
  });
});

describe('--job-directory leads nowhere that is not this user’s alone', () => {
  const credentials = (job: Job, directory: string) => job.run(['credentials', '--job-directory', directory]);

  it('not through a link', async () => {
    const job = await loggedIn();
    mkdirSync(join(job.home, 'root'), { mode: 0o700 });
    symlinkSync(join(job.home, '.sem-aws-login/jobs'), join(job.home, 'root/jobs'));
    expectFailure(await credentials(job, join(job.home, 'root/jobs', job.id)), 4, /symbolic link/);
  });

  it.each([
    ['the job’s directory', ''],
    ['the directory of all jobs', '..'],
    ['the root', '../..'],
  ])('not where others may write to %s', async (_title, which) => {
    const job = await loggedIn();
    chmodSync(join(job.own, which), 0o777);
    expectFailure(await credentials(job, job.own), 4, /Other users can write to it/);
  });

  const stranger = asStranger('credentials in a directory of another user’s');
  it.skipIf(stranger === undefined)('not to another user’s', async () => {
    const job = await loggedIn();
    for (const path of ['', 'login.json', 'token']) chownSync(join(job.own, path), stranger?.uid ?? 0, -1);
    expectFailure(await credentials(job, job.own), 4, /belongs to another user/);
  });

  it('but may lie elsewhere', async () => {
    const job = await loggedIn();
    renameSync(join(job.home, '.sem-aws-login'), join(job.home, 'moved'));
    const moved = join(job.home, 'moved/jobs', job.id);
    expect(lstatSync(moved).isDirectory()).toBe(true);
    // The token's own path is kept, and nothing is there any more.
    expectFailure(await credentials(job, moved), 3, /ENOENT/);
  });
});

/** A file that anybody may write to, as a cache that somebody has prepared. */
function writable(file: string): void {
  writeFileSync(file, '{}');
  chmodSync(file, 0o666);
}
