import type { ByteText } from '../text/byte-text.ts';
import { sectionsOf } from './find.ts';
import { trimmed } from './line.ts';
import { isManagedKey } from './managed-section.ts';
import type { ConfigFile, ConfigKey, ConfigSection } from './model.ts';
import { readConfig } from './read.ts';
import { changedSection, lineEndOf, type SectionSpan, sectionSpanOf } from './section-text.ts';
import { replacement, type TextEdit } from './text-edit.ts';

/** What undoes a login's edit of one profile. All text is byte text. */
export interface ProfileUndo {
  readonly profile: string;
  readonly job: string;
  readonly keys: readonly (readonly [name: string, value: ByteText])[];
  readonly written: ByteText;
  /** Undefined if the login added the section. */
  readonly original: ByteText | undefined;
  /** The line ends put before an added section. */
  readonly blankLines: string;
}

export type ProfileUndone =
  | { readonly kind: 'undone'; readonly edits: readonly TextEdit[] }
  | { readonly kind: 'not-there' }
  /** The section belongs to the job `by` now, or to none. */
  | { readonly kind: 'left'; readonly line: number; readonly by: string | undefined };

/** Returns an undo that removes all that a login can have written, if the record is lost. */
export function undoWithoutRecord(profile: string, job: string): ProfileUndo {
  return { profile, job, keys: [], written: '', original: undefined, blankLines: '' };
}

/**
 * Returns the edits that remove this job's section or restore the original, byte for byte. If
 * another program changed the section, only keys that still have our value are restored or removed.
 */
export function undoProfile(text: ByteText, undo: ProfileUndo): ProfileUndone {
  const file = readConfig(text);
  const sections = sectionsOf(file, undo.profile);
  const section =
    sections.find(({ managed }) => managed?.job === undo.job) ??
    sections.find((candidate) => candidate.managed === undefined && hasOurKeys(candidate, undo));
  if (section !== undefined) {
    const reverted = revertedSection(file, section, undo);
    const { start } = sectionSpanOf(section);
    const edits =
      reverted.text === undefined
        ? removal(file, { start, end: reverted.end }, blankLinesBefore(text, start, undo))
        : replacement(text, start, reverted.end, reverted.text);
    return { kind: 'undone', edits };
  }
  const other = sections.find((candidate) => candidate.managed !== undefined) ?? sections[0];
  if (other === undefined) return { kind: 'not-there' };
  return { kind: 'left', line: other.line, by: other.managed?.job };
}

/** Recognizes our section by keys that name this job's files: some editors drop our comment. */
function hasOurKeys(section: ConfigSection, { keys }: ProfileUndo): boolean {
  const values = new Map(section.keys.map(({ name, raw }) => [name, raw]));
  return keys.length > 0 && keys.every(([name, value]) => values.get(name) === value);
}

/** The section as before the login: `text` replaces it up to `end`; undefined removes it. */
export interface RevertedSection {
  readonly text: ByteText | undefined;
  readonly end: number;
}

export function revertedSection(file: ConfigFile, section: ConfigSection, undo: ProfileUndo): RevertedSection {
  const span = sectionSpanOf(section);
  // `aws configure set` and others rewrite the whole file with LF: then the original lines get LF.
  for (const convert of [(text: ByteText) => text, withLf]) {
    const written = convert(undo.written);
    if (isUnchanged(file.text, span, written)) {
      const end = span.start + written.length;
      const original = undo.original === undefined ? undefined : convert(undo.original);
      const text = original === undefined ? undefined : original + missingLineEnd(file.text, end, original);
      return { text, end };
    }
  }
  return { text: revertedByKey(file, section, undo), end: span.end };
}

/** `written` can also contain lines that preceded a removed key. */
function isUnchanged(text: ByteText, { start, end }: SectionSpan, written: ByteText): boolean {
  const after = start + written.length;
  return after >= end && text.startsWith(written, start) && (written.endsWith('\n') || endsLine(text, after));
}

function endsLine(text: ByteText, at: number): boolean {
  return at === text.length || /[\r\n]/.test(text.charAt(at));
}

/**
 * Returns the line end to insert when the restored section has none and other text now follows it.
 */
