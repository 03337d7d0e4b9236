import { Failure } from '../failure.ts';
import type { FileOperation } from '../failures/file.ts';

/** Returns the code of a system error (`ENOENT`, `EACCES`, …); undefined for any other error. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Runs `action`; throws `file-unusable` for the path if it fails with a system error. */
export function attempt<T>(operation: FileOperation, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    throw new Failure({ kind: 'file-unusable', path, operation, code });
  }
}

/** Runs `action`; returns undefined if its path does not exist. */
export function ifExists<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Best-effort clean-up: ignores file-system errors. */
export function quietly(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (systemCodeOf(error) === undefined && !(error instanceof Failure)) throw error;
  }
}
