import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Disk } from '../../src/adapters/disk.ts';
import { canGiveAway, makeScratch, makeTestDisk, outcomeOf, stranger, treeOf } from './scratch.ts';

const usualUmask = process.umask();
afterEach(() => process.umask(usualUmask));

function replaceOwn(disk: Disk, path: string, text: string): boolean {
  return disk.replace([{ kind: 'private', path, text }]);
}

describe('private files', () => {
  test.each([0o000, 0o022, 0o077, 0o777])('are private under umask %o', (umask) => {
    const home = makeScratch();
    const path = join(home, 'own/jobs/1/token');
    const disk = makeTestDisk(home);
    process.umask(umask);
    expect(replaceOwn(disk, path, 'first')).toBe(true);
    expect(replaceOwn(disk, path, 'second')).toBe(true);
    expect(treeOf(home)).toEqual(['own/ 700', 'own/jobs/ 700', 'own/jobs/1/ 700', 'own/jobs/1/token 600 "second"']);
    expect(disk.readPrivate(path)).toBe('second');
  });

  test('are private even if the replaced file was readable by others', () => {
    const home = makeScratch();
    mkdirSync(join(home, 'own'), { mode: 0o755 });
    writeFileSync(join(home, 'own/token'), 'old', { mode: 0o644 });
    replaceOwn(makeTestDisk(home), join(home, 'own/token'), 'new');
    expect(treeOf(home)).toEqual(['own/ 755', 'own/token 600 "new"']);
  });

  test('are missing until they are written', () => {
    const home = makeScratch();
    const disk = makeTestDisk(home);
    expect(disk.readPrivate(join(home, 'own/jobs/1/token'))).toBeUndefined();
    expect(disk.listPrivateDirectories(join(home, 'own/jobs'))).toEqual([]);
    disk.removePrivateDirectory(join(home, 'own/jobs/1'));
    expect(treeOf(home)).toEqual([]);
  });

  test('can be behind links above the root', () => {
    const home = makeScratch();
    mkdirSync(join(home, 'real'));
    symlinkSync('real', join(home, 'linked'));
    const disk = makeTestDisk(home, { privateRoots: [join(home, 'linked/own')] });
    expect(replaceOwn(disk, join(home, 'linked/own/token'), 'text')).toBe(true);
    expect(readFileSync(join(home, 'real/own/token'), 'latin1')).toBe('text');
  });

  test('cannot be behind a root that is a link, however it is written', () => {
    const home = makeScratch();
    mkdirSync(join(home, 'real'), { mode: 0o700 });
    symlinkSync('real', join(home, 'linked'));
    for (const root of [join(home, 'linked'), join(home, 'linked/')]) {
      const disk = makeTestDisk(home, { privateRoots: [root] });
      const outcome = outcomeOf(home, () => replaceOwn(disk, join(home, 'linked/token'), 'text'));
      expect(outcome).toEqual({ kind: 'file-unsafe', path: '/linked', reason: 'link' });
    }
  });

  test('can be in a directory that everyone can write to, if the root is private', () => {
    const home = makeScratch();
    chmodSync(home, 0o1777);
    expect(replaceOwn(makeTestDisk(home), join(home, 'own/token'), 'text')).toBe(true);
    expect(treeOf(home)).toEqual(['own/ 700', 'own/token 600 "text"']);
  });

  test('missing directories above the root are made, private', () => {
    const home = makeScratch();
    const disk = makeTestDisk(home, { privateRoots: [join(home, 'a/b/own')] });
    disk.makePrivateDirectory(join(home, 'a/b/own/jobs'));
    expect(treeOf(home)).toEqual(['a/ 700', 'a/b/ 700', 'a/b/own/ 700', 'a/b/own/jobs/ 700']);
  });

  test('a path outside all roots is a bug, not a failure', () => {
    const home = makeScratch();
    expect(() => makeTestDisk(home).readPrivate(join(home, 'own-too/token'))).toThrow(/under none of this program/);
  });
});