function missingLineEnd(text: ByteText, end: number, original: ByteText): string {
  if (endsLine(text, end) || original.endsWith('\n')) return '';
  return text.startsWith('\r\n', end - 2) ? '\r\n' : '\n';
}

function withLf(text: ByteText): ByteText {
  return text.replaceAll('\r\n', '\n');
}

function revertedByKey({ text, eol }: ConfigFile, section: ConfigSection, undo: ProfileUndo): ByteText | undefined {
  const original = parseOriginal(undo);
  const written = readConfig(undo.written).sections[0];
  const writtenNames = new Set(written?.keys.map((key) => key.name));
  const present = new Set(section.keys.map((key) => key.name));
  const removedByUs = [...original.lines].filter(([name]) => !writtenNames.has(name) && !present.has(name));
  const change = {
    comment: undefined,
    header: revertedHeader(text, section, undo, written, original.header),
    key: (key: ConfigKey, lines: ByteText) => (isOurs(key, undo) ? original.lines.get(key.name) : lines),
    added: removedByUs.map(([, lines]) => lines),
    eol: lineEndOf(text, section, eol),
  };
  const reverted = withoutMovedComments(changedSection(text, section, change), original.comments, change.eol);
  const nothingLeft = undo.original === undefined && trimmed(reverted) === change.header;
  return nothingLeft ? undefined : reverted;
}

function isOurs(key: ConfigKey, undo: ProfileUndo): boolean {
  if (undo.written === '') return isManagedKey(key.name);
  return !key.continued && undo.keys.some(([name, value]) => name === key.name && value === key.raw);
}

/** `comments` are those after the values that the login set. */
interface OriginalSection {
  readonly header: ByteText | undefined;
  readonly lines: ReadonlyMap<string, ByteText>;
  readonly comments: readonly (readonly [comment: ByteText, lines: ByteText])[];
}

function parseOriginal({ original = '', keys: ours }: ProfileUndo): OriginalSection {
  const section = readConfig(original).sections[0];
  if (section === undefined) return { header: undefined, lines: new Map(), comments: [] };
  // Without indentation, a key cannot become a further line of the one before it.
  const keys = section.keys.map((key) => ({
    ...key,
    lines: original.slice(key.start, key.end).replace(/^[ \t]+/, ''),
  }));
  return {
    header: original.slice(section.start, section.end),
    lines: new Map(keys.map(({ name, lines }) => [name, lines])),
    comments: keys
      .filter(({ name, comment }) => comment !== '' && ours.some(([own]) => own === name))
      .map(({ comment, lines }) => [comment, lines]),
  };
}

/** Removes the comment lines that the edit split off a key, whose restored line has them. */
function withoutMovedComments(section: ByteText, comments: OriginalSection['comments'], eol: string): ByteText {
  return comments.reduce(
    (text, [comment, lines]) => text.replace(`${eol}${comment}${eol}${lines}`, () => eol + lines),
    section,
  );
}

function revertedHeader(
  text: ByteText,
  section: ConfigSection,
  undo: ProfileUndo,
  written: ConfigSection | undefined,
  originalHeader: ByteText | undefined,
): ByteText {
  const header = text.slice(section.start, section.end);
  const asWritten = written !== undefined && header === undo.written.slice(written.start, written.end);
  return asWritten && originalHeader !== undefined ? originalHeader : header;
}

function removal({ text, eol }: ConfigFile, { start, end }: SectionSpan, blankLines: number): TextEdit[] {
  const from = start - blankLines;
  let to = end;
  if (text[to] === '\r') to++;
  if (text[to] === '\n') to++;
  // Lines that other programs added since must not join the line before our section.
  const separated = from === 0 || text[from - 1] === '\n' || endsLine(text, to);
  return [{ offset: from, length: to - from, text: separated ? '' : eol }];
}

/** Returns the length of the added blank lines before `start`, even if their line ends changed. */
function blankLinesBefore(text: ByteText, start: number, { blankLines, written }: ProfileUndo): number {
  if (text.startsWith(written, start) && text.startsWith(blankLines, start - blankLines.length))
    return blankLines.length;
  let from = start;
  for (let lines = blankLines.split('\n').length - 1; lines > 0 && text[from - 1] === '\n'; lines--) {
    from -= text[from - 2] === '\r' ? 2 : 1;
  }
  return start - from;
}
