import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Failure } from '../../src/failure.ts';
import { pruneJobs } from '../../src/login/undo.ts';
import { writeLoginFiles } from '../../src/login/write.ts';
import type { Files } from '../../src/world/world.ts';
import { treeOf } from '../adapters/scratch.ts';
import { type Machine, makeMachine, profileOf, sectionOf } from './scratch-home.ts';

const now = new Date('2026-11-22T20:00:00Z');
const clock = { now: () => now, sleep: async () => {} };

/** A login of this job with a profile of the job's name, whose token ends so many minutes from now. */
async function login(machine: Machine, job: string, minutes: number): Promise<void> {
  const login = {
    place: machine.place(job),
    job,
    profiles: [profileOf(job, job)],
    overwriteProfile: false,
    token: undefined,
    envFile: undefined,
    environmentBefore: {},
    expires: new Date(now.getTime() + minutes * 60_000),
  };
  await writeLoginFiles(login, machine.files);
}

const directories = ({ jobs }: Machine): readonly string[] =>
  treeOf(jobs)
    .filter((line) => /^[^/]*\/ /.test(line))
    .map((line) => line.replace(/\/ .*/, ''));

test('what ended jobs left goes, with their profiles; jobs that may run still are left alone', async () => {
  const machine = makeMachine();
  await login(machine, 'ended', -1);
  await login(machine, 'ends-now', 0);
  await login(machine, 'lives', 1);
  await login(machine, 'own', -1);
  machine.put(join(machine.jobs, 'unmarked', 'token'), 'eyJ');
  expect(await pruneJobs(machine.jobs, 'own', { files: machine.files, clock })).toEqual([]);
  expect(directories(machine)).toEqual(['ends-now', 'lives', 'own', 'unmarked']);
  const sections = ['ends-now', 'lives', 'own'].map((job) => sectionOf(job, `[profile ${job}]`));
  expect(machine.text(machine.config)).toBe(`\n${sections.join('\n')}`);
});

test('nothing goes where there is nothing', async () => {
  const machine = makeMachine();
  expect(await pruneJobs(machine.jobs, 'own', { files: machine.files, clock })).toEqual([]);
});

const facts = { kind: 'file-unusable', path: '/x', operation: 'remove', code: 'EACCES' } as const;

/** A disk that cannot remove the directories of jobs whose names begin like this. */
const stuckAt = ({ files }: Machine, start: string, error: Error): Files => ({
  ...files,
  removePrivateDirectory: (path) => {
    if (path.includes(start)) throw error;
    files.removePrivateDirectory(path);
  },
});

test('what cannot be removed is told, and keeps nothing else from going', async () => {
  const machine = makeMachine();
  for (const job of ['a-stuck', 'b-ended', 'c-stuck']) await login(machine, job, -1);
  const files = stuckAt(machine, 'stuck', new Failure(facts));
  expect(await pruneJobs(machine.jobs, 'own', { files, clock })).toEqual([
    { path: join(machine.jobs, 'a-stuck'), facts },
    { path: join(machine.jobs, 'c-stuck'), facts },
  ]);
  expect(directories(machine)).toEqual(['a-stuck', 'c-stuck']);
  expect(machine.text(machine.config)).toBe('');
});

test('a bug is told as one', async () => {
  const machine = makeMachine();
  await login(machine, 'ended', -1);
  const files = stuckAt(machine, 'ended', new TypeError('a bug'));
  await expect(pruneJobs(machine.jobs, 'own', { files, clock })).rejects.toThrow('a bug');
});
