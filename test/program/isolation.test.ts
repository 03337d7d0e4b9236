import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { goodArguments, type Job, type RunOptions, startJob, type Variables } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { unwrapped } from './refusal.ts';
import { sourced } from './sourced.ts';
import { asStranger, onReadOnlyHome, underJobShell, withoutShell } from './wrapper.ts';

const aws = useAws();

const stranger = asStranger('a user without a name');
const noShell = withoutShell('a login without a watcher');
const readOnlyHome = onReadOnlyHome('a read-only HOME');

/** The job's directory: below HOME, or below TMPDIR for a user. */
const places = {
  home: (job: Job) => job.own,
  temporary:
    (uid = process.geteuid?.() ?? 0) =>
    (job: Job) =>
      join(job.temporary, `sem-aws-login-${uid}`, 'jobs', job.id),
};

interface Isolated {
  readonly agent?: 'self-hosted' | 'kubernetes';
  readonly environment?: Variables;
  readonly args?: readonly string[];
  readonly wrapper?: readonly string[];
  readonly own: (job: Job) => string;
  readonly says: string;
}

type Row = readonly [what: string, given: Isolated];

const rows: readonly Row[] = [
  ['on a self-hosted agent', { agent: 'self-hosted', own: places.home, says: 'self-hosted agent' }],
  ['on Kubernetes', { agent: 'kubernetes', own: places.home, says: 'self-hosted agent' }],
  ['with --isolated', { args: ['--isolated'], own: places.home, says: 'requested' }],
  ['without HOME', { environment: { HOME: undefined }, own: places.temporary(), says: 'HOME is not set' }],
  ['with an empty HOME', { environment: { HOME: '' }, own: places.temporary(), says: 'HOME is not set' }],
  [
    'with AWS_CONFIG_FILE=/dev/null',
    { environment: { AWS_CONFIG_FILE: '/dev/null' }, own: places.home, says: 'the shared one is not writable' },
  ],
];

const namelessUser: readonly Row[] =
  stranger === undefined
    ? []
    : [
        [
          'for a user without a name, whose HOME belongs to another user',
          { wrapper: stranger.wrapper, own: places.temporary(stranger.uid), says: 'HOME is not writable' },
        ],
      ];

const onReadOnlyFileSystem: readonly Row[] =
  readOnlyHome === undefined
    ? []
    : [
        [
          'with HOME on a read-only file system',
          { wrapper: readOnlyHome, own: places.temporary(), says: 'HOME is not writable' },
        ],
      ];

