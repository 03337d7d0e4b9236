import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Machine } from './installer-run.ts';
import { textOf } from './sample-release.ts';

/**
 * A stand-in for the toolbox's `cache`: it keeps existing keys, falls back to a key that matches as
 * a pattern, and always exits with 0. https://docs.semaphoreci.com/reference/toolbox
 */
export interface Cache {
  /** The commands so far, one a line. */
  calls(): readonly string[];
  keys(): readonly string[];
  /** Stores this content under a key and path, as another job would. */
  poison(key: string, path: string, content: Buffer): void;
}

/** Adds the stand-in to a machine; with `fails` every store fails with the toolbox's message. */
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
