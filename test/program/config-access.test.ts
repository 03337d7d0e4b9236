import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, linkSync, lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canGiveAway, stranger as otherUser } from '../adapters/scratch.ts';
import { standardRoleArn } from '../aws-simulator/aws.ts';
import { isOnPath } from '../needed-programs.ts';
import { skipped } from '../skips.ts';
import { type Job, type RunOptions, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { expectRefusal, unwrapped } from './refusal.ts';
import { asStranger } from './wrapper.ts';

const aws = useAws();
const stranger = asStranger('a config file of a group that the user is not in');

/** The config file's text before a login. */
const text = '# mine\n[profile web]\nregion = us-east-1\n';

/** The users whose access is compared: the owner of another file, and a member of the file's group. */
const alice = 61_001;
const bob = 61_002;
const team = 61_010;

const hasLists = canSetLists();

interface Situation {
  readonly what: string;
  readonly mode: number;
  /** Changes the file after it is written. */
  readonly change: (file: string) => void;
  readonly options?: RunOptions;
}

/** Sets an access list; the group's part of the mode is then the list's mask. */
const withList =
  (...entries: readonly string[]) =>
  (file: string) => {
    execFileSync('setfacl', ['-m', entries.join(','), file]);
  };

/** Gives the directory a list that each new file in it inherits. */
const withInheritedList =
  (...entries: readonly string[]) =>
  (file: string) => {
    execFileSync('setfacl', ['-d', '-m', entries.join(','), dirname(file)]);
  };

const lists: readonly Situation[] = [
  { what: 'a group that is denied, under a mask that looks like rw', mode: 0o604, change: withList('g::-', 'm::rw') },
  { what: 'another user who can read', mode: 0o600, change: withList(`u:${alice}:r`) },
  { what: 'another user who is denied what all others can', mode: 0o644, change: withList(`u:${alice}:-`) },
  {
    what: 'another user who is denied, without any right of the group',
    mode: 0o604,
    change: withList(`u:${alice}:-`, 'g::-', 'm::-'),
  },
  { what: 'a list that the directory passes on', mode: 0o640, change: withInheritedList(`u:${alice}:rw`) },
];

describe('a config file whose rights a replacement would lose is left alone', () => {
  async function expectUntouched(situation: Situation, why: string): Promise<void> {
    const job = startJob(aws());
    const file = job.write('.aws/config', text, situation.mode);
    chmodSync(file, situation.mode);
    chownSync(file, lstatSync(file).uid, canGiveAway && situation.options === undefined ? team : -1);
    situation.change(file);
    const before = rightsOf(file);
    const run = await job.login([], situation.options);
    expect(run, situation.what).toMatchObject({ exitCode: 0 });
    expect(unwrapped(run.stderr)).toContain(`"default" in a private config file (${why})`);
    expect(run.written).not.toHaveProperty('home/.aws/config');
    expect(rightsOf(file)).toEqual(before);
    expect(job.read('.aws/config')).toBe(text);
    expect(job.read(`.sem-aws-login/jobs/${job.id}/config`)?.startsWith(text)).toBe(true);
  }

  it.runIf(hasLists).each(lists)('$what', (situation) =>
    expectUntouched(situation, 'the shared one has an access list'),
  );

  it.runIf(hasLists && stranger !== undefined)('a list on a file of a user who is not root', () => {
    const { uid = 0, wrapper = [] } = stranger ?? {};
    const change = (file: string) => {
      for (const path of [file, dirname(file), dirname(dirname(file))]) chownSync(path, uid, uid);
      withList(`u:${alice}:r`, 'g::-')(file);
    };
    const situation = { what: 'not root', mode: 0o600, change, options: { wrapper } };
    return expectUntouched(situation, 'the shared one has an access list');
  });

  it('another name of the file', () =>
    expectUntouched(
      { what: 'hard link', mode: 0o600, change: (file) => linkSync(file, `${file}.link`) },
      'the shared one has hard links',
    ));

  it('another name in another directory', () =>
    expectUntouched(
      { what: 'hard link', mode: 0o600, change: (file) => linkSync(file, join(dirname(file), '..', 'dotfile')) },
      'the shared one has hard links',
    ));

  it.runIf(stranger).each([
    { what: 'a group that this user is not in', owner: stranger?.uid ?? 0, group: 0, mode: 0o660 },
    { what: 'another owner, and writable for all', owner: 0, group: 0, mode: 0o666 },
  ])('$what', async ({ what, owner, group, mode }) => {
    const { uid = 0, wrapper = [] } = stranger ?? {};
    const change = (file: string) => {
      chownSync(file, owner, group);
      for (const directory of [dirname(file), dirname(dirname(file))]) chownSync(directory, uid, uid);
    };
    await expectUntouched(
      { what, mode, change, options: { wrapper } },
      'the shared one has an owner or group that cannot be kept',
    );
  });
});

describe('a config file that a replacement leaves as accessible as it was is shared', () => {
  async function expectShared(job: Job, file: string): Promise<void> {
    const before = { ...rightsOf(file), nlink: 1 };
    const run = await job.login();
    expect(run).toMatchObject({ exitCode: 0 });
    expect(run.stderr).not.toContain('private config file');
    expect(rightsOf(file)).toEqual(before);
  }

  it.each(['600', '640', '644', '664'])('with mode %s', async (digits) => {
    const mode = Number.parseInt(digits, 8);
    const job = startJob(aws());
    const file = job.write('.aws/config', text, mode);
    chmodSync(file, mode);
    if (canGiveAway) chownSync(file, otherUser, team);
    await expectShared(job, file);
  });

  it('with a second name that a killed login left', async () => {
    const job = startJob(aws());
    const file = job.write('.aws/config', text);
    linkSync(file, join(dirname(file), '.config.sem-aws-login-0123456789abcdef'));
    await expectShared(job, file);
  });
});

describe('what is asked for on purpose', () => {
  const hardLinked = (): Job => {
    const job = startJob(aws(), { agent: 'self-hosted' });
    const file = job.write('.aws/config', text);
    linkSync(file, `${file}.link`);
    return job;
  };

  it('--shared-config is refused, with the way out', async () => {
    const job = hardLinked();
    expectRefusal(await job.login(['--shared-config']), {
      exitCode: 4,
      headline: `"${job.home}/.aws/config" has hard links, which a login cannot keep`,
      says: [/--isolated/, /-samefile/],
    });
  });

  it.runIf(hasLists)('--shared-config is refused for an access list too', async () => {
    const job = startJob(aws());
    withList(`u:${alice}:r`)(job.write('.aws/config', text));
    expectRefusal(await job.login(['--shared-config']), {
      exitCode: 4,
      headline: `"${job.home}/.aws/config" has an access list, which a login cannot keep`,
      says: [/--isolated/, /setfacl/],
    });
  });

  it.runIf(stranger)('--shared-config is refused for an owner that cannot be kept', async () => {
    const { uid = 0, wrapper = [] } = stranger ?? {};
    const job = startJob(aws());
    const file = job.write('.aws/config', text, 0o666);
    chmodSync(file, 0o666);
    for (const directory of [dirname(file), job.home]) chownSync(directory, uid, uid);
    expectRefusal(await job.login(['--shared-config'], { wrapper }), {
      exitCode: 4,
      headline: `"${file}" has an owner or group that cannot be kept`,
      says: [/--isolated/, /chown/],
    });
  });

  it('--isolated gives its own reason', async () => {
    const run = await hardLinked().login(['--isolated']);
    expect(unwrapped(run.stderr)).toContain('a private config file (requested)');
  });

  it('exec does not look at it', async () => {
    const job = hardLinked();
    const run = await job.run(['exec', '--role-arn', standardRoleArn, '--', 'true']);
    expect(run).toMatchObject({ exitCode: 0 });
    expect(job.read('.aws/config')).toBe(text);
  });

  it('a terminal, to which no variable can be exported, gets the reason', async () => {
    const job = startJob(aws());
    const file = job.write('.aws/config', text);
    linkSync(file, `${file}.link`);
    const run = await job.login([], { terminal: true });
    expect(run).toMatchObject({ exitCode: 2 });
    expect(unwrapped(run.stderr)).toContain('The shared config file has hard links');
  });
});

/** The owner, mode, number of names, and, as root, the access of users in and outside of the file's group. */
function rightsOf(file: string): Readonly<Record<string, unknown>> {
  const { uid, gid, mode, nlink } = lstatSync(file);
  return { uid, gid, mode, nlink, ...(canGiveAway ? accessOf(file) : {}) };
}

function accessOf(file: string): Readonly<Record<string, readonly string[]>> {
  const users = { alice: [alice, alice], bob: [bob, team], other: [bob, bob] } as const;
  const rights = (uid: number, gid: number) =>
    ['-r', '-w'].filter((right) => {
      const as = ['--reuid', `${uid}`, '--regid', `${gid}`, '--clear-groups'];
      return spawnSync('setpriv', [...as, 'test', right, file]).status === 0;
    });
  return Object.fromEntries(Object.entries(users).map(([name, [uid, gid]]) => [name, rights(uid, gid)]));
}

/** Whether `setfacl` is installed and the file system of the tests has access lists. */
function canSetLists(): boolean {
  const suite = 'a config file with an access list';
  if (!isOnPath('setfacl')) {
    skipped(suite, 'there is no setfacl');
    return false;
  }
  const directory = mkdtempSync(join(tmpdir(), 'sem-aws-login-acl-'));
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const works = spawnSync('setfacl', ['-m', `u:${alice}:r`, file]).status === 0;
  rmSync(directory, { recursive: true });
  if (!works) skipped(suite, 'the file system has none');
  return works;
}