describe('the job gets a private config file, and the shared one is unchanged,', () => {
  it.each([...rows, ...namelessUser, ...onReadOnlyFileSystem])('%s', async (_, given) => {
    const { agent, environment = {}, args, wrapper = [], own, says } = given;
    const job = startJob(aws(), { ...(agent === undefined ? {} : { agent }), environment });
    job.write('.aws/config', '# mine\n[profile web]\nregion = us-east-1\n');
    const run = await job.login(args, { wrapper });
    const directory = own(job);
    expect(run).toMatchObject({ exitCode: 0, stdout: `${directory}/env\n` });
    expect(unwrapped(run.stderr)).toContain(`"default" in a private config file (${says})`);
    expect(run.written).not.toHaveProperty('home/.aws/config');
    const modes = Object.entries(run.written).map(([path, mode]) => (path.endsWith('/') ? mode : `file ${mode}`));
    expect(new Set(modes)).toEqual(new Set(['700', 'file 600']));
    expect(sourced(job, run, environment['AWS_CONFIG_FILE'] ? { AWS_CONFIG_FILE: '/dev/null' } : {})).toMatchObject({
      AWS_CONFIG_FILE: join(directory, 'config'),
      AWS_WEB_IDENTITY_TOKEN_FILE: join(directory, 'token'),
    });
  });

  it('which starts as a copy of the shared one', async () => {
    const job = startJob(aws(), { agent: 'self-hosted' });
    const mine = '# mine\r\n[profile web]\r\nregion = us-east-1\r\n';
    job.write('.aws/config', mine);
    await job.login();
    expect(job.read(`.sem-aws-login/jobs/${job.id}/config`)?.startsWith(mine)).toBe(true);
  });

  it('which can have a profile of the same name as the shared one', async () => {
    const job = startJob(aws(), { agent: 'self-hosted' });
    job.write('.aws/config', '[default]\nrole_arn = arn:aws:iam::123456789012:role/agent\nsource_profile = x\n');
    const run = await job.login();
    expect(run.exitCode).toBe(0);
    expect(job.read(`.sem-aws-login/jobs/${job.id}/config`)).not.toContain('role/agent');
    expect(run.stderr, 'no warning of keys removed from the copy').not.toContain('warning');
  });

  it('whose faults are reported with the path of the shared one', async () => {
    const job = startJob(aws(), { agent: 'self-hosted' });
    const file = job.write('.aws/config', '[profile a]\nx = 1\nx = 2\n');
    expect(unwrapped((await job.login()).stderr)).toContain(`warning: ${file}, line 3, repeats a key of the section`);
  });

  it('which a second login of the job uses, too', async () => {
    const job = startJob(aws(), { agent: 'self-hosted' });
    await job.login(['--profile', 'build']);
    const run = await job.login(['--profile', 'deploy']);
    const config = job.read(`.sem-aws-login/jobs/${job.id}/config`);
    expect(config).toContain('[profile build]');
    expect(config).toContain('[profile deploy]');
    expect(sourced(job, run)).toMatchObject({ AWS_PROFILE: 'deploy', AWS_CONFIG_FILE: `${job.own}/config` });
  });

  it('in the directory that SEM_AWS_LOGIN_HOME names', async () => {
    const job = startJob(aws(), { agent: 'self-hosted' });
    const root = join(job.temporary, 'own root');
    const run = await job.login([], { environment: { SEM_AWS_LOGIN_HOME: root } });
    expect(run).toMatchObject({ exitCode: 0, stdout: `${root}/jobs/${job.id}/env\n` });
    expect(Object.keys(run.written).filter((path) => path.startsWith('home/'))).toEqual([]);
    expect(sourced(job, run)).toMatchObject({ AWS_CONFIG_FILE: `${root}/jobs/${job.id}/config` });
  });
});

describe.runIf(noShell !== undefined)('on a self-hosted agent where no watcher can be started', () => {
  it.each([
    ['a login works, with a warning', ['login', ...goodArguments]],
    ['exec works, with a warning', ['exec', ...goodArguments, '--', 'true']],
  ])('%s', async (_, args) => {
    const job = startJob(aws(), { agent: 'self-hosted' });
    const run = await job.run(args, { wrapper: [...underJobShell, ...(noShell ?? [])] });
    expect(run.exitCode).toBe(0);
    expect(unwrapped(run.stderr)).toContain('warning: no watcher could be started (EACCES)');
  });
});

describe('the shared config file', () => {
  it('is written on a self-hosted agent with --shared-config', async () => {
    const job = startJob(aws(), { agent: 'self-hosted' });
    const run = await job.login(['--shared-config']);
    expect(run.written).toHaveProperty('home/.aws/config', '600');
    expect(sourced(job, run)).not.toHaveProperty('AWS_CONFIG_FILE');
  });

  it('is the one that AWS_CONFIG_FILE names', async () => {
    const job = startJob(aws());
    const file = join(job.temporary, 'other', 'config');
    const run = await job.login([], { environment: { AWS_CONFIG_FILE: file } });
    expect(run.written).toHaveProperty('tmp/other/config', '600');
    expect(run.written).not.toHaveProperty('home/.aws/');
    expect(sourced(job, run, { AWS_CONFIG_FILE: file })).not.toHaveProperty('AWS_CONFIG_FILE');
  });

  it('needs a HOME', async () => {
    const run = await startJob(aws()).login(['--shared-config'], { environment: { HOME: undefined } });
    expect(run).toMatchObject({ exitCode: 2, written: {} });
    expect(run.stderr).toContain('There is no HOME for a shared config file');
  });
});

describe('modes do not depend on the umask', () => {
  it.each(['000', '077', '277'])('%s', async (umask) => {
    const wrapper = ['bash', '-c', `umask ${umask}; exec "$@"`, 'bash'];
    const options: RunOptions = { wrapper };
    const run = await startJob(aws()).login([], options);
    expect(run.exitCode).toBe(0);
    const modes = Object.entries(run.written).map(([path, mode]) => (path.endsWith('/') ? mode : `file ${mode}`));
    expect(new Set(modes)).toEqual(new Set(['700', 'file 600']));
  });
});
