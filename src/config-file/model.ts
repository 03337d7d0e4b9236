import type { ByteText } from '../text/byte-text.ts';
import type { SectionHeader } from './header.ts';

/** A line below a key: `name = value` in a nested block, or part of a longer value that looks like one. */
export type NestedKey = {
  readonly name: string;
  readonly value: ByteText;
  readonly line: number;
  readonly start: number;
  readonly end: number;
};

/** A key of a section. */
export type ConfigKey = {
  /** In lower case, as all SDKs but JavaScript's compare it. */
  readonly name: string;
  readonly spelled: ByteText;
  /** As the format's public test cases read it: trimmed, without its note, further lines joined by LF. */
  readonly value: ByteText;
  /** The first line's value with its note, as boto3 reads it. */
  readonly raw: ByteText;
  /** The note itself, from its `#` or `;` on; empty when there is none. */
  readonly note: ByteText;
  readonly indent: number;
  readonly line: number;
  readonly start: number;
  /** End of its last line, before that line's end. */
  readonly end: number;
  /** Whether further, indented lines belong to it. */
  readonly continued: boolean;
  /** The lines of its block when the value itself is empty (`s3 =`). */
  readonly nested: readonly NestedKey[];
  /** Further lines that JavaScript's SDK reads as keys of the section itself, since the value is not empty. */
  readonly loose: readonly NestedKey[];
};

/** A section: its header's line, and its keys up to the next header. */
export type ConfigSection = SectionHeader & {
  readonly line: number;
  /** The header's line, without its line end. */
  readonly start: number;
  readonly end: number;
  /** The job that the managed comment directly above names, and where that comment starts. */
  readonly managed: { readonly job: string; readonly start: number } | null;
  readonly keys: readonly ConfigKey[];
};

/** A header that only some readers see. */
export type HiddenHeader = SectionHeader & { readonly line: number; readonly start: number; readonly end: number };

/** Something that makes at least one SDK refuse the file, or read it otherwise than the rest. */
export type Defect = {
  readonly why: DefectKind;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** Index of the section it stands in; -1 before the first. */
  readonly section: number;
};

/**
 * - `bom`, `not-utf8`, `key-before-section`, `section-twice`, `key-twice`, `junk-line`: boto3 and the AWS CLI refuse the file
 * - `reserved-name`: JavaScript's SDK reads nothing of it
 * - `odd-header`, `indented-header`, `lone-cr`: readers disagree on where a section begins
 * - `odd-space`: readers disagree on what is white space
 */
export type DefectKind =
  | 'bom'
  | 'not-utf8'
  | 'key-before-section'
  | 'section-twice'
  | 'key-twice'
  | 'junk-line'
  | 'reserved-name'
  | 'odd-header'
  | 'indented-header'
  | 'lone-cr'
  | 'odd-space';

/** The defects in words, after "line 3 …". */
export const defectText: Readonly<Record<DefectKind, string>> = {
  bom: 'begins with a byte order mark',
  'not-utf8': 'is not UTF-8',
  'key-before-section': 'stands before any section',
  'section-twice': 'begins a section that stands twice',
  'key-twice': 'has a key that stands twice',
  'junk-line': 'is neither a key nor a comment',
  'reserved-name': 'has a name that JavaScript refuses',
  'odd-header': 'may or may not begin a section',
  'indented-header': 'is an indented header',
  'lone-cr': 'has a stray carriage return',
  'odd-space': 'has unusual white space',
};

/** A config or credentials file, read. */
export type ConfigFile = {
  readonly text: ByteText;
  readonly sections: readonly ConfigSection[];
  /** Headers in further lines of a key: boto3 takes them for part of its value, JavaScript and Go for headers. */
  readonly hidden: readonly HiddenHeader[];
  /** In the order of their lines. */
  readonly defects: readonly Defect[];
  /** What most of its lines end with; LF when there is nothing to go by. */
  readonly eol: '\n' | '\r\n';
};
