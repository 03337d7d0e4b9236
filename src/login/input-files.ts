import { Failure } from '../failure.ts';
import { fromByteText } from '../text/byte-text.ts';
import type { Files } from '../world/world.ts';

/** The text of a file that was named by the user, read as UTF-8. Throws `Failure` of the file kinds, also where it is not there. */
export function readUserText(path: string, files: Pick<Files, 'read'>): string {
  const text = files.read(path);
  if (text === undefined) throw new Failure({ kind: 'file-unusable', path, operation: 'read', code: 'ENOENT' });
  return fromByteText(text);
}

/** What came of reading a file that is only looked at or copied; `text` is undefined also where nothing is there. */
export interface LenientReading {
  readonly text: string | undefined;
  readonly isReadable: boolean;
}

/** A file of the user's that the login does not write: where this user cannot read it, no SDK can, and it stands in nobody's way. */
export function readIfPossible(path: string, files: Pick<Files, 'read'>): LenientReading {
  try {
    return { text: files.read(path), isReadable: true };
  } catch (error) {
    if (error instanceof Failure) return { text: undefined, isReadable: false };
    throw error;
  }
}
