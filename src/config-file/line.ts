import type { ByteText } from '../text/byte-text.ts';

/** Offsets are into the file's text. */
export interface Line {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  /** Start of the next line; the text's length for the last one. */
  readonly next: number;
  /** Whether a CR without LF ends the line (not the file): a line end for Python only. */
  readonly loneCr: boolean;
}

/**
 * Splits a text into lines as Python does: at LF, CRLF and a lone CR. An empty text has no lines.
 */
export function* linesOf(text: ByteText): Generator<Line> {
  let start = 0;
  let number = 1;
  let lf = -1;
  let body = 0;
  let cr = -1;
  while (start < text.length) {
    // Positions are kept: a new search for each line would take quadratic time.
    if (lf < start) {
      lf = indexOrEnd(text, '\n', start);
      body = text[lf - 1] === '\r' ? lf - 1 : lf;
    }
    if (cr < start) cr = indexOrEnd(text, '\r', start);
    const loneCr = cr < body;
    const end = loneCr ? cr : body;
    const next = loneCr ? cr + 1 : Math.min(lf + 1, text.length);
    yield { number, start, end, next, loneCr };
    start = next;
    number++;
  }
}

function indexOrEnd(text: ByteText, char: string, from: number): number {
  const index = text.indexOf(char, from);
  return index < 0 ? text.length : index;
}

/** As byte text. */
export const byteOrderMark = '\xef\xbb\xbf';

const space = 0x20;
const tab = 0x09;

// What Python or JavaScript trims besides space and tab.
const oddSpace =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are white space for Python
  /[\x0b\x0c\x1c-\x1f]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80|\xef\xbb\xbf/y;
const oddSpaces = new RegExp(oddSpace.source, 'g');

export interface Indentation {
  readonly end: number;
  /** In characters, as Python counts (a tab is one). */
  readonly width: number;
  /** Whether it has other white space than spaces and tabs. */
  readonly odd: boolean;
}

/** Returns a line's indentation. A byte order mark at the start of the file does not count. */
export function indentationOf(text: ByteText, line: Line): Indentation {
  let end = line.start === 0 && text.startsWith(byteOrderMark) ? byteOrderMark.length : line.start;
  let width = 0;
  let odd = false;
  while (end < line.end) {
    const code = text.charCodeAt(end);
    if (code === space || code === tab) end++;
    else {
      const length = oddSpaceLength(text, end);
      if (length === 0) break;
      odd = true;
      end += length;
    }
    width++;
  }
  return { end, width, odd };
}

function oddSpaceLength(text: ByteText, at: number): number {
  oddSpace.lastIndex = at;
  return oddSpace.test(text) ? oddSpace.lastIndex - at : 0;
}

/** Replaces white space that only some readers know with spaces. */
export function withPlainSpaces(text: ByteText): ByteText {
  return text.replace(oddSpaces, ' ');
}

/**
 * Removes ASCII white space at both ends. `trim()` would remove the byte 0xA0, too, the end of "à".
 */
export function trimmed(text: ByteText): ByteText {
  let start = 0;
  while (isSpace(text.charCodeAt(start))) start++;
  return trimmedEnd(text.slice(start));
}

export function trimmedEnd(text: ByteText): ByteText {
  let end = text.length;
  while (isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

function isSpace(code: number): boolean {
  return code === space || (code >= tab && code <= 0x0d);
}

/**
 * Returns the text before a comment (`#` or `;` at the start or after white space), as every SDK
 * but Python's does.
 */
export function withoutComment(text: ByteText): ByteText {
  const comment = /(?:^|[ \t\v\f])[#;]/.exec(text);
  return comment === null ? text : text.slice(0, comment.index);
}
