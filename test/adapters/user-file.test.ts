import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execPath } from 'node:process';
import fc from 'fast-check';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { asStranger, canGiveAway, makeScratch, makeTestDisk, outcomeOf, stranger, treeOf, uid } from './scratch.ts';

/** Creates a file with an old modification time, as config files usually have. */
function lay(path: string, text: string, mode = 0o644): void {
  writeFileSync(path, text, 'latin1');
  chmodSync(path, mode);
  utimesSync(path, 1_700_000_000, 1_700_000_000);
}

/** Creates a file of zero bytes that takes no space. */
function laySparse(path: string, size: number): void {
  lay(path, '');
  truncateSync(path, size);
}

const usualUmask = process.umask();
afterEach(() => process.umask(usualUmask));

describe('a user file that is replaced', () => {
  /** Each: the files before, the replacement, the files after. */
  const situations = [
    {
      situation: 'nothing there, nor its directory: made private',
      lay: () => {},
      expected: undefined,
      after: ['.aws/ 700', '.aws/config 600 "new"'],
    },
    {
      situation: 'the directory is there: its mode stays',
      lay: (home: string) => mkdirSync(join(home, '.aws'), { mode: 0o755 }),
      expected: undefined,
      after: ['.aws/ 755', '.aws/config 600 "new"'],
    },
    {
      situation: 'a file is there: its mode stays',
      lay: (home: string) => {
        mkdirSync(join(home, '.aws'), { mode: 0o755 });
        lay(join(home, '.aws/config'), 'old', 0o640);
      },
      expected: 'old',
      after: ['.aws/ 755', '.aws/config 640 "new"'],
    },
    {
      situation: 'a link to a file elsewhere: the link stays, the file changes',
      lay: (home: string) => {
        mkdirSync(join(home, '.aws'), { mode: 0o755 });
        mkdirSync(join(home, 'dotfiles'), { mode: 0o755 });
        lay(join(home, 'dotfiles/aws-config'), 'old', 0o644);
        symlinkSync('../dotfiles/aws-config', join(home, '.aws/config'));
      },
      expected: 'old',
      after: ['.aws/ 755', '.aws/config -> ../dotfiles/aws-config', 'dotfiles/ 755', 'dotfiles/aws-config 644 "new"'],
    },
    {
      situation: 'a chain of links, one of them to the directory',
      lay: (home: string) => {
        mkdirSync(join(home, 'data'), { mode: 0o755 });
        lay(join(home, 'data/real'), 'old', 0o600);
        symlinkSync('real', join(home, 'data/config'));
        symlinkSync(join(home, 'data'), join(home, '.aws'));
      },
      expected: 'old',
      after: (home: string) => [`.aws -> ${home}/data`, 'data/ 755', 'data/config -> real', 'data/real 600 "new"'],
    },
    {
      situation: 'the directory is a link: a new file is made behind it',
      lay: (home: string) => {
        mkdirSync(join(home, 'data'), { mode: 0o755 });
        symlinkSync('data', join(home, '.aws'));
      },
      expected: undefined,
      after: ['.aws -> data', 'data/ 755', 'data/config 600 "new"'],
    },
  ];

  for (const umask of [0o022, 0o000, 0o077, 0o777]) {
    test.each(situations)(`umask ${umask.toString(8)}: $situation`, ({ lay: prepare, expected, after }) => {
      const home = makeScratch();
      process.umask(0o000);
      prepare(home);
      process.umask(umask);
      const path = join(home, '.aws/config');
      const disk = makeTestDisk(home);

      expect(disk.read(path)).toBe(expected);
      expect(disk.replace([{ kind: 'user', path, text: 'new', expected }])).toBe(true);
      expect(treeOf(home)).toEqual(typeof after === 'function' ? after(home) : after);
      expect(disk.read(path)).toBe('new');
    });
  }

  test.runIf(canGiveAway)('keeps owner and group, whichever user replaces it', () => {
    const home = makeScratch();
    const path = join(home, 'config');
    lay(path, 'old', 0o640);
    chownSync(path, stranger, stranger + 1);
    expect(makeTestDisk(home).replace([{ kind: 'user', path, text: 'new', expected: 'old' }])).toBe(true);
    expect(treeOf(home)).toEqual([`config 640 of ${stranger} "new"`]);
    expect(lstatSync(path).gid).toBe(stranger + 1);
  });

  test.runIf(canGiveAway)('keeps special mode bits through the change of owner', () => {
    const home = makeScratch();
    const path = join(home, 'config');
    lay(path, 'old');
    chownSync(path, stranger, stranger);
    chmodSync(path, 0o2640);
    makeTestDisk(home).replace([{ kind: 'user', path, text: 'new', expected: 'old' }]);
    expect(treeOf(home)).toEqual([`config 2640 of ${stranger} "new"`]);
  });

  test('is removed if the new text is undefined', () => {
    const home = makeScratch();
    const path = join(home, 'config');
    lay(path, 'old');
    expect(makeTestDisk(home).replace([{ kind: 'user', path, text: undefined, expected: 'old' }])).toBe(true);
    expect(treeOf(home)).toEqual([]);
  });

  test('removing a missing file makes nothing, not even its directory', () => {
    const home = makeScratch();
    const path = join(home, '.aws/config');
    expect(makeTestDisk(home).replace([{ kind: 'user', path, text: undefined, expected: undefined }])).toBe(true);
    expect(treeOf(home)).toEqual([]);
  });

  test('a hard link to the file keeps the original content', () => {
    const home = makeScratch();
    lay(join(home, 'config'), 'old', 0o600);
    linkSync(join(home, 'config'), join(home, 'other-name'));
    makeTestDisk(home).replace([{ kind: 'user', path: join(home, 'config'), text: 'new', expected: 'old' }]);
    expect(treeOf(home)).toEqual(['config 600 "new"', 'other-name 600 "old"']);
  });

  test('always has the given bytes, and reads back the same', () => {
    const home = makeScratch();
    const path = join(home, 'config');
    const disk = makeTestDisk(home);
    const bytes = fc.uint8Array({ maxLength: 4096 }).map((content) => Buffer.from(content).toString('latin1'));
    fc.assert(
      fc.property(bytes, (text) => {
        const expected = disk.read(path);
        expect(disk.replace([{ kind: 'user', path, text, expected }])).toBe(true);
        expect(readFileSync(path).equals(Buffer.from(text, 'latin1'))).toBe(true);
        expect(disk.replace([{ kind: 'user', path, text: 'x', expected: text }])).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a user file that differs from what was expected', () => {
  const contests = [
    { contest: 'it has another content', expected: 'read before', there: 'written since' },
    { contest: 'it was created meanwhile', expected: undefined, there: 'written since' },
    { contest: 'it has gone', expected: 'read before', there: undefined },
  ];

  test.each(contests)('$contest: no file changes', ({ expected, there }) => {
    const home = makeScratch();
    const path = join(home, 'config');
    if (there !== undefined) lay(path, there);
    const before = treeOf(home);
    const disk = makeTestDisk(home);
    const replaced = disk.replace([
      { kind: 'private', path: join(home, 'own/jobs/1/token'), text: 'token' },
      { kind: 'user', path, text: 'new', expected },
      { kind: 'user', path: join(home, 'new/directory/file'), text: 'new', expected: undefined },
    ]);
    expect(replaced).toBe(false);
    expect(treeOf(home)).toEqual(before);
  });

  test('a file that another program removed counts as changed', () => {
    const home = makeScratch();
    const path = join(home, 'config');
    lay(path, 'written since');
    expect(makeTestDisk(home).replace([{ kind: 'user', path, text: undefined, expected: 'read before' }])).toBe(false);
    expect(readFileSync(path, 'latin1')).toBe('written since');
  });
});

describe('a user file that cannot be used', () => {
  const unusable = { kind: 'file-unusable', path: '/config', operation: 'read' };
  const situations = [
    { situation: 'a directory', lay: mkdirSync, facts: { ...unusable, code: 'EISDIR' } },
    {
      situation: 'a link that leads nowhere',
      lay: (path: string) => symlinkSync('nowhere', path),
      facts: { ...unusable, code: 'ENOENT' },
    },
    {
      situation: 'a link to itself',
      lay: (path: string) => symlinkSync('config', path),
      facts: { ...unusable, code: 'ELOOP' },
    },
    {
      situation: 'a device',
      lay: (path: string) => symlinkSync('/dev/null', path),
      facts: { kind: 'file-unsafe', path: '/config', reason: 'not-a-file' },
    },
  ];

  test.each(situations)('$situation', ({ lay: prepare, facts }) => {
    const home = makeScratch();
    const path = join(home, 'config');
    prepare(path);
    const before = treeOf(home);
    const disk = makeTestDisk(home);
    expect(outcomeOf(home, () => disk.read(path))).toEqual(facts);
    const replacements = [{ kind: 'user', path, text: 'new', expected: undefined }] as const;
    expect(outcomeOf(home, () => disk.replace(replacements))).toEqual(facts);
    expect(treeOf(home)).toEqual(before);
  });

  test.each([8 * 2 ** 20 + 1, 2 ** 30])('a file of %d bytes', (size) => {
    const home = makeScratch();
    const path = join(home, 'config');
    laySparse(path, size);
    const disk = makeTestDisk(home);
    const facts = { kind: 'file-too-large', path: '/config', megabytes: 8 };
    expect(outcomeOf(home, () => disk.read(path))).toEqual(facts);
    const replacements = [{ kind: 'user', path, text: 'new', expected: 'read before' }] as const;
    expect(outcomeOf(home, () => disk.replace(replacements))).toEqual(facts);
    expect(readdirSync(home)).toEqual(['config']);
    expect(lstatSync(path).size).toBe(size);
  });

  test('but not one of 8 MB', () => {
    const home = makeScratch();
    laySparse(join(home, 'config'), 8 * 2 ** 20);
    expect(makeTestDisk(home).read(join(home, 'config'))).toHaveLength(8 * 2 ** 20);
  });

  test('a path through a file', () => {
    const home = makeScratch();
    lay(join(home, 'config'), 'text');
    const path = join(home, 'config/config');
    expect(outcomeOf(home, () => makeTestDisk(home).read(path))).toMatchObject({ code: 'ENOTDIR' });
  });

  test('a path through a dangling link', () => {
    const home = makeScratch();
    symlinkSync('nowhere', join(home, '.aws'));
    const path = join(home, '.aws/config');
    const facts = { ...unusable, path: '/.aws', code: 'ENOENT' };
    expect(outcomeOf(home, () => makeTestDisk(home).read(path))).toEqual(facts);
  });
});

describe.runIf(canGiveAway)('a file that this user cannot replace with the same owner and mode', () => {
  /** Each: the file's owner, group and mode; its directory is this user's. */
  const situations = [
    {
      what: 'someone else’s, for all to write',
      owner: 0,
      group: 0,
      mode: 0o666,
      operation: 'keep the owner of',
      code: 'EPERM',
    },
    {
      what: 'of a group this user is not in',
      owner: stranger,
      group: 0,
      mode: 0o660,
      operation: 'keep the owner of',
      code: 'EPERM',
    },
    { what: 'write-protected', owner: stranger, group: stranger, mode: 0o444, operation: 'write', code: 'EACCES' },
    { what: 'unreadable', owner: 0, group: 0, mode: 0o600, operation: 'read', code: 'EACCES' },
  ];

  test.each(situations)('$what', ({ owner, group, mode, operation, code }) => {
    const home = makeScratch();
    const path = join(home, 'config');
    lay(path, 'old', mode);
    chownSync(path, owner, group);
    chownSync(home, stranger, stranger);
    const before = treeOf(home);
    const disk = makeTestDisk(home, { uid: stranger });
    const outcome = asStranger(() => {
      const expected = outcomeOf(home, () => disk.read(path));
      if (typeof expected !== 'string') return expected;
      return outcomeOf(home, () => disk.replace([{ kind: 'user', path, text: 'new', expected }]));
    });
    expect(outcome).toEqual({ kind: 'file-unusable', path: '/config', operation, code });
    expect(treeOf(home)).toEqual(before);
  });

  test('a file in a directory that is not writable', () => {
    const home = makeScratch();
    const path = join(home, 'config');
    lay(path, 'old', 0o666);
    chmodSync(home, 0o755);
    const disk = makeTestDisk(home, { uid: stranger });
    const outcome = asStranger(() =>
      outcomeOf(home, () => disk.replace([{ kind: 'user', path, text: 'new', expected: 'old' }])),
    );
    expect(outcome).toEqual({ kind: 'file-unusable', path: '/config', operation: 'write', code: 'EACCES' });
    expect(treeOf(home)).toEqual(['config 666 "old"']);
  });
});

describe('isWritable', () => {
  const cases = [
    { path: 'missing', writable: true },
    { path: 'missing/below/missing', writable: true },
    { path: 'file', writable: true },
    { path: 'file/below', writable: false },
    { path: 'directory', writable: true },
    { path: 'locked-directory/below', writable: uid === 0 },
    { path: 'locked-file', writable: uid === 0 },
    { path: 'loop', writable: false },
    { path: 'dangling', writable: false },
  ];

  test.each(cases)('$path: $writable', ({ path, writable }) => {
    const home = makeScratch();
    lay(join(home, 'file'), 'text');
    lay(join(home, 'locked-file'), 'text', 0o444);
    mkdirSync(join(home, 'directory'));
    mkdirSync(join(home, 'locked-directory'), { mode: 0o555 });
    symlinkSync('loop', join(home, 'loop'));
    symlinkSync('nowhere', join(home, 'dangling'));
    expect(makeTestDisk(home).isWritable(join(home, path))).toBe(writable);
  });
});

describe('a file that another program is writing', () => {
  /**
   * Starts a program that empties the file, waits, and fills it; resolves when the file is empty.
   */
  async function startRewriting(path: string, text: string): Promise<void> {
    const script = `const fs = require('node:fs'); const file = fs.openSync(${JSON.stringify(path)}, 'w'); console.log('emptied');
      setTimeout(() => fs.writeSync(file, ${JSON.stringify(text)}), 100);`;
    const child = spawn(execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill());
    await once(child.stdout, 'data');
  }

  test('is read after it is filled, not while it is empty', async () => {
    const home = makeScratch();
    const path = join(home, 'config');
    lay(path, 'before');
    await startRewriting(path, 'after');
    expect(makeTestDisk(home).read(path)).toBe('after');
  });

  test('is read as empty if it stays empty', () => {
    const home = makeScratch();
    writeFileSync(join(home, 'config'), '');
    expect(makeTestDisk(home).read(join(home, 'config'))).toBe('');
  });
});
