import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { removeExpiredJobs } from '../../src/login/undo.ts';
import { writeLoginFiles } from '../../src/login/write.ts';
import type { Files } from '../../src/world/world.ts';
import { treeOf } from '../adapters/scratch.ts';
import { makeScratchHome, profileOf, type ScratchHome, sectionOf } from './scratch-home.ts';

const now = new Date('2026-11-22T20:00:00Z');
const clock = { now: () => now, sleep: async () => {} };

/** A login of this job with a profile of the job's name, whose token ends so many minutes from now. */
async function login(scratch: ScratchHome, job: string, minutes: number): Promise<void> {
  const login = {
    paths: scratch.paths(job),
    job,
    profiles: [profileOf(job, job)],
    overwriteProfile: false,
    token: undefined,
    envFile: undefined,
    environmentBefore: {},
    expires: new Date(now.getTime() + minutes * 60_000),
  };
  await writeLoginFiles(login, scratch.files);
}

const directories = ({ jobs }: ScratchHome): readonly string[] =>
  treeOf(jobs)
    .filter((line) => /^[^/]*\/ /.test(line))
    .map((line) => line.replace(/\/ .*/, ''));

test('removes expired jobs with their profiles, and no other job', async () => {
  const scratch = makeScratchHome();
  await login(scratch, 'ended', -1);
  await login(scratch, 'ends-now', 0);
  await login(scratch, 'lives', 1);
  await login(scratch, 'own', -1);
  scratch.put(join(scratch.jobs, 'unmarked', 'token'), 'eyJ');
  expect(await removeExpiredJobs(scratch.jobs, 'own', { files: scratch.files, clock })).toEqual([]);
  expect(directories(scratch)).toEqual(['ends-now', 'lives', 'own', 'unmarked']);
  const sections = ['ends-now', 'lives', 'own'].map((job) => sectionOf(job, `[profile ${job}]`));
  expect(scratch.text(scratch.config)).toBe(`\n${sections.join('\n')}`);
});

test('does nothing without a jobs directory', async () => {
  const scratch = makeScratchHome();
  expect(await removeExpiredJobs(scratch.jobs, 'own', { files: scratch.files, clock })).toEqual([]);
});

const facts = { kind: 'file-unusable', path: '/x', operation: 'remove', code: 'EACCES' } as const;

/** A disk that cannot remove the directories of jobs whose names begin like this. */
const stuckAt = ({ files }: ScratchHome, start: string, error: Error): Files => ({
  ...files,
  removePrivateDirectory: (path) => {
    if (path.includes(start)) throw error;
    files.removePrivateDirectory(path);
  },
});

test('returns what cannot be removed and removes the rest', async () => {
  const scratch = makeScratchHome();
  for (const job of ['a-stuck', 'b-ended', 'c-stuck']) await login(scratch, job, -1);
  const files = stuckAt(scratch, 'stuck', new Failure(facts));
  expect(await removeExpiredJobs(scratch.jobs, 'own', { files, clock })).toEqual([
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
  await expect(removeExpiredJobs(scratch.jobs, 'own', { files, clock })).rejects.toThrow('a bug');
});
