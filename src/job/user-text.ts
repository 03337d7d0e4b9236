import { Failure } from '../failure.ts';
import { fromByteText } from '../profile/byte-text.ts';
import type { Files } from '../world.ts';

/** The text of a file that was named by the user, read as UTF-8. Throws `Failure` of the file kinds, also where it is not there. */
export function readUserText(path: string, files: Pick<Files, 'read'>): string {
  const file = files.read(path);
  if (file === undefined) throw new Failure({ kind: 'file-unusable', path, operation: 'read', code: 'ENOENT' });
  return fromByteText(file.text);
}
