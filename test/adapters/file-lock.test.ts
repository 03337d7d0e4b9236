import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { lockPathOf } from '../../src/adapters/file-lock.ts';
import { Failure } from '../../src/failure.ts';
import { makeScratch, makeTestDisk, treeOf } from './scratch.ts';

/** The facts of the failure that a promise rejects with. */
async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => (error instanceof Failure ? error.facts : error),
  );
}

test('work runs one at a time, and all of it runs', async () => {
  const home = makeScratch();
  const path = join(home, 'config');
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(1);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => makeTestDisk(home).withLock(path, 60_000, work)));
  expect(most).toBe(1);
  expect(treeOf(home)).toEqual([]);
});

test('returns or throws what the work returns or throws, and releases the lock', async () => {
  const home = makeScratch();
  const disk = makeTestDisk(home);
  const path = join(home, '.aws/config');
  expect(await disk.withLock(path, 0, () => 'result')).toBe('result');
  await expect(disk.withLock(path, 0, () => Promise.reject(new Error('reason')))).rejects.toThrow('reason');
  expect(treeOf(home)).toEqual([]);
});

test('a directory made for the lock stays if it is not empty', async () => {
  const home = makeScratch();
  const disk = makeTestDisk(home);
  const path = join(home, '.aws/config');
  await disk.withLock(path, 0, () => disk.replace([{ kind: 'user', path, text: 'new', expected: undefined }]));
  expect(treeOf(home)).toEqual(['.aws/ 700', '.aws/config 600 "new"']);
});

test('two paths to one file share one lock', async () => {
  const home = makeScratch();
  mkdirSync(join(home, 'real'));
  writeFileSync(join(home, 'real/config'), 'text');
  symlinkSync('real/config', join(home, 'config'));
  const disk = makeTestDisk(home);
  await disk.withLock(join(home, 'config'), 0, async () => {
    const facts = await failureOf(disk.withLock(join(home, 'real/config'), 0, () => {}));
    expect(facts).toEqual({
      kind: 'file-locked',
      path: join(home, 'real/config'),
      lock: join(home, 'real/.config.sem-aws-login-lock'),
      seconds: 0,
    });
  });
});

/** A disk that treats a holder as dead after 0.25 s instead of ten. */
const hasty = { staleAfter: 250 };

/** A lock whose holder was killed: it exists, without a keep-alive. */
async function leaveLock(home: string, path: string): Promise<void> {
  const disk = makeTestDisk(home, { staleAfter: 1e9 });
  await new Promise<void>((resolve) => {
    void disk.withLock(path, 0, () => {
      resolve();
      return new Promise<never>(() => {});
    });
  });
}

test('a dead holder’s lock goes to one waiter, then to the next', async () => {
  const home = makeScratch();
  const path = join(home, 'config');
  await leaveLock(home, path);
  let inside = 0;
  let most = 0;
  const work = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await sleep(20);
    inside -= 1;
  };
  await Promise.all(Array.from({ length: 20 }, () => makeTestDisk(home, hasty).withLock(path, 60_000, work)));
  expect(most).toBe(1);
  expect(treeOf(home)).toEqual([]);
});

test('a holder that works for long keeps its lock by keep-alives', async () => {
  const home = makeScratch();
  const path = join(home, 'config');
  const disk = makeTestDisk(home, hasty);
  const order: string[] = [];
  const first = disk.withLock(path, 0, async () => {
    await sleep(1500);
    order.push('first');
  });
  await makeTestDisk(home, hasty).withLock(path, 60_000, () => order.push('second'));
  await first;
  expect(order).toEqual(['first', 'second']);
});

