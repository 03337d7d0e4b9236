import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe } from 'vitest';
import { skipped } from './skips.ts';

/**
 * Returns `describe` if these programs are installed; else reports a skip and returns
 * `describe.skip`.
 */
export function describeWith(subject: string, programs: readonly string[]): typeof describe | typeof describe.skip {
  const missing = programs.filter((program) => !isOnPath(program));
  if (missing.length === 0) return describe;
  skipped(subject, `there is no ${missing.join(', ')}`);
  return describe.skip;
}

/**
 * Returns true if a program is on PATH or in the system's sbin directories, where only root looks.
 */
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
