import type { ByteText } from '../text/byte-text.ts';
import type { ConfigKey, ConfigSection } from './model.ts';

/** From the managed comment or the header to the end of the last key. */
export interface SectionSpan {
  readonly start: number;
  readonly end: number;
}

export function sectionSpanOf(section: ConfigSection): SectionSpan {
  return { start: section.managed?.start ?? section.start, end: section.keys.at(-1)?.end ?? section.end };
}

export interface SectionChange {
  readonly comment: ByteText | undefined;
  readonly header: ByteText;
  /** Returns a key's new lines; undefined removes the key. */
  readonly key: (key: ConfigKey, lines: ByteText) => ByteText | undefined;
  /** Lines to add after the last key, without line ends. */
  readonly added: readonly ByteText[];
  readonly eol: string;
}

/** Returns the new text of a section's span. What the change does not name keeps its bytes. */
export function changedSection(text: ByteText, section: ConfigSection, change: SectionChange): ByteText {
  const pieces: ByteText[] = [];
  if (change.comment !== undefined) pieces.push(change.comment, change.eol);
  pieces.push(change.header);
  let done = section.end;
  for (const key of section.keys) {
    const between = text.slice(done, key.start);
    const lines = change.key(key, text.slice(key.start, key.end));
    if (lines === undefined) pieces.push(withoutLastLineEnd(between));
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

/** Returns the line end of a section's first line; `ofFile` if that is the file's last line. */
export function lineEndOf(text: ByteText, section: ConfigSection, ofFile: string): string {
  const end = section.managed === undefined ? section.end : text.indexOf('\n', section.managed.start) - 1;
  if (text.startsWith('\r\n', end)) return '\r\n';
  return end === text.length ? ofFile : '\n';
}
