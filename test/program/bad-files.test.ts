import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Job, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { expectRefusal, unwrapped } from './refusal.ts';
import { asStranger, onFullHome } from './wrapper.ts';

const aws = useAws();

const configOf = (job: Job) => join(job.home, '.aws/config');

/** Ways in which the config file's place can be taken by something that no login can edit. */
const obstacles = {
  directory: (job: Job) => {
    mkdirSync(configOf(job), { recursive: true });
  },
  linkTo: (target: string) => (job: Job) => {
    mkdirSync(join(job.home, '.aws'));
    symlinkSync(target, configOf(job));
  },
  pipe: (job: Job) => {
    mkdirSync(join(job.home, '.aws'));
    execFileSync('mkfifo', [configOf(job)]);
  },
  ofSize: (size: number) => (job: Job) => {
    truncateSync(job.write('.aws/config', ''), size);
  },
  holding: (text: string) => (job: Job) => {
    job.write('.aws/config', text);
  },
};

type Obstacle = readonly [what: string, prepare: (job: Job) => void, headline: string, says: readonly RegExp[]];

const unusable: readonly Obstacle[] = [
  ['a directory', obstacles.directory, 'Cannot read "CONFIG" (EISDIR)', [/is a directory/, /--isolated/]],
  [
    'a link to nothing',
    obstacles.linkTo('gone'),
    'Cannot read "CONFIG" (ENOENT)',
    [/a link to something that does not/],
  ],
  ['a link to itself', obstacles.linkTo('config'), 'Cannot read "CONFIG" (ELOOP)', [/form a circle/]],
  ['a file of 1 GB', obstacles.ofSize(2 ** 30), '"CONFIG" is larger than 8 MB', [/ls -lL/, /--isolated/]],
  ['a pipe', obstacles.pipe, '"CONFIG" is not a file', [/ls -ld/, /--isolated/]],
];

const notEditable: readonly Obstacle[] = [
  [
    "one with somebody else's default profile",
    obstacles.holding('# mine\n[default]\nregion = us-east-1\n'),
    '"CONFIG" has a profile "default" already, in line 2',
    [/--profile deploy/, /--isolated/, /--overwrite-profile/],
  ],
  [
    'one that has it under its long name',
    obstacles.holding('[profile default]\nregion = us-east-1\n'),
    '"CONFIG" has a profile "default" already, in line 1',
    [/--profile deploy/],
  ],
  [
    'one in which the section stands twice',
    obstacles.holding('[default]\nregion = a\n[default]\nregion = b\n'),
    'Cannot add a profile "default" to "CONFIG"',
    [/is there twice, in line 3/, /--isolated/],
  ],
  ['one that is not text', obstacles.holding('x\0y\n'), 'Cannot add a profile "default" to "CONFIG"', [/not text/]],
];

describe('a config file that is left as it stands, with the login refused', () => {
  it.each([...unusable, ...notEditable])('%s', async (_, prepare, headline, says) => {
    const job = startJob(aws());
    prepare(job);
    const run = await job.login();
    expectRefusal(run, { exitCode: 4, headline: headline.replace('CONFIG', configOf(job)), says });
  });

  it.each(notEditable.slice(0, 2))('%s: the way out by --isolated works', async (_, prepare) => {
    const job = startJob(aws());
    prepare(job);
    const run = await job.login(['--isolated']);
    expect(run.exitCode).toBe(0);
    expect(run.written).not.toHaveProperty('home/.aws/config');
  });

  it.each([...unusable, ...notEditable.slice(2)])(
    '%s: the way out by --isolated works, and says that nothing was copied',
    async (_, prepare) => {
      const job = startJob(aws());
      prepare(job);
      const run = await job.login(['--isolated']);
      expect(run.exitCode).toBe(0);
      expect(unwrapped(run.stderr)).toContain(`warning: ${configOf(job)} cannot be read by every SDK`);
    },
  );

  it('one whose keys for the profile stand in the credentials file, which some SDKs take first', async () => {
    const job = startJob(aws());
    job.write('.aws/credentials', '[other]\naws_access_key_id = AKIAOTHER\n[default]\naws_access_key_id = AKIAMINE\n');
    const run = await job.login();
    expectRefusal(run, {
      exitCode: 4,
      headline: `"${job.home}/.aws/credentials" has static keys for "default", in line 4`,
      says: [/--profile deploy/, /--overwrite-profile/],
    });
    expect(run.stderr).not.toContain('AKIA');
  });
});

describe('a config file with a profile of the same name', () => {
  it('is edited where --overwrite-profile says so, and what was taken out is told', async () => {
    const job = startJob(aws());
    job.write('.aws/config', '[default]\ncredential_process = /bin/x\noutput = json\n');
    const run = await job.login(['--overwrite-profile']);
    expect(run.exitCode).toBe(0);
    expect(job.read('.aws/config')).toContain('output = json');
    expect(job.read('.aws/config')).not.toContain('credential_process');
    expect(unwrapped(run.stderr)).toContain('credential_process removed from the profile');
  });

  it('keeps it through a login under another name', async () => {
    const job = startJob(aws());
    job.write('.aws/config', '[default]\nregion = us-east-1\n');
    expect(await job.login(['--profile', 'deploy'])).toMatchObject({ exitCode: 0 });
    expect(job.read('.aws/config')?.startsWith('[default]\nregion = us-east-1\n')).toBe(true);
  });
});

const stranger = asStranger('files that cannot be read');

