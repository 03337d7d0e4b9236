import type { ByteText } from '../text/byte-text.ts';
import { changedSection, lineEndOf, replacement, type SectionSpan, sectionSpanOf, type TextEdit } from './block.ts';
import { isManagedKey, sectionsOf } from './find.ts';
import { trimmed } from './line.ts';
import type { ConfigFile, ConfigKey, ConfigSection } from './model.ts';
import { readConfig } from './read.ts';

/**
 * What it takes to undo one profile's edit: plain data, to be stored as JSON with the job. All text in it is byte text.
 *
 * `former` is the section's block before the login, null when there was none; `lead` the line ends put before an added
 * section; `written` the block as the edit left it.
 */
export type ProfileUndo = {
  readonly profile: string;
  readonly job: string;
  readonly keys: readonly (readonly [name: string, value: ByteText])[];
  readonly written: ByteText;
  readonly former: ByteText | null;
  readonly lead: string;
};

/** What undoing a profile comes to. */
export type ProfileUndone =
  /** `restored` is false when others wrote inside the section since: their lines stay, ours are taken out one by one. */
  | { readonly kind: 'undone'; readonly edits: readonly TextEdit[]; readonly restored: boolean }
  | { readonly kind: 'not-there' }
  /** The section stands, but not as this job's: `by` is the job that has overwritten it since, null when it is somebody's own. */
  | { readonly kind: 'left'; readonly line: number; readonly by: string | null };

/**
 * An undo for a section of ours whose record is lost: takes out the comment, every key that we may have written and,
 * when nothing else stands in it, the section.
 */
export function undoWithoutRecord(profile: string, job: string): ProfileUndo {
  return { profile, job, keys: [], written: '', former: null, lead: '' };
}

/**
 * Takes this job's section out of a config file, or puts back what it replaced. Bytes are as before the login when
 * nobody else wrote in the section. Where somebody did, their lines stay: a key that still reads as we wrote it goes
 * back to its former lines or is removed, a key of ours that reads otherwise is theirs now.
 */
export function undoProfile(text: ByteText, undo: ProfileUndo): ProfileUndone {
  const file = readConfig(text);
  const sections = sectionsOf(file, undo.profile);
  const section =
    sections.find(({ managed }) => managed?.job === undo.job) ??
    sections.find((candidate) => candidate.managed === null && holdsAllOf(undo, candidate));
  if (section !== undefined) {
    const { block, end, restored } = blockWithoutUs(file, section, undo);
    const { start } = sectionSpanOf(section);
    const edits =
      block === null
        ? removal(file, { start, end }, leadLengthBefore(text, start, undo))
        : replacement(text, start, end, block);
    return { kind: 'undone', edits, restored };
  }
  const other = sections.find((candidate) => candidate.managed !== null) ?? sections[0];
  if (other === undefined) return { kind: 'not-there' };
  return { kind: 'left', line: other.line, by: other.managed?.job ?? null };
}

/** Whether a section reads as we wrote it: some editors drop every comment, ours too, and its keys name this job's files. */
function holdsAllOf({ keys }: ProfileUndo, section: ConfigSection): boolean {
  const values = new Map(section.keys.map(({ name, raw }) => [name, raw]));
  return keys.length > 0 && keys.every(([name, value]) => values.get(name) === value);
}

/** What undoing would leave of a section's block, which ends at `end`; `block` is null when nothing would be left. */
export type BlockWithoutUs = { readonly block: ByteText | null; readonly end: number; readonly restored: boolean };

/** What undoing would leave of a section that we manage. */
export function blockWithoutUs(file: ConfigFile, section: ConfigSection, undo: ProfileUndo): BlockWithoutUs {
  const span = sectionSpanOf(section);
  // Tools such as `aws configure set` write the whole file anew with LF: still our lines, and the former ones follow suit.
  for (const lines of [(text: ByteText) => text, withLf]) {
    const written = lines(undo.written);
    if (standsAt(file.text, span, written)) {
      const end = span.start + written.length;
      const former = undo.former === null ? null : lines(undo.former);
      const block = former === null ? null : former + partingLineEnd(file.text, end, former);
      return { block, end, restored: true };
    }
  }
  return { block: unpickedBlock(file, section, undo), end: span.end, restored: false };
}

/**
 * Whether a block stands as it was written. It may end beyond the last key: with comments or blank lines that stood before
 * keys which the edit took out.
 */
function standsAt(text: ByteText, { start, end }: SectionSpan, written: ByteText): boolean {
  const behind = start + written.length;
  return behind >= end && text.startsWith(written, start) && (written.endsWith('\n') || endsLine(text, behind));
}

