/**
 * A value in double quotes as it may stand in a log: on one line, without control characters, of bearable length, and with anything that
 * looks like a JWT replaced, since a token that was put in the wrong place must not be printed.
 */
export function quote(value: string): string {
  return `"${readable(value)}"`;
}

/**
 * Characters that a terminal or a log does not show as they are: control characters, line ends, and those that turn the direction of
 * writing, by which the name of a branch can make the rest of a line read as something else (https://trojansource.codes).
 */
const unshowable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The same without the quotes. Text read as latin1 from a file is shown as the UTF-8 it most likely is. */
export function readable(value: string, longest = 200): string {
  const plain = value
    // A URL's host comes in lower case.
    .replace(/eyJ[\w-]{8,}(?:\.[\w-]*){0,2}/gi, '[token]')
    .replace(unshowable, (character) => {
      const code = character.charCodeAt(0).toString(16);
      return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
    });
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}

/** Names in a row: `A`, `A and B`, `A, B and C`; or with "or". */
export function enumerate(names: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${conjunction} ${names.at(-1)}`;
}
