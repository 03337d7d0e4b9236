/**
 * A value in double quotes as it may stand in a log: on one line, without control characters, of bearable length, and with anything that
 * looks like a JWT replaced, since a token that was put in the wrong place must not be printed.
 */
export function quote(value: string): string {
  return `"${readable(value)}"`;
}

/** The same without the quotes. Text read as latin1 from a file is shown as the UTF-8 it most likely is. */
export function readable(value: string, longest = 200): string {
  const plain = value
    // A URL's host comes in lower case.
    .replace(/eyJ[\w-]{8,}(?:\.[\w-]*){0,2}/gi, '[token]')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
      return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
    });
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}

/** Names in a row: `A`, `A and B`, `A, B and C`. */
export function enumerate(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
