import { Failure } from '../failure.ts';

/**
 * A `credential_process` line: the words as every SDK splits them again, most by a shell, boto3 and the AWS CLI by shlex. A path with blanks
 * stands in single quotes: AWS's own examples have double ones, but the Go SDK's config parser took those away until 2023. Since then
 * it takes a quote from both ends of a value that has one there, so the last word should be a plain one. Characters on which readers
 * differ throw `program-path-unwritable`. On Windows cmd.exe knows double quotes only.
 */
export function makeProcessCommand(words: readonly string[]): string {
  return words.map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (/^[\p{L}\p{M}\p{N} @%+=:,./_-]+$/u.test(word)) return `'${word}'`;
  if (/^[A-Za-z]:\\[\p{L}\p{M}\p{N} @+=,./\\_()-]*$/u.test(word)) return `"${word}"`;
  throw new Failure({ kind: 'program-path-unwritable', path: word });
}
