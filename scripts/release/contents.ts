import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file that names all others of a release, and its signature. */
export const sumsFile = 'SHA256SUMS';
export const signatureFile = 'SHA256SUMS.sig';

/**
 * The files of a release beside the sums and their signature, each of which has the sum that is written there. Throws where one
 * has not, where one is missing, or where there is one that the sums do not name.
 */
export function checkedFiles(directory: string): readonly string[] {
  const sums = new Map(sumLines(readFileSync(join(directory, sumsFile), 'utf8')));
  const present = readdirSync(directory).filter((name) => name !== sumsFile && name !== signatureFile);
  const strangers = present.filter((name) => !sums.has(name));
  if (strangers.length > 0) throw new Error(`${sumsFile} does not name ${strangers.join(', ')}`);
  for (const [name, sum] of sums) {
    if (!present.includes(name)) throw new Error(`${name} is named in ${sumsFile}, but is not there`);
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
