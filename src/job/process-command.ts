import { Failure } from '../failure.ts';

/**
 * A `credential_process` line: the words as every SDK splits them again, some by a shell, some by rules of their own. Words with anything
 * odd stand in double quotes; a character that means something even there throws `program-path-unwritable`.
 */
export function makeProcessCommand(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (/["$`!\\%]/.test(word) && !/^[A-Za-z]:\\[^"$`!%]*$/.test(word))
    throw new Failure({ kind: 'program-path-unwritable', path: word });
  return `"${word}"`;
}
