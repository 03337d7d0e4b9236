import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { skipped } from './skips.ts';

/** `describe` for suites that need these programs of the system; where one is missing, a `describe` that skips, and says so. */
export function describeWith(subject: string, programs: readonly string[]): typeof describe | typeof describe.skip {
  const missing = programs.filter((program) => !isOnPath(program));
  if (missing.length === 0) return describe;
  skipped(subject, `there is no ${missing.join(', ')}`);
  return describe.skip;
}

/** Whether a program can be run by its name; the system's own directories count, which only root has on PATH. */
export function isOnPath(program: string): boolean {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return directories.some((directory) => isExecutable(join(directory, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
