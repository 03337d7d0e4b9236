import fs, { chmodSync, utimesSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { removeExpiredJobs } from '../../src/login/undo.ts';
import { writeLoginFiles } from '../../src/login/write.ts';
import type { Files, ProcessIdentity } from '../../src/world/world.ts';
import { treeOf } from '../adapters/scratch.ts';
import { makeScratchHome, profileOf, type ScratchHome, sectionOf } from './scratch-home.ts';

const now = new Date('2026-11-22T20:00:00Z');
const clock = { now: () => now, sleep: async () => {} };

const shellOf = (pid: number): ProcessIdentity => ({
  pid,
  startTime: '1',
  bootId: 'b',
  pidNamespace: 'n',
  machine: 'm',
});

/** Processes with even numbers have ended. */
const processTable = {
  jobShell: () => undefined,
  thisProcess: () => undefined,
  hasEnded: ({ pid }: ProcessIdentity) => pid % 2 === 0,
};

const world = { clock, random: () => 0, environment: {}, platform: 'linux', processTable } as const;

/** Logs in with a profile that has the job's name. The token ends in `minutes`. */
async function login(scratch: ScratchHome, job: string, minutes: number, owner?: ProcessIdentity): Promise<void> {
  const login = {
    paths: scratch.paths(job),
    job,
    profiles: [profileOf(job, job)],
    overwriteProfile: false,
    token: undefined,
    cache: undefined,
    envFile: undefined,
    exported: () => ({ unset: [], exports: [], keys: undefined }),
    canExport: true,
    environmentBefore: {},
    owner,
    expires: new Date(now.getTime() + minutes * 60_000),
  };
  await writeLoginFiles(login, scratch.files);
}

const directories = ({ jobs }: ScratchHome): readonly string[] =>
  treeOf(jobs)
    .filter((line) => /^[^/]*\/ /.test(line))
    .map((line) => line.replace(/\/ .*/, ''));

test('expired jobs are removed with their profiles, and no other job is', async () => {
  const scratch = makeScratchHome();
  await login(scratch, 'ended', -1);
  await login(scratch, 'ends-now', 0);
  await login(scratch, 'lives', 1);
  await login(scratch, 'own', -1);
  scratch.put(join(scratch.jobs, 'unmarked', 'token'), 'eyJ');
  expect(await removeExpiredJobs(scratch.jobs, 'own', { ...world, files: scratch.files })).toEqual([]);
  expect(directories(scratch)).toEqual(['ends-now', 'lives', 'own', 'unmarked']);
  const sections = ['ends-now', 'lives', 'own'].map((job) => sectionOf(job, `[profile ${job}]`));
  expect(scratch.text(scratch.config)).toBe(`\n${sections.join('\n')}`);
});

test('jobs whose shells have all ended are removed before they expire', async () => {
  const scratch = makeScratchHome();
  await login(scratch, 'dead', 60, shellOf(2));
  await login(scratch, 'alive', 60, shellOf(3));
  await login(scratch, 'alive-but-expired', -1, shellOf(3));
  for (const shell of [4, 6]) await login(scratch, 'dead-twice', 60, shellOf(shell));
  for (const shell of [5, 6]) await login(scratch, 'one-of-two-alive', 60, shellOf(shell));
  await login(scratch, 'own', 60, shellOf(2));
  expect(await removeExpiredJobs(scratch.jobs, 'own', { ...world, files: scratch.files })).toEqual([]);
  expect(directories(scratch)).toEqual(['alive', 'one-of-two-alive', 'own']);
  expect(scratch.text(scratch.config)).not.toContain('[profile dead]');
});

test.each([
  ['of another form', '{"form":"sem-aws-login job 9"}'],
  ['that is broken', '{"form":"sem-aws-lo'],
])('a directory with a record %s is removed if the record is older than 25 hours', async (_what, text) => {
  const scratch = makeScratchHome();
  for (const [job, hours] of [
    ['day-old', 24.9],
    ['older', 25.1],
  ] as const) {
    const file = scratch.put(join(scratch.jobs, job, 'login.json'), text);
    chmodSync(file, 0o600);
    utimesSync(file, now, new Date(now.getTime() - hours * 3_600_000));
  }
  expect(await removeExpiredJobs(scratch.jobs, 'own', { ...world, files: scratch.files })).toEqual([]);
  expect(directories(scratch)).toEqual(['day-old']);
});

test('nothing happens without a jobs directory', async () => {
  const scratch = makeScratchHome();
  expect(await removeExpiredJobs(scratch.jobs, 'own', { ...world, files: scratch.files })).toEqual([]);
});

const facts = { kind: 'file-unusable', path: '/x', operation: 'remove', code: 'EACCES' } as const;

/** A disk that cannot remove the directories of jobs whose names begin with `start`. */
const stuckAt = ({ files }: ScratchHome, start: string, error: Error): Files => ({
  ...files,
  removePrivateDirectory: (path) => {
    if (path.includes(start)) throw error;
    files.removePrivateDirectory(path);
  },
});

test('directories that cannot be removed are returned, and the rest is removed', async () => {
  const scratch = makeScratchHome();
  for (const job of ['a-stuck', 'b-ended', 'c-stuck']) await login(scratch, job, -1);
  const files = stuckAt(scratch, 'stuck', new Failure(facts));
  expect(await removeExpiredJobs(scratch.jobs, 'own', { ...world, files })).toEqual([
    { path: join(scratch.jobs, 'a-stuck'), facts },
    { path: join(scratch.jobs, 'c-stuck'), facts },
  ]);
  expect(directories(scratch)).toEqual(['a-stuck', 'c-stuck']);
  expect(scratch.text(scratch.config)).toBe('');
});

test('a bug is rethrown', async () => {
  const scratch = makeScratchHome();
  await login(scratch, 'ended', -1);
  const files = stuckAt(scratch, 'ended', new TypeError('a bug'));
  await expect(removeExpiredJobs(scratch.jobs, 'own', { ...world, files })).rejects.toThrow('a bug');
});

describe('the time that a login spends on expired jobs', () => {
  /** Returns how many directory entries are listed while this many expired jobs are removed. */
  async function entriesListedFor(expiredJobs: number): Promise<number> {
    const scratch = makeScratchHome();
    for (let job = 0; job < expiredJobs; job++) await login(scratch, `ended-${job}`, -1);
    const list = vi.spyOn(fs, 'readdirSync');
    syncBuiltinESMExports();
    try {
      await removeExpiredJobs(scratch.jobs, 'own', { ...world, files: scratch.files });
      return list.mock.results.reduce((sum, { value }) => sum + value.length, 0);
    } finally {
      list.mockRestore();
      syncBuiltinESMExports();
      expect(directories(scratch)).toEqual([]);
    }
  }

  test('grows in proportion to the number of directories', async () => {
    const few = await entriesListedFor(10);
    expect(few).toBeGreaterThanOrEqual(10);
    expect(await entriesListedFor(40)).toBeLessThanOrEqual(5 * few);
  });

  /** A disk that removes a directory in 200 ms, and a clock that shows that. */
  function slow(scratch: ScratchHome, files = scratch.files) {
    let time = now.getTime();
    const slowly = (path: string) => {
      time += 200;
      files.removePrivateDirectory(path);
    };
    return {
      files: { ...files, removePrivateDirectory: slowly },
      clock: { ...clock, now: () => new Date(time) },
    };
  }

  test('is at most half a second; the next logins remove the rest, with its profiles', async () => {
    const scratch = makeScratchHome();
    for (let job = 0; job < 7; job++) await login(scratch, `ended-${job}`, -1);
    const left: number[] = [];
    for (const start of [0.5, 0.9, 0.2]) {
      await removeExpiredJobs(scratch.jobs, 'own', { ...world, ...slow(scratch), random: () => start });
      left.push(directories(scratch).length);
    }
    expect(left).toEqual([4, 1, 0]);
    expect(scratch.text(scratch.config)).toBe('');
  });

  test('is also spent on others if some directories cannot be removed', async () => {
    const scratch = makeScratchHome();
    for (let job = 0; job < 9; job++) await login(scratch, `a-stuck-${job}`, -1);
    await login(scratch, 'b-ended', -1);
    const stuck = stuckAt(scratch, 'stuck', new Failure(facts));
    for (const start of [0.1, 0.4, 0.7, 0.99])
      await removeExpiredJobs(scratch.jobs, 'own', { ...world, ...slow(scratch, stuck), random: () => start });
    expect(directories(scratch)).not.toContain('b-ended');
  });

  test('includes waiting for a config file that another program has locked', async () => {
    const scratch = makeScratchHome();
    await login(scratch, 'ended', -1);
    const remove = () => removeExpiredJobs(scratch.jobs, 'own', { ...world, files: scratch.files });
    await scratch.files.withLock(scratch.config, 1_000, async () => expect(await remove()).toEqual([]));
    expect(directories(scratch)).toEqual(['ended']);
    expect(await remove()).toEqual([]);
    expect(treeOf(scratch.home)).toEqual(['.aws/ 700']);
  });
});
