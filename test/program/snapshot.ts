import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** One file, link or directory as it stood. */
export interface Entry {
  /** Octal; `link` for a link. */
  readonly mode: string;
  /** What a file holds, as latin1; where a link leads; nothing for a directory. */
  readonly content: string;
  /** Other than before if the entry was made anew or written to, even with the same content. */
  readonly identity: string;
}

/** All that is below a directory, by relative path; directories end in `/`. */
export type Snapshot = ReadonlyMap<string, Entry>;

/** Takes a snapshot. Links are not followed. */
export function snapshotOf(directory: string): Snapshot {
  return new Map(entriesBelow(directory, ''));
}

function entriesBelow(directory: string, prefix: string): [string, Entry][] {
  return readdirSync(join(directory, prefix)).flatMap((name): [string, Entry][] => {
    const path = join(prefix, name);
    const full = join(directory, path);
    const stats = lstatSync(full);
    const mode = (stats.mode & 0o7777).toString(8);
    const owner = `${stats.uid}:${stats.gid}`;
    if (stats.isSymbolicLink()) return [[path, { mode: 'link', content: readlinkSync(full), identity: owner }]];
    // The time of a directory changes with every lock that is taken and given back in it.
    if (stats.isDirectory())
      return [[`${path}/`, { mode, content: '', identity: owner }], ...entriesBelow(directory, path)];
    // A file that only a test of size limits makes: 1 GB without content.
    const isSparse = stats.size > 2 ** 24;
    const content = stats.isFile() && !isSparse ? readFileSync(full, 'latin1') : '';
    return [[path, { mode, content, identity: `${owner} ${stats.ino} ${stats.mtimeMs}` }]];
  });
}

/** What differs between two snapshots: the mode of all that is new or was touched, `gone` for what was removed. Sorted by path. */
export function changesBetween(before: Snapshot, after: Snapshot): Readonly<Record<string, string>> {
  const changed = [...after].filter(([path, entry]) => !isSame(before.get(path), entry));
  const gone = [...before.keys()].filter((path) => !after.has(path));
  const entries = [...changed.map(([path, { mode }]) => [path, mode]), ...gone.map((path) => [path, 'gone'])];
  return Object.fromEntries(entries.sort(([one = ''], [other = '']) => (one < other ? -1 : 1)));
}

function isSame(one: Entry | undefined, other: Entry): boolean {
  return one?.mode === other.mode && one.content === other.content && one.identity === other.identity;
}
