import { type ByteText, offsetOfInvalidUtf8 } from '../text/byte-text.ts';
import { managingJobOf, parseSectionHeader, type SectionHeader } from './header.ts';
import {
  byteOrderMark,
  type Indentation,
  indentationOf,
  type Line,
  linesOf,
  trimmed,
  trimmedEnd,
  withoutComment,
} from './line.ts';
import type { ConfigFile, ConfigKey, ConfigSection, Defect, DefectKind, HiddenHeader, NestedKey } from './model.ts';

/**
 * Reads a config file line by line, in one pass, as boto3 does, whose rules on indentation and continuation are the
 * strictest in wide use; what other SDKs see otherwise is told as defects. Reads any text, and never throws.
 */
export function readConfig(text: ByteText): ConfigFile {
  const reader = new ConfigReader(text);
  for (const line of linesOf(text)) reader.take(line);
  return reader.file();
}

type OpenKey = ConfigKey & {
  value: ByteText;
  end: number;
  continued: boolean;
  nested: NestedKey[];
  loose: NestedKey[];
};

// JavaScript's SDK throws at these, and then goes on as if the file were empty.
const reservedSections: ReadonlySet<string> = new Set(['__proto__', 'profile __proto__']);

/** Takes a file's lines, in order, and gives what they come to. */
class ConfigReader {
  readonly #text: ByteText;
  readonly #sections: (ConfigSection & { readonly keys: ConfigKey[] })[] = [];
  readonly #hidden: HiddenHeader[] = [];
  readonly #headers = new Set<ByteText>();
  readonly #defects: Defect[] = [];
  readonly #invalidByte: number;
  #previous: Line | undefined;
  #names = new Set<string>();
  #key: OpenKey | undefined;
  #values: ByteText[] = [];
  #keyIndent = 0;
  #lf = 0;
  #crlf = 0;

  constructor(text: ByteText) {
    this.#text = text;
    this.#invalidByte = offsetOfInvalidUtf8(text);
  }

  take(line: Line): void {
    this.#countLineEnd(line);
    const lead = indentationOf(this.#text, line);
    const first = this.#text[lead.at];
    if (lead.at < line.end && first !== '#' && first !== ';') this.#takeContent(line, lead);
    // Noted last, so that what stands on a header's own line counts for the section that it begins.
    if (line.start === 0 && this.#text.startsWith(byteOrderMark)) this.#note('bom', line);
    if (this.#invalidByte >= line.start && this.#invalidByte < line.next) this.#note('not-utf8', line);
    if (line.loneCr) this.#note('lone-cr', line);
    this.#previous = line;
  }

  file(): ConfigFile {
    this.#closeKey();
    return {
      text: this.#text,
      sections: this.#sections,
      hidden: this.#hidden,
      defects: this.#defects,
      eol: this.#crlf > this.#lf ? '\r\n' : '\n',
    };
  }

  #takeContent(line: Line, lead: Indentation): void {
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

  #takeHeader(line: Line, lead: Indentation, header: SectionHeader): void {
    // Indented, it would be a further line of any key above it, such as one that we add there.
    const clear = header.clear && lead.indent === 0 && !line.loneCr && this.#previous?.loneCr !== true;
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
    });
    this.#closeKey();
    this.#names = new Set();
    if (!clear) this.#note('odd-header', line);
    if (this.#headers.has(header.inner)) this.#note('section-twice', line);
    if (reservedSections.has(header.inner)) this.#note('reserved-name', line);
    this.#headers.add(header.inner);
  }

  #managedAbove(): ConfigSection['managed'] {
    if (this.#previous === undefined) return null;
    const { start, end } = this.#previous;
    const job = managingJobOf(this.#text, start, end);
    return job === null ? null : { job, start };
  }

  #takeKey(line: Line, lead: Indentation, content: ByteText): void {
    const section = this.#sections.at(-1);
    if (section === undefined) {
      this.#note('key-before-section', line);
      return;
    }
    const delimiter = content.search(/[=:]/);
    if (delimiter <= 0) {
      this.#note('junk-line', line);
      return;
    }
    // A colon is a delimiter for Python only.
    if (content[delimiter] === ':') this.#note('junk-line', line);
    const key = openKey(line, lead, content, delimiter);
    if (this.#names.has(key.name)) this.#note('key-twice', line);
    this.#names.add(key.name);
    section.keys.push(key);
    this.#closeKey();
    this.#key = key;
    this.#values = [key.value];
  }

  #closeKey(): void {
    // Joined once: adding line by line would cost the square of their number.
    if (this.#key?.continued) this.#key.value = this.#values.join('\n');
    this.#key = undefined;
  }

  #takeFurtherLine(key: OpenKey, line: Line, content: ByteText): void {
    key.end = line.end;
    key.continued = true;
    this.#values.push(content);
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

function openKey(line: Line, lead: Indentation, content: ByteText, delimiter: number): OpenKey {
  const spelled = trimmedEnd(content.slice(0, delimiter));
  const raw = trimmed(content.slice(delimiter + 1));
  const value = trimmedEnd(withoutComment(raw));
  return {
    name: spelled.toLowerCase(),
    spelled,
    value,
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
