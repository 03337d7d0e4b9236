import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** A file, link or directory at the time of the snapshot. */
export interface Entry {
  /** Octal; `link` for a link. */
  readonly mode: string;
  /** A file's content as latin1, or a link's target; empty for a directory. */
  readonly content: string;
  /** Changes if the entry was replaced or written to, even with the same content. */
  readonly identity: string;
}

/** Everything below a directory, by relative path; directories end in `/`. */
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
    // Every lock in a directory changes its time.
    if (stats.isDirectory())
      return [[`${path}/`, { mode, content: '', identity: owner }], ...entriesBelow(directory, path)];
    // A test of size limits makes a file of 1 GB without content.
    const isSparse = stats.size > 2 ** 24;
    const content = stats.isFile() && !isSparse ? readFileSync(full, 'latin1') : '';
    return [[path, { mode, content, identity: `${owner} ${stats.ino} ${stats.mtimeMs}` }]];
  });
}

/** Returns the mode of each new or changed entry, `gone` for a removed one, sorted by path. */
export function changesBetween(before: Snapshot, after: Snapshot): Readonly<Record<string, string>> {
  const changed = [...after].filter(([path, entry]) => !isSame(before.get(path), entry));
  const gone = [...before.keys()].filter((path) => !after.has(path));
  const entries = [...changed.map(([path, { mode }]) => [path, mode]), ...gone.map((path) => [path, 'gone'])];
  return Object.fromEntries(entries.sort(([one = ''], [other = '']) => (one < other ? -1 : 1)));
}

function isSame(one: Entry | undefined, other: Entry): boolean {
  return one?.mode === other.mode && one.content === other.content && one.identity === other.identity;
}