function endsLine(text: ByteText, at: number): boolean {
  return at === text.length || /[\r\n]/.test(text.charAt(at));
}

/**
 * What parts a former block, the last lines of a file that did not end its last line, from what others have put behind ours since: ours
 * ended with a line end, where a blank line had stood before a key that was taken out.
 */
function partingLineEnd(text: ByteText, end: number, former: ByteText): string {
  if (endsLine(text, end) || former.endsWith('\n')) return '';
  return text.startsWith('\r\n', end - 2) ? '\r\n' : '\n';
}

function withLf(text: ByteText): ByteText {
  return text.replaceAll('\r\n', '\n');
}

function unpickedBlock({ text, eol }: ConfigFile, section: ConfigSection, undo: ProfileUndo): ByteText | null {
  const former = formerSectionOf(undo);
  const written = readConfig(undo.written).sections[0];
  const writtenNames = new Set(written?.keys.map((key) => key.name));
  const present = new Set(section.keys.map((key) => key.name));
  const removedByUs = [...former.lines].filter(([name]) => !writtenNames.has(name) && !present.has(name));
  const change = {
    comment: null,
    header: headerWithoutUs(text, section, undo, written, former.header),
    key: (key: ConfigKey, lines: ByteText) => (isOurs(key, undo) ? (former.lines.get(key.name) ?? null) : lines),
    added: removedByUs.map(([, lines]) => lines),
    eol: lineEndOf(text, section, eol),
  };
  const block = withoutMovedNotes(changedSection(text, section, change), former.notes, change.eol);
  const nothingLeft = undo.former === null && trimmed(block) === change.header;
  return nothingLeft ? null : block;
}

function isOurs(key: ConfigKey, undo: ProfileUndo): boolean {
  if (undo.written === '') return isManagedKey(key.name);
  return !key.continued && undo.keys.some(([name, value]) => name === key.name && value === key.raw);
}

/** What is known of the section before the login: its header, each key's lines, and the notes of those that we set. */
type FormerSection = {
  readonly header: ByteText | null;
  readonly lines: ReadonlyMap<string, ByteText>;
  readonly notes: readonly (readonly [note: ByteText, lines: ByteText])[];
};

function formerSectionOf({ former, keys: ours }: ProfileUndo): FormerSection {
  const text = former ?? '';
  const section = readConfig(text).sections[0];
  if (section === undefined) return { header: null, lines: new Map(), notes: [] };
  // Without its indentation a key cannot turn into a further line of the one before it.
  const keys = section.keys.map((key) => ({ ...key, lines: text.slice(key.start, key.end).replace(/^[ \t]+/, '') }));
  return {
    header: text.slice(section.start, section.end),
    lines: new Map(keys.map(({ name, lines }) => [name, lines])),
    notes: keys
      .filter(({ name, note }) => note !== '' && ours.some(([own]) => own === name))
      .map(({ note, lines }) => [note, lines]),
  };
}

/** Takes out the lines of their own that notes got when their key was set: the former key has brought them back. */
function withoutMovedNotes(block: ByteText, notes: FormerSection['notes'], eol: string): ByteText {
  return notes.reduce((text, [note, lines]) => text.replace(`${eol}${note}${eol}${lines}`, () => eol + lines), block);
}

function headerWithoutUs(
  text: ByteText,
  section: ConfigSection,
  undo: ProfileUndo,
  written: ConfigSection | undefined,
  formerHeader: ByteText | null,
): ByteText {
  const header = text.slice(section.start, section.end);
  const asWritten = written !== undefined && header === undo.written.slice(written.start, written.end);
  return asWritten && formerHeader !== null ? formerHeader : header;
}

/** Removes a whole section: its line end goes with it, and the line ends that were put before it. */
function removal({ text, eol }: ConfigFile, { start, end }: SectionSpan, leadLength: number): TextEdit[] {
  const from = start - leadLength;
  let to = end;
  if (text[to] === '\r') to++;
  if (text[to] === '\n') to++;
  // The line end before our section may by now be the one that parts others' lines.
  const parted = from === 0 || text[from - 1] === '\n' || to === text.length || /[\r\n]/.test(text.charAt(to));
  return [{ offset: from, length: to - from, text: parted ? '' : eol }];
}

/** How much of the text before `start` is the lead that we put there; where line ends have changed since, it counts by its lines. */
function leadLengthBefore(text: ByteText, start: number, { lead, written }: ProfileUndo): number {
  if (text.startsWith(written, start) && text.startsWith(lead, start - lead.length)) return lead.length;
  let from = start;
  for (let lines = lead.split('\n').length - 1; lines > 0 && text[from - 1] === '\n'; lines--) {
    from -= text[from - 2] === '\r' ? 2 : 1;
  }
  return start - from;
}
