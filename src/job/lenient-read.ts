import { Failure } from '../failure.ts';
import type { Files } from '../world.ts';

/** What came of reading a file that is only looked at or copied. */
export type LenientReading = { readonly text: string | undefined } | { readonly unreadable: true };

/** A file of the user's that the login does not write: where this user cannot read it, no SDK can, and it stands in nobody's way. */
export function readLeniently(path: string, files: Pick<Files, 'read'>): LenientReading {
  try {
    return { text: files.read(path)?.text };
  } catch (error) {
    if (error instanceof Failure) return { unreadable: true };
    throw error;
  }
}
