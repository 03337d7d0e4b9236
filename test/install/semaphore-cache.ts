import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Machine } from './installer-run.ts';
import { textOf } from './sample-release.ts';

/**
 * Stands in for the toolbox's `cache` on a machine: a key never overwritten, a miss that falls back to the first key which matches
 * it as a pattern, archives that keep the path as it was given, and an exit code of 0 for everything.
 * https://docs.semaphoreci.com/reference/toolbox
 */
export interface Cache {
  /** What it was asked, a line each. */
  calls(): readonly string[];
  keys(): readonly string[];
  /** Has another job store this content under a key, at this path. */
  poison(key: string, path: string, content: Buffer): void;
}

/** Puts the stand-in on a machine; `fails` makes every store fail, and say so as the toolbox does. */
export function addCache(machine: Machine, { fails = false }: { readonly fails?: boolean } = {}): Cache {
  const directory = mkdtempSync(join(tmpdir(), 'cache-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const keys = join(directory, 'keys');
  const calls = join(directory, 'calls');
  mkdirSync(keys);
  machine.addProgram(
    'cache',
    `
keys='${keys}'
echo "$1 $2" >>'${calls}'
case $1 in
  restore)
    found=$2
    [ -e "$keys/$2" ] || found=$(ls "$keys" | grep -E -m1 "$2")
    if [ -n "$found" ]; then
      echo "HIT: '$2', using key '$found'."
      tar xzPf "$keys/$found" -C . && echo "Restored."
    else
      echo "MISS: '$2'."
    fi ;;
  store)
    if [ -e "$keys/$2" ]; then echo "Key '$2' already exists."; exit; fi
    ${fails ? `echo "Error uploading: connection refused"; [ "$CACHE_FAIL_ON_ERROR" != true ] || exit 1; exit 0` : ''}
    case $3 in /*) tar czPf "$keys/$2" "$3" ;; *) tar czf "$keys/$2" "$3" ;; esac
    echo "Upload complete." ;;
  delete) rm -f "$keys/$2"; echo "Key '$2' is deleted." ;;
esac
exit 0
`,
  );
  return {
    calls: () => textOf(calls).split('\n').filter(Boolean),
    keys: () => readdirSync(keys).sort(),
    poison(key, path, content) {
      const work = mkdtempSync(join(directory, 'work-'));
      writeFileSync(join(work, path), content);
      execFileSync('tar', ['czf', join(keys, key), '-C', work, path]);
      if (!existsSync(join(keys, key))) throw new Error(`Nothing was stored under ${key}`);
    },
  };
}