test('a holder that returns after losing its lock replaces nothing and does not affect the new holder', async () => {
  const home = makeScratch();
  const path = join(home, 'config');
  const slow = makeTestDisk(home, { staleAfter: 1e9 });
  const quick = makeTestDisk(home, hasty);
  const replacement = { kind: 'user', path, text: 'new', expected: undefined } as const;
  let taken = () => {};
  const takenOver = new Promise<void>((resolve) => {
    taken = resolve;
  });
  const returned = slow.withLock(path, 0, async () => {
    await takenOver;
    return slow.replace([replacement]);
  });
  await quick.withLock(path, 60_000, async () => {
    taken();
    expect(await returned).toBe(false);
    // The late holder has released a lock that it no longer held: the other still holds it.
    expect(await failureOf(makeTestDisk(home).withLock(path, 0, () => {}))).toMatchObject({ kind: 'file-locked' });
    expect(quick.replace([replacement])).toBe(true);
  });
  expect(treeOf(home)).toEqual(['config 600 "new"']);
});

/** Lists the names in a directory, and what each is; a pipe cannot be read. */
function listingOf(directory: string): readonly string[] {
  return readdirSync(directory).map((name) => {
    const stats = lstatSync(join(directory, name));
    return `${name} ${stats.mode} ${stats.size} ${stats.ino}`;
  });
}

const strange = [
  { what: 'a file', found: 'file', lay: (lock: string) => writeFileSync(lock, 'precious', { mode: 0o600 }) },
  { what: 'a link to a directory', found: 'link', lay: (lock: string) => symlinkSync('.', lock) },
  { what: 'a dangling link', found: 'link', lay: (lock: string) => symlinkSync('gone', lock) },
  { what: 'a pipe', found: 'other', lay: (lock: string) => execFileSync('mkfifo', ['-m', '600', lock]) },
] as const;

test.each(strange)('$what at the lock’s path is reported at once, never removed', async ({ found, lay }) => {
  const home = makeScratch();
  const path = join(home, 'config');
  lay(lockPathOf(path));
  const before = listingOf(home);
  const facts = await failureOf(makeTestDisk(home).withLock(path, 300, () => {}));
  expect(facts).toEqual({ kind: 'lock-not-a-directory', path, lock: lockPathOf(path), found });
  expect(listingOf(home)).toEqual(before);
});

test('a directory with something else in it at the lock’s path is waited for, then reported, never removed', async () => {
  const home = makeScratch();
  const path = join(home, 'config');
  const lock = lockPathOf(path);
  mkdirSync(lock, { mode: 0o700 });
  writeFileSync(join(lock, 'notes.txt'), 'precious', { mode: 0o600 });
  const before = treeOf(home);
  const facts = await failureOf(makeTestDisk(home, { staleAfter: 1 }).withLock(path, 300, () => {}));
  expect(facts).toEqual({ kind: 'file-locked', path, lock, seconds: 0 });
  expect(treeOf(home)).toEqual(before);
});

test('an empty lock directory, left by a holder killed during release, is free', async () => {
  const home = makeScratch();
  const path = join(home, 'config');
  mkdirSync(lockPathOf(path));
  expect(await makeTestDisk(home).withLock(path, 0, () => 'mine')).toBe('mine');
  expect(treeOf(home)).toEqual([]);
});

test('releaseAll releases locks that are held or waited for', async () => {
  const home = makeScratch();
  const path = join(home, '.aws/config');
  const holder = makeTestDisk(home);
  const waiter = makeTestDisk(home);
  void holder.withLock(path, 0, () => new Promise<never>(() => {}));
  const waiting = failureOf(waiter.withLock(path, 60_000, () => 'never'));
  expect(readdirSync(join(home, '.aws'))).toHaveLength(2);
  waiter.releaseAll();
  expect(readdirSync(join(home, '.aws'))).toHaveLength(1);
  holder.releaseAll();
  expect(treeOf(home)).toEqual([]);
  expect(await waiting).toMatchObject({ kind: 'file-unusable', operation: 'lock', code: 'ENOENT' });
});

test('a lock in a directory that is not writable', async () => {
  const home = makeScratch();
  writeFileSync(join(home, 'file'), '');
  const facts = await failureOf(makeTestDisk(home).withLock(join(home, 'file/config'), 0, () => {}));
  expect(facts).toMatchObject({ kind: 'file-unusable', code: 'ENOTDIR' });
});
