import { Failure } from '../failure.ts';

/**
 * A value as bash, dash and zsh read it back unchanged, in the form Semaphore's own env file has: bare where nothing in it is special,
 * else in single quotes with each quote written `'"'"'` (https://github.com/semaphoreci/agent, pkg/api/env_var.go).
 */
export function quoteForBash(value: string): string {
  // zsh puts a program's path in the place of "=ls", at the start and after a colon.
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(value) && !/(?:^|:)=/.test(value)) return value;
  return `'${value.replaceAll("'", `'"'"'`)}'`;
}

/** A value as PowerShell reads it back unchanged: single quotes, each quote in it doubled, so that neither `$` nor a backtick means anything. */
export function quoteForPowerShell(value: string): string {
  // PowerShell takes the typographic quotes for single quotes too.
  return `'${value.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}

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
