import { Failure } from '../failure.ts';
import type { Files } from '../world.ts';

/** What came of reading a file that is only looked at or copied; `text` is undefined also where nothing is there. */
export interface LenientReading {
  readonly text: string | undefined;
  readonly readable: boolean;
}

/** A file of the user's that the login does not write: where this user cannot read it, no SDK can, and it stands in nobody's way. */
export function readLeniently(path: string, files: Pick<Files, 'read'>): LenientReading {
  try {
    return { text: files.read(path)?.text, readable: true };
  } catch (error) {
    if (error instanceof Failure) return { text: undefined, readable: false };
    throw error;
  }
}
