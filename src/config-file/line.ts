import type { ByteText } from '../text/byte-text.ts';

/** One line of a config file. Offsets are into the file's text. */
export type Line = {
  /** Counted from 1. */
  readonly number: number;
  readonly start: number;
  /** Where the line's content ends, before its line end. */
  readonly end: number;
  /** Where the next line starts; the text's length after the last one. */
  readonly next: number;
  /** Ended by a CR that no LF follows: a line end for Python, text for Go, white space for others. One that ends the text does not count. */
  readonly loneCr: boolean;
};

/**
 * The lines of a text, split where Python splits them: at LF, CRLF and a lone CR. One pass; an empty text has no lines.
 */
export function* linesOf(text: ByteText): Generator<Line> {
  let start = 0;
  let number = 1;
  let lf = -1;
  let body = 0;
  let cr = -1;
  while (start < text.length) {
    // Both look-aheads are kept until they are used up: searching anew for each line would cost the square of the size.
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

/** The UTF-8 byte order mark, as byte text. */
export const byteOrderMark = '\xef\xbb\xbf';

const space = 0x20;
const tab = 0x09;

// What some reader trims besides space and tab: Python's and JavaScript's ideas of white space taken together.
const oddSpace =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the white space that is looked for
  /[\x0b\x0c\x1c-\x1f]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80|\xef\xbb\xbf/y;
const oddSpaces = new RegExp(oddSpace.source, 'g');

/** Where a line's content begins, and how far it is indented: in characters, as Python counts (a tab is one). */
export type Indentation = { readonly at: number; readonly indent: number; readonly odd: boolean };

/** Measures the white space a line begins with. `odd` says that it holds other than spaces and tabs. */
export function indentationOf(text: ByteText, line: Line): Indentation {
  let at = line.start === 0 && text.startsWith(byteOrderMark) ? byteOrderMark.length : line.start;
  let indent = 0;
  let odd = false;
  while (at < line.end) {
    const code = text.charCodeAt(at);
    if (code === space || code === tab) at++;
    else {
      const length = oddSpaceLength(text, at);
      if (length === 0) break;
      odd = true;
      at += length;
    }
    indent++;
  }
  return { at, indent, odd };
}

function oddSpaceLength(text: ByteText, at: number): number {
  oddSpace.lastIndex = at;
  return oddSpace.test(text) ? oddSpace.lastIndex - at : 0;
}

/** The same text with every odd kind of white space as a plain space. */
export function withPlainSpaces(text: ByteText): ByteText {
  return text.replace(oddSpaces, ' ');
}

/**
 * The same text without ASCII white space at both ends. `trim()` would cut the byte 0xA0 too, which ends letters
 * such as à.
 */
export function trimmed(text: ByteText): ByteText {
  let start = 0;
  while (isSpace(text.charCodeAt(start))) start++;
  return trimmedEnd(text.slice(start));
}

/** As `trimmed`, at the end only. */
export function trimmedEnd(text: ByteText): ByteText {
  let end = text.length;
  while (isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

function isSpace(code: number): boolean {
  return code === space || (code >= tab && code <= 0x0d);
}

/** The text up to a comment, as every SDK but Python's cuts it: at `#` or `;` after white space or at the beginning. */
export function withoutComment(text: ByteText): ByteText {
  const note = /(?:^|[ \t\v\f])[#;]/.exec(text);
  return note === null ? text : text.slice(0, note.index);
}
