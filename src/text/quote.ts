/**
 * A value in double quotes as it may stand in a log: on one line, without control characters, of bearable length, and with anything that
 * looks like a JWT replaced, since a token that was put in the wrong place must not be printed.
 */
export function quote(value: string): string {
  return `"${printable(value)}"`;
}

/**
 * Characters that a terminal or a log does not show as they are: control characters, line ends, and those that turn the direction of
 * writing, by which the name of a branch can make the rest of a line read as something else (https://trojansource.codes).
 */
const unshowable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The same without the quotes. Text read as latin1 from a file is shown as the UTF-8 it most likely is. */
export function printable(value: string, longest = 200): string {
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
export function joinWords(names: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${conjunction} ${names.at(-1)}`;
}

/** A path as people write it, `~` for HOME. */
export function withTilde(path: string, home: string | undefined): string {
  return home && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** An instant for people: `2026-11-22 20:15 UTC`. */
export function instantText(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** A length of time in its largest two units: `23 h 40 min`, `59 min`, `12 s`. Takes milliseconds; negative ones count as their size. */
export function durationText(milliseconds: number): string {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/**
 * An address that a variable gives, as a message may show it: whole if it is at most a scheme, a host and a port, otherwise not at all.
 * What cannot be read as a URL may be a user and a password in any shape (`user:password`, `host:port:user:password`), so that
 * looking for an "@" is not enough.
 */
export function redactAddress(value: string): string {
  const isPlain = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[\w.-]*|\[[0-9a-f:.]*\])(?::\d{1,5})?\/?$/i.test(value);
  return isPlain ? value : '(not shown, since it may hold a password)';
}
