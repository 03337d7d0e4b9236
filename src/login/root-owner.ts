import { Failure } from '../failure.ts';
import type { World } from '../world/world.ts';

/**
 * Whether a private root belongs to another user. Any user can create a directory of our name in a
 * shared TMPDIR. It is not ours, so skip it.
 */
export function hasForeignOwner(root: string, files: World['files']): boolean {
  try {
    files.listPrivateDirectories(root);
    return false;
  } catch (error) {
    if (error instanceof Failure && error.facts.kind === 'file-unsafe') return error.facts.reason === 'foreign-owner';
    throw error;
  }
}
