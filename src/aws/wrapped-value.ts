/** Returns a value without the white space and the pair of quotes around it. */
export function unquoted(value: string): string {
  const bare = withoutSpaces(value);
  const inner = /^(["'`])(.*)\1$/s.exec(bare)?.[2] ?? /^[\u2018\u201c](.*)[\u2019\u201d]$/s.exec(bare)?.[1];
  return inner === undefined ? bare : withoutSpaces(inner);
}

/**
 * Returns what is wrong with a value that differs from its `unquoted` form, as facts of
 * `value-invalid`.
 */
export function wrappingProblem(value: string): { readonly problem: string; readonly remedy: string } {
  return withoutSpaces(value) === unquoted(value)
    ? { problem: 'it has white space around it', remedy: 'remove the white space' }
    : {
        problem: 'the quotes are part of the value: a shell removes quotes, an env file and a YAML block do not',
        remedy: 'remove the quotes',
      };
}

// Zero-width spaces come with text from a web page, and `trim` does not remove them.
function withoutSpaces(value: string): string {
  return value.replace(/^[\s\u200b]+|[\s\u200b]+$/g, '');
}
