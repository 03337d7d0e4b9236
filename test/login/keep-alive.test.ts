import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeDisk } from '../../src/adapters/disk.ts';
import { Failure } from '../../src/failure.ts';
import { keepAliveExpiry, makeJobRecordText, parseJobRecord, withKeepAlive } from '../../src/login/job-record.ts';
import type { Files } from '../../src/world/world.ts';

const start = new Date('2026-11-22T20:00:00Z');
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sem-aws-login-life-'));
  const record = {
    job: 'exec-1',
    expires: keepAliveExpiry(start),
    profiles: [],
    environmentBefore: {},
    owners: [],
    envFileId: undefined,
    environments: [],
  };
  writeFileSync(join(directory, 'login.json'), makeJobRecordText(record), { mode: 0o600 });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const expires = () => parseJobRecord(readFileSync(join(directory, 'login.json'), 'utf8'))?.expires;
const disk = () => makeDisk({ privateRoots: [directory], uid: process.geteuid?.() });

/** A clock whose waits end at once. The work ends after `waits` of them. */
function play(waits: number, end: () => string) {
  let now = start;
  let finish = (_result: string | PromiseLike<string>): void => {};
  const work = new Promise<string>((resolve) => {
    finish = resolve;
  });
  let left = waits;
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      if (left === 0) {
        finish(new Promise((resolve) => resolve(end())));
        await new Promise(() => {});
      }
      left -= 1;
      now = new Date(now.getTime() + milliseconds);
    },
  };
  return { clock, work, elapsed: () => now.getTime() - start.getTime() };
}

test('a directory outlives a late keep-alive', async () => {
  const { clock, work, elapsed } = play(5, () => 'done');
  expect(await withKeepAlive(directory, { files: disk(), clock }, work)).toBe('done');
  const untilEnd = (expires()?.getTime() ?? 0) - start.getTime() - elapsed();
  expect(elapsed()).toBeGreaterThan(0);
  expect(untilEnd).toBeGreaterThanOrEqual((4 * elapsed()) / 5);
});

test('the expiry is set to ten minutes ahead, every two minutes', async () => {
  const { clock, work, elapsed } = play(3, () => 'done');
  await withKeepAlive(directory, { files: disk(), clock }, work);
  expect(elapsed()).toBe(6 * 60_000);
  expect(expires()).toEqual(new Date('2026-11-22T20:16:00Z'));
});

test('a bug in the keep-alive is rethrown', async () => {
  const readPrivate: Files['readPrivate'] = () => {
    throw new TypeError('a bug');
  };
  const { clock, work } = play(3, () => 'done');
  await expect(withKeepAlive(directory, { files: { ...disk(), readPrivate }, clock }, work)).rejects.toThrow('a bug');
});

test('a failure of the work is rethrown', async () => {
  const { clock, work } = play(1, () => {
    throw new Failure({ kind: 'home-needed' });
  });
  await expect(withKeepAlive(directory, { files: disk(), clock }, work)).rejects.toThrow(Failure);
});

test('a disk failure does not interrupt the work', async () => {
  const files: Files = {
    ...disk(),
    replace: () => {
      throw new Failure({ kind: 'file-unusable', path: directory, operation: 'write', code: 'ENOSPC' });
    },
  };
  const { clock, work } = play(3, () => 'done');
  expect(await withKeepAlive(directory, { files, clock }, work)).toBe('done');
});

test('a removed directory is not created again', async () => {
  rmSync(directory, { recursive: true });
  const { clock, work } = play(3, () => 'done');
  expect(await withKeepAlive(directory, { files: disk(), clock }, work)).toBe('done');
  expect(() => readFileSync(directory)).toThrow('ENOENT');
});
