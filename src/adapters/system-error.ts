import { Failure } from '../failure.ts';
import type { FileOperation } from '../failures/file.ts';

/** The system's own name of an error (`ENOENT`, `EACCES`, …), undefined for anything that the system did not say. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Runs an action of the disk; what the system refuses becomes the failure `file-unusable` of that path, all else passes through. */
export function attempt<T>(operation: FileOperation, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined) throw error;
    throw new Failure({ kind: 'file-unusable', path, operation, code });
  }
}

/** Runs an action of the disk; undefined when the path it works on is not there. */
export function ifExists<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Runs an action whose failing changes nothing for anyone: clearing up after something that has already failed or is done. */
export function quietly(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (systemCodeOf(error) === undefined && !(error instanceof Failure)) throw error;
  }
}
