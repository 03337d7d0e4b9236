import type { ByteText } from '../text/byte-text.ts';
import type { ConfigKey, ConfigSection } from './model.ts';

/** Where a section's own lines stand: from its managed comment, or its header, to the end of its last key's last line. */
export type SectionSpan = { readonly start: number; readonly end: number };

/** The span of a section's lines; comments and blank lines after its last key, and that key's line end, lie outside. */
export function sectionSpanOf(section: ConfigSection): SectionSpan {
  return { start: section.managed?.start ?? section.start, end: section.keys.at(-1)?.end ?? section.end };
}

/** What a section is to become. */
export type SectionChange = {
  /** The managed comment, or null for none. */
  readonly comment: ByteText | null;
  readonly header: ByteText;
  /** A key's lines as they are to be, or null to remove them. */
  readonly key: (key: ConfigKey, lines: ByteText) => ByteText | null;
  /** Lines that follow the last key, without line ends. */
  readonly added: readonly ByteText[];
  readonly eol: string;
};

/** A section's block with the change made; what is not changed keeps its bytes. Ends without a line end, as the span does. */
export function changedSection(text: ByteText, section: ConfigSection, change: SectionChange): ByteText {
  const pieces: ByteText[] = [];
  if (change.comment !== null) pieces.push(change.comment, change.eol);
  pieces.push(change.header);
  let done = section.end;
  for (const key of section.keys) {
    const between = text.slice(done, key.start);
    const lines = change.key(key, text.slice(key.start, key.end));
    if (lines === null) pieces.push(withoutLastLineEnd(between));
    else pieces.push(between, lines);
    done = key.end;
  }
  for (const line of change.added) pieces.push(change.eol, line);
  return pieces.join('');
}

function withoutLastLineEnd(text: ByteText): ByteText {
  let end = text.length - 1;
  while (text[end - 1] === '\r') end--;
  return text.slice(0, end);
}

/** What the first line of a section's block ends with, or the file's own line end when that is the last line of all. */
export function lineEndOf(text: ByteText, section: ConfigSection, ofFile: string): string {
  const end = section.managed === null ? section.end : text.indexOf('\n', section.managed.start) - 1;
  if (text.startsWith('\r\n', end)) return '\r\n';
  return end === text.length ? ofFile : '\n';
}

/** Replaces `length` characters from `offset` on by `text`. Offsets count in the text as it was before any edit. */
export type TextEdit = { readonly offset: number; readonly length: number; readonly text: string };

/**
 * The text with all edits made. The edits may come in any order.
 *
 * @throws RangeError when two edits overlap or one lies outside the text: that is a bug in whoever made them.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const edit of edits.toSorted((a, b) => a.offset - b.offset)) {
    if (edit.offset < done || edit.length < 0 || edit.offset + edit.length > text.length) {
      throw new RangeError(`Edit at ${edit.offset}+${edit.length} overlaps another or leaves the text`);
    }
    pieces.push(text.slice(done, edit.offset), edit.text);
    done = edit.offset + edit.length;
  }
  pieces.push(text.slice(done));
  return pieces.join('');
}

/** The one edit, as small as it can be, that turns the part of `text` from `start` to `end` into `wanted`; none when it is that. */
export function replacement(text: string, start: number, end: number, wanted: string): TextEdit[] {
  const part = text.slice(start, end);
  if (part === wanted) return [];
  const shorter = Math.min(part.length, wanted.length);
  let head = 0;
  while (part[head] === wanted[head]) head++;
  let tail = 0;
  while (tail < shorter - head && part[part.length - 1 - tail] === wanted[wanted.length - 1 - tail]) tail++;
  return [{ offset: start + head, length: part.length - head - tail, text: wanted.slice(head, wanted.length - tail) }];
}
