import { chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Disk } from '../../src/adapters/disk.ts';
import { canGiveAway, makeScratch, makeTestDisk, stranger } from './scratch.ts';

const random = '0123456789abcdef';

/**
 * At once. Not 0: file times have fractions of milliseconds, so a new file's age can be negative.
 */
const anyAge = -1_000;

const leftovers = [
  `.config.sem-aws-login-${random}`,
  `.config.sem-aws-login-f${random.slice(1)}`,
  `.token.sem-aws-login-${random}`,
];

const notLeftovers = [
  '.config.sem-aws-login-lock',
  `.config.sem-aws-login-${random}0`,
  `.config.sem-aws-login-${random.toUpperCase()}`,
  `.config.sem-aws-login-${random}~`,
  `.sem-aws-login-${random}`,
  `config.sem-aws-login-${random}`,
];

/**
 * Creates leftovers of killed processes (half a file, an unfinished lock, a link) and similar
 * names.
 */
function lay(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const [file = '', lock = '', link = ''] = leftovers.map((name) => join(directory, name));
  writeFileSync(file, 'half a file');
  mkdirSync(lock);
  writeFileSync(join(lock, 'nonce'), '');
  symlinkSync('config', link);
  for (const name of notLeftovers) writeFileSync(join(directory, name), 'not ours to remove');
}

/** The occasions on which leftovers are removed. */
const occasions: readonly { occasion: string; place: string; run: (disk: Disk, directory: string) => unknown }[] = [
  {
    occasion: 'a file of the user’s is replaced',
    place: '.aws',
    run: (disk, place) => disk.replace([{ kind: 'user', path: join(place, 'config'), text: '', expected: undefined }]),
  },
  {
    occasion: 'a file of ours is replaced',
    place: 'own/jobs/1',
    run: (disk, place) => disk.replace([{ kind: 'private', path: join(place, 'token'), text: '' }]),
  },
  {
    occasion: 'a job’s directory is made beside them',
    place: 'own/jobs',
    run: (disk, place) => disk.makePrivateDirectory(join(place, '2')),
  },
  {
    occasion: 'a job’s directory is removed beside them',
    place: 'own/jobs',
    run: (disk, place) => {
      mkdirSync(join(place, '2'), { mode: 0o700 });
      disk.removePrivateDirectory(join(place, '2'));
    },
  },
];

test.each(occasions)('when $occasion, old leftovers of killed processes are removed', ({ place, run }) => {
  const home = makeScratch();
  const directory = join(home, place);
  lay(directory);

  run(makeTestDisk(home), directory);
  expect(readdirSync(directory)).toEqual(expect.arrayContaining([...leftovers, ...notLeftovers]));

  const home2 = makeScratch();
  const directory2 = join(home2, place);
  lay(directory2);
  run(makeTestDisk(home2, { leftoverAge: anyAge }), directory2);
  const names = readdirSync(directory2);
  expect(names).toEqual(expect.arrayContaining(notLeftovers));
  expect(names.filter((name) => leftovers.includes(name))).toEqual([]);
});

test.runIf(canGiveAway)('another user’s leftovers stay, however old', () => {
  const home = makeScratch();
  const path = join(home, leftovers[0] ?? '');
  writeFileSync(path, 'a stranger’s');
  chownSync(path, stranger, stranger);
  makeTestDisk(home, { leftoverAge: anyAge }).replace([
    { kind: 'user', path: join(home, 'config'), text: '', expected: undefined },
  ]);
  expect(readdirSync(home).sort()).toEqual([...leftovers.slice(0, 1), 'config']);
});
