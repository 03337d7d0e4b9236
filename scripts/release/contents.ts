import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file with the checksums of a release, and its signature. */
export const sumsFile = 'SHA256SUMS';
export const signatureFile = 'SHA256SUMS.sig';

/**
 * Returns the names of a release's files, without the checksums and their signature. Throws if a
 * checksum differs, a file is missing, or a file has no checksum.
 */
export function checkedFiles(directory: string): readonly string[] {
  const sums = new Map(sumLines(readFileSync(join(directory, sumsFile), 'utf8')));
  const present = readdirSync(directory).filter((name) => name !== sumsFile && name !== signatureFile);
  const unlisted = present.filter((name) => !sums.has(name));
  if (unlisted.length > 0) throw new Error(`${sumsFile} does not name ${unlisted.join(', ')}`);
  for (const [name, sum] of sums) {
    if (!present.includes(name)) throw new Error(`${name} is listed in ${sumsFile}, but is not there`);
    const actual = createHash('sha256')
      .update(readFileSync(join(directory, name)))
      .digest('hex');
    if (actual !== sum) throw new Error(`${name} has the sum ${actual}, not ${sum} as in ${sumsFile}`);
  }
  return [...sums.keys()].sort();
}

function sumLines(text: string): readonly (readonly [name: string, sum: string])[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, sum, name] = /^([0-9a-f]{64}) {2}([\w.-]+)$/.exec(line) ?? [];
      if (sum === undefined || name === undefined) throw new Error(`${sumsFile} has a line that is no sum: ${line}`);
      return [name, sum];
    });
}