describe.runIf(stranger)('for a user who is not root', () => {
  const { uid = 0, wrapper = [] } = stranger ?? {};

  /** Everything in HOME belongs to that user. */
  function ownedJob(): Job {
    const job = startJob(aws());
    chownSync(job.home, uid, uid);
    mkdirSync(join(job.home, '.aws'));
    chownSync(join(job.home, '.aws'), uid, uid);
    return job;
  }

  it('a config file of their own that cannot be read refuses the login', async () => {
    const job = ownedJob();
    const file = job.write('.aws/config', '[profile x]\n', 0o200);
    chownSync(file, uid, uid);
    const run = await job.login([], { wrapper });
    expectRefusal(run, {
      exitCode: 4,
      headline: `Cannot read "${file}" (EACCES)`,
      says: [/has no permission for it/, /ls -ld/, /--isolated/],
    });
    expect(await job.login(['--isolated'], { wrapper })).toMatchObject({ exitCode: 0 });
  });

  it("somebody else's config file is copied for the job, and stays", async () => {
    const job = ownedJob();
    job.write('.aws/config', '[profile x]\n', 0o644);
    const run = await job.login([], { wrapper });
    expect(run.exitCode).toBe(0);
    expect(run.written).not.toHaveProperty('home/.aws/config');
    expect(unwrapped(run.stderr)).toContain('a private config file (the shared one is not writable)');
    expect(job.read(`.sem-aws-login/jobs/${job.id}/config`)?.startsWith('[profile x]\n')).toBe(true);
  });

  it('a root that somebody else made for them is not trusted with a token', async () => {
    const job = startJob(aws());
    const root = join(job.temporary, `sem-aws-login-${uid}`);
    mkdirSync(root);
    chmodSync(root, 0o777);
    const run = await job.login([], { wrapper, environment: { HOME: undefined } });
    expectRefusal(run, {
      exitCode: 4,
      headline: `"${root}" is not safe`,
      says: [/another user/, /SEM_AWS_LOGIN_HOME/],
    });
  });
});

const fullHome = onFullHome('a disk that is full', '[profile mine]');

it.runIf(fullHome)('a disk that is full keeps the config file whole, and nothing of ours', async () => {
  const job = startJob(aws());
  const run = await job.login([], { wrapper: fullHome ?? [] });
  expect(run.exitCode).toBe(4);
  expect(unwrapped(run.stderr)).toMatch(
    /^sem-aws-login: Cannot write ".*" \(ENOSPC\) The disk is full, .* → Free some disk space/,
  );
  expect(run.stderr.endsWith('./.aws/config [profile mine]'), run.stderr).toBe(true);
});

describe('a root that is not safe to keep a token in', () => {
  it('a link, which may lead anywhere', async () => {
    const job = startJob(aws());
    mkdirSync(join(job.home, 'elsewhere'));
    const root = join(job.home, '.sem-aws-login');
    symlinkSync('elsewhere', root);
    const run = await job.login();
    expectRefusal(run, {
      exitCode: 4,
      headline: `"${root}" is not safe`,
      says: [/symbolic link/, /SEM_AWS_LOGIN_HOME/],
    });
  });

  it('one that others may write to; its mode is not changed behind their backs', async () => {
    const job = startJob(aws());
    const root = join(job.home, '.sem-aws-login');
    mkdirSync(root);
    chmodSync(root, 0o777);
    const run = await job.login();
    expectRefusal(run, { exitCode: 4, headline: `"${root}" is not safe`, says: [/Other users can write/] });
    expect(lstatSync(root).mode & 0o777).toBe(0o777);
  });

  it('a file is none: the job gets its directory under TMPDIR', async () => {
    const job = startJob(aws());
    job.write('.sem-aws-login', '');
    const run = await job.login();
    expect(unwrapped(run.stderr)).toContain('a private config file (HOME is not writable)');
    expect(run.stdout.startsWith(job.temporary)).toBe(true);
  });
});

describe('a variable for a file of AWS that names one of this program’s own', () => {
  it.each([
    ['AWS_CONFIG_FILE', 'token'],
    ['AWS_CONFIG_FILE', 'env'],
    ['AWS_CONFIG_FILE', 'login.json'],
    ['AWS_CONFIG_FILE', '../JOB/token'],
    ['AWS_SHARED_CREDENTIALS_FILE', 'token'],
    ['AWS_SHARED_CREDENTIALS_FILE', 'credentials.json'],
  ])('%s and "%s" are refused for what they are, by the login and by doctor', async (variable, name) => {
    const job = startJob(aws());
    expect(await job.login()).toMatchObject({ exitCode: 0 });
    const path = `${job.own}/${name.replace('JOB', job.id)}`;
    const environment = { [variable]: path };
    const headline = `The value of ${variable} cannot be used`;
    const says = [
      new RegExp(`value\\s+${path}`),
      `Unset ${variable}`,
      'a file that sem-aws-login keeps for a job',
      'not a config or credentials file of AWS',
    ];
    for (const args of [[], ['--isolated']])
      expectRefusal(await job.login(args, { environment }), { exitCode: 2, headline, says });
    const { exitCode, stdout } = await job.run(['doctor', '--timeout', '1'], { environment });
    expect(unwrapped(stdout)).toContain(`fail config ${headline}`);
    expect(exitCode).toBeGreaterThan(1);
  });

  it('is nothing wrong for the private config file that an earlier login exported', async () => {
    const job = startJob(aws());
    expect(await job.login(['--isolated'])).toMatchObject({ exitCode: 0 });
    const environment = { AWS_CONFIG_FILE: `${job.own}/config` };
    expect(await job.login(['--isolated'], { environment })).toMatchObject({ exitCode: 0 });
  });
});