/** Each call that uses a private file or directory. */
const ways: readonly { way: string; run: (disk: Disk, file: string) => unknown }[] = [
  { way: 'read', run: (disk, file) => disk.readPrivate(file) },
  { way: 'replace', run: (disk, file) => replaceOwn(disk, file, 'new') },
  { way: 'make its directory', run: (disk, file) => disk.makePrivateDirectory(dirname(file)) },
  { way: 'list its directory', run: (disk, file) => disk.listPrivateDirectories(dirname(file)) },
  { way: 'remove its directory', run: (disk, file) => disk.removePrivateDirectory(dirname(file)) },
];

describe('what other users can change is rejected', () => {
  const at = ['own', 'own/jobs', 'own/jobs/1'];
  const places = at.flatMap((place) => ways.map(({ way, run }) => ({ place, way, run })));

  /** `own/jobs/1/token` and, outside the root, `elsewhere/jobs/1/token` as a link's target. */
  function lay(home: string): void {
    for (const root of ['own', 'elsewhere']) {
      mkdirSync(join(home, root, 'jobs/1'), { recursive: true, mode: 0o700 });
      writeFileSync(join(home, root, 'jobs/1/token'), root, { mode: 0o600 });
    }
  }

  const refusals = places.map((place) => ({ ...place, refused: `/${place.place}` }));

  test.each(refusals)('$way: a link at $place', ({ place, run, refused }) => {
    const home = makeScratch();
    lay(home);
    renameSync(join(home, place), join(home, 'moved'));
    symlinkSync(join(home, place.replace('own', 'elsewhere')), join(home, place));
    expectRefusal(home, run, { path: refused, reason: 'link' });
  });

  test.each(refusals)('$way: others can write at $place', ({ place, run, refused }) => {
    const home = makeScratch();
    lay(home);
    chmodSync(join(home, place), 0o720);
    expectRefusal(home, run, { path: refused, reason: 'writable-by-others' });
  });

  test.each(refusals)('$way: a file at $place', ({ place, run, refused }) => {
    const home = makeScratch();
    lay(home);
    renameSync(join(home, place), join(home, 'moved'));
    writeFileSync(join(home, place), '', { mode: 0o600 });
    expectRefusal(home, run, { path: refused, reason: 'not-a-directory' });
  });

  test.runIf(canGiveAway).each(refusals)('$way: $place belongs to another user', ({ place, run, refused }) => {
    const home = makeScratch();
    lay(home);
    chownSync(join(home, place), stranger, stranger);
    expectRefusal(home, run, { path: refused, reason: 'foreign-owner' });
  });

  const token = 'own/jobs/1/token';
  const wrongFiles = [
    {
      what: 'a link to a file of ours',
      spoil: (path: string) => {
        renameSync(path, `${path}-moved`);
        symlinkSync(`${path}-moved`, path);
      },
      reason: 'link',
    },
    { what: 'a link that leads nowhere', spoil: (path: string) => relink(path, 'nowhere'), reason: 'link' },
    { what: 'writable by others', spoil: (path: string) => chmodSync(path, 0o602), reason: 'writable-by-others' },
    { what: 'writable by the group', spoil: (path: string) => chmodSync(path, 0o620), reason: 'writable-by-others' },
    {
      what: 'a directory',
      spoil: (path: string) => {
        rmSync(path);
        mkdirSync(path, { mode: 0o700 });
      },
      reason: 'not-a-file',
    },
    ...(canGiveAway
      ? [
          {
            what: 'someone else’s',
            spoil: (path: string) => chownSync(path, stranger, stranger),
            reason: 'foreign-owner',
          },
        ]
      : []),
  ];

  test.each(wrongFiles)('a file that is $what', ({ spoil, reason }) => {
    for (const { way, run } of ways.filter(({ way }) => way === 'read' || way === 'replace')) {
      const home = makeScratch();
      lay(home);
      spoil(join(home, token));
      expect(way).toBeTruthy();
      expectRefusal(home, run, { path: `/${token}`, reason });
    }
  });

  function relink(path: string, target: string): void {
    rmSync(path);
    symlinkSync(target, path);
  }

  function expectRefusal(home: string, run: (disk: Disk, file: string) => unknown, facts: object): void {
    const before = treeOf(home);
    expect(outcomeOf(home, () => run(makeTestDisk(home), join(home, token)))).toEqual({
      kind: 'file-unsafe',
      ...facts,
    });
    expect(treeOf(home)).toEqual(before);
  }
});

