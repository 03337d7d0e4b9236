import { type ByteText, offsetOfInvalidUtf8 } from './byte-text.ts';
import { BOM, type Lead, type Line, leadOf, linesOf, trimmed, trimmedEnd, withoutNote } from './config-line.ts';
import { managingJobOf } from './managed-comment.ts';
import { parseSectionHeader, type SectionHeader } from './section-name.ts';

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
 * - `odd-header`, `indented-header`, `odd-cr`: readers disagree on where a section begins
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
  | 'odd-cr'
  | 'odd-space';

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

type OpenKey = ConfigKey & {
  end: number;
  continued: boolean;
  readonly values: ByteText[];
  nested: NestedKey[];
  loose: NestedKey[];
};
type OpenSection = ConfigSection & { readonly keys: OpenKey[]; readonly names: Set<string> };

/**
 * Reads a config file line by line, in one pass, as boto3 does, whose rules on indentation and continuation are the
 * strictest in wide use; what other SDKs see otherwise is told as defects. Reads any text, and never throws.
 */
export function readConfig(text: ByteText): ConfigFile {
  const reader = new ConfigReader(text);
  for (const line of linesOf(text)) reader.take(line);
  return reader.file();
}

// JavaScript's SDK throws at these, and then goes on as if the file were empty.
const RESERVED_SECTIONS: ReadonlySet<string> = new Set(['__proto__', 'profile __proto__']);

class ConfigReader {
  readonly #text: ByteText;
  readonly #sections: OpenSection[] = [];
  readonly #hidden: HiddenHeader[] = [];
  readonly #headers = new Set<ByteText>();
  readonly #defects: Defect[] = [];
  readonly #invalidByte: number;
  #previous: Line | undefined;
  #key: OpenKey | undefined;
  #keyIndent = 0;
  #lf = 0;
  #crlf = 0;

  constructor(text: ByteText) {
    this.#text = text;
    this.#invalidByte = offsetOfInvalidUtf8(text);
  }

  take(line: Line): void {
    this.#countLineEnd(line);
    const lead = leadOf(this.#text, line);
    const first = this.#text[lead.at];
    if (lead.at < line.end && first !== '#' && first !== ';') this.#takeContent(line, lead);
    // Noted last, so that what stands on a header's own line counts for the section that it begins.
    if (line.start === 0 && this.#text.startsWith(BOM)) this.#note('bom', line);
    if (this.#invalidByte >= line.start && this.#invalidByte < line.next) this.#note('not-utf8', line);
    if (line.oddCr) this.#note('odd-cr', line);
    this.#previous = line;
  }

  file(): ConfigFile {
    return {
      text: this.#text,
      sections: this.#sections.map(({ names: _, ...section }) => ({ ...section, keys: section.keys.map(closeKey) })),
      hidden: this.#hidden,
      defects: this.#defects,
      eol: this.#crlf > this.#lf ? '\r\n' : '\n',
    };
  }

  #takeContent(line: Line, lead: Lead): void {
    const content = trimmedEnd(this.#text.slice(lead.at, line.end));
    if (this.#key !== undefined && lead.indent > this.#keyIndent) {
      this.#takeFurtherLine(this.#key, line, content);
      return;
    }
    this.#keyIndent = lead.indent;
    const header = content.startsWith('[') ? parseSectionHeader(content) : undefined;
    if (header === undefined) this.#takeKey(line, lead, content);
    else this.#takeHeader(line, lead, header);
    if (lead.odd) this.#note('odd-space', line);
  }

  #takeHeader(line: Line, lead: Lead, header: SectionHeader): void {
    // Indented, it would be a further line of any key above it, such as one that we add there.
    const clear = header.clear && lead.at === line.start && !line.oddCr && this.#previous?.oddCr !== true;
    const canonical = header.canonical && clear;
    this.#sections.push({
      ...header,
      clear,
      canonical,
      line: line.number,
      start: line.start,
      end: line.end,
      managed: this.#managedAbove(),
      keys: [],
      names: new Set(),
    });
    this.#key = undefined;
    if (!clear) this.#note('odd-header', line);
    if (this.#headers.has(header.inner)) this.#note('section-twice', line);
    if (RESERVED_SECTIONS.has(header.inner)) this.#note('reserved-name', line);
    this.#headers.add(header.inner);
  }

  #managedAbove(): ConfigSection['managed'] {
    if (this.#previous === undefined) return null;
    const { start, end } = this.#previous;
    const job = managingJobOf(this.#text, start, end);
    return job === null ? null : { job, start };
  }

  #takeKey(line: Line, lead: Lead, content: ByteText): void {
    const section = this.#sections.at(-1);
    if (section === undefined) {
      this.#note('key-before-section', line);
      return;
    }
    const delimiter = content.search(/[=:]/);
    if (delimiter <= 0) {
      this.#note('junk-line', line);
      if (delimiter === 0) this.#key = undefined;
      return;
    }
    // A colon is a delimiter for Python only.
    if (content[delimiter] === ':') this.#note('junk-line', line);
    const key = openKey(line, lead, content, delimiter);
    if (section.names.has(key.name)) this.#note('key-twice', line);
    section.names.add(key.name);
    section.keys.push(key);
    this.#key = key;
  }

  #takeFurtherLine(key: OpenKey, line: Line, content: ByteText): void {
    key.end = line.end;
    key.continued = true;
    key.values.push(content);
    const hidden = content.startsWith('[') ? parseSectionHeader(content) : undefined;
    if (hidden?.clear) {
      this.#note('indented-header', line);
      this.#hidden.push({ ...hidden, line: line.number, start: line.start, end: line.end });
    }
    const delimiter = content.indexOf('=');
    if (delimiter > 0) {
      const name = trimmed(content.slice(0, delimiter)).toLowerCase();
      const value = trimmed(content.slice(delimiter + 1));
      (key.raw === '' ? key.nested : key.loose).push({
        name,
        value,
        line: line.number,
        start: line.start,
        end: line.end,
      });
    } else if (key.raw === '') this.#note('junk-line', line);
  }

  #countLineEnd(line: Line): void {
    if (this.#text[line.next - 1] !== '\n') return;
    if (this.#text[line.next - 2] === '\r') this.#crlf++;
    else this.#lf++;
  }

  #note(why: DefectKind, { number, start, end }: Line): void {
    this.#defects.push({ why, line: number, start, end, section: this.#sections.length - 1 });
  }
}

function openKey(line: Line, lead: Lead, content: ByteText, delimiter: number): OpenKey {
  const spelled = trimmedEnd(content.slice(0, delimiter));
  const raw = trimmed(content.slice(delimiter + 1));
  const value = trimmedEnd(withoutNote(raw));
  return {
    name: spelled.toLowerCase(),
    spelled,
    value: '',
    values: [value],
    raw,
    note: trimmed(raw.slice(value.length)),
    indent: lead.indent,
    line: line.number,
    start: line.start,
    end: line.end,
    continued: false,
    nested: [],
    loose: [],
  };
}

function closeKey({ values, ...key }: OpenKey): ConfigKey {
  return { ...key, value: values.join('\n') };
}
