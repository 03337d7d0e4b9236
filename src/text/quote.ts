/** Returns a value in double quotes, made safe to print as `printable` does. */
export function quote(value: string): string {
  return `"${printable(value)}"`;
}

// Control characters, line ends, and characters that change the direction of writing: a branch's
// name could make a line read as something else (https://trojansource.codes).
const unshowable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Returns a value made safe for one line of a log: control characters escaped, cut after `longest`
 * characters, and anything like a JWT redacted, since users put tokens in the wrong place.
 */
export function printable(value: string, longest = 200): string {
  const plain = value
    // Ignoring case: a URL's host is in lower case.
    .replace(/eyJ[\w-]{8,}(?:\.[\w-]*){0,2}/gi, '[token]')
    .replace(unshowable, (character) => {
      const code = character.charCodeAt(0).toString(16);
      return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
    });
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}

/** Joins words: `A`, `A and B`, `A, B and C`. */
export function joinWords(names: readonly string[], conjunction: 'and' | 'or' = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${conjunction} ${names.at(-1)}`;
}

/** Returns a path with `~` for HOME. */
export function withTilde(path: string, home: string | undefined): string {
  return home && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}

/** Returns an instant as text: `2026-11-22 20:15 UTC`. */
export function instantText(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/**
 * Returns a length of time (ms) in its largest two units, such as `23 h 40 min`, without the sign.
 */
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
 * Redacts an address unless it is only a scheme, a host and a port: a password does not always come
 * before an "@" (`host:port:user:password`).
 */
export function redactAddress(value: string): string {
  const isPlain = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[\w.-]*|\[[0-9a-f:.]*\])(?::\d{1,5})?\/?$/i.test(value);
  return isPlain ? value : '(not shown, since it may hold a password)';
}