describe('private directories', () => {
  test('are listed in order, without links', () => {
    const home = makeScratch();
    const jobs = join(home, 'own/jobs');
    const disk = makeTestDisk(home);
    for (const name of ['b', 'a', 'C']) disk.makePrivateDirectory(join(jobs, name));
    writeFileSync(join(jobs, 'file'), '');
    symlinkSync('a', join(jobs, 'linked'));
    mkdirSync(join(jobs, '.b.sem-aws-login-0123456789abcdef'));
    expect(disk.listPrivateDirectories(jobs)).toEqual(['C', 'a', 'b']);
  });

  test('are removed with their contents, and nothing that links lead to', () => {
    const home = makeScratch();
    const disk = makeTestDisk(home);
    mkdirSync(join(home, 'precious'));
    writeFileSync(join(home, 'precious/file'), 'precious');
    const job = join(home, 'own/jobs/1');
    disk.makePrivateDirectory(join(job, 'a/b'));
    replaceOwn(disk, join(job, 'a/b/token'), 'token');
    symlinkSync(join(home, 'precious'), join(job, 'a/directory-link'));
    symlinkSync(join(home, 'precious/file'), join(job, 'file-link'));
    symlinkSync('..', join(job, 'up'));
    disk.removePrivateDirectory(job);
    disk.removePrivateDirectory(job);
    expect(treeOf(home).filter((line) => !line.startsWith('precious'))).toEqual(['own/ 700', 'own/jobs/ 700']);
    expect(readFileSync(join(home, 'precious/file'), 'latin1')).toBe('precious');
  });

  test('the root can be removed, too', () => {
    const home = makeScratch();
    const disk = makeTestDisk(home);
    disk.makePrivateDirectory(join(home, 'own/jobs'));
    disk.removePrivateDirectory(join(home, 'own'));
    expect(treeOf(home)).toEqual([]);
  });

  test('always: removal undoes what these calls made, and changes nothing else', () => {
    const name = fc.constantFrom('a', 'b', 'job-1', 'ü', 'with space', "quo'te");
    const paths = fc.array(fc.array(name, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(paths, (made) => {
        const home = makeScratch();
        const disk = makeTestDisk(home);
        mkdirSync(join(home, 'rest'), { mode: 0o700 });
        for (const path of made) replaceOwn(disk, join(home, 'own', ...path, '=file'), path.join());
        for (const path of made) expect(disk.readPrivate(join(home, 'own', ...path, '=file'))).toBe(path.join());
        for (const directory of disk.listPrivateDirectories(join(home, 'own'))) {
          disk.removePrivateDirectory(join(home, 'own', directory));
        }
        expect(treeOf(home)).toEqual(['own/ 700', 'rest/ 700']);
      }),
      { numRuns: 50 },
    );
  });
});

describe('without user ids, as on Windows', () => {
  test('owners and modes are not checked, links are still rejected', () => {
    const home = makeScratch();
    const disk = makeTestDisk(home, { uid: undefined });
    const token = join(home, 'own/jobs/1/token');
    mkdirSync(join(home, 'own'), { mode: 0o777 });
    chmodSync(join(home, 'own'), 0o777);
    expect(replaceOwn(disk, token, 'text')).toBe(true);
    expect(disk.readPrivate(token)).toBe('text');
    renameSync(token, `${token}-moved`);
    symlinkSync(`${token}-moved`, token);
    expect(outcomeOf(home, () => disk.readPrivate(token))).toMatchObject({ kind: 'file-unsafe', reason: 'link' });
    expect(outcomeOf(home, () => replaceOwn(disk, token, 'new'))).toMatchObject({
      kind: 'file-unsafe',
      reason: 'link',
    });
  });
});
