import type { ByteText } from '../text/byte-text.ts';
import type { SectionHeader } from './header.ts';

export interface ConfigFile {
  readonly text: ByteText;
  readonly sections: readonly ConfigSection[];
  /** Headers that boto3 reads as further lines of a key, and JavaScript and Go as headers. */
  readonly hidden: readonly HiddenHeader[];
  readonly defects: readonly Defect[];
  /** The most frequent line end; LF for a file without any. */
  readonly eol: '\n' | '\r\n';
}

/** The number counts from 1. The offsets leave out the line end. */
export interface LineSpan {
  readonly line: number;
  readonly start: number;
  readonly end: number;
}

/** The span is the header's line. The keys go up to the next header. */
export interface ConfigSection extends SectionHeader, LineSpan {
  /** The job in the managed comment directly above, and that comment's offset. */
  readonly managed: { readonly job: string; readonly start: number } | undefined;
  readonly keys: readonly ConfigKey[];
}

export interface HiddenHeader extends SectionHeader, LineSpan {}

/** A key of a section, with its further, indented lines. */
export interface ConfigKey extends LineSpan {
  /** In lower case: all SDKs but JavaScript's ignore case. */
  readonly name: string;
  readonly spelled: ByteText;
  /** Trimmed, without its comment, further lines joined by LF, as in the format's test cases. */
  readonly value: ByteText;
  /** The first line with its comment, as boto3 reads it. */
  readonly raw: ByteText;
  /** From its `#` or `;` on; empty for none. */
  readonly comment: ByteText;
  readonly indent: number;
  readonly continued: boolean;
  /** The further lines if the value is empty (`s3 =`). */
  readonly nested: readonly NestedKey[];
  /** The further lines of other values: JavaScript's SDK reads them as keys of the section. */
  readonly loose: readonly NestedKey[];
}

/** A further line of the form `name = value`. */
export interface NestedKey extends LineSpan {
  readonly name: string;
}

/** Something that makes some SDK refuse the file or read it differently from the others. */
export interface Defect extends LineSpan {
  readonly why: DefectKind;
  /** Index of its section; -1 before the first. */
  readonly section: number;
}

/**
 * - `reserved-name`: JavaScript's SDK reads nothing of the file
 * - `odd-header`, `indented-header`, `lone-cr`: readers disagree on where a section begins
 * - `odd-space`: readers disagree on what is white space
 * - the others: boto3 and the AWS CLI refuse the file
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

/** For a sentence that begins "line 3 …". */
export const defectText: Readonly<Record<DefectKind, string>> = {
  bom: 'begins with a byte order mark',
  'not-utf8': 'is not UTF-8',
  'key-before-section': 'is before the first section',
  'section-twice': 'begins a section that exists twice',
  'key-twice': 'repeats a key of the section',
  'junk-line': 'is neither a key nor a comment',
  'reserved-name': 'has a name that the JavaScript SDK rejects',
  'odd-header': 'begins a section for some clients only',
  'indented-header': 'is an indented header',
  'lone-cr': 'has a stray carriage return',
  'odd-space': 'has unusual white space',
};
