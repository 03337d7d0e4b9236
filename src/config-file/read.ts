import { type ByteText, offsetOfInvalidUtf8 } from '../text/byte-text.ts';
import { parseSectionHeader, type SectionHeader } from './header.ts';
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
import { managingJobOf } from './managed-section.ts';
import type { ConfigFile, ConfigKey, ConfigSection, Defect, DefectKind, HiddenHeader, NestedKey } from './model.ts';

/**
 * Reads a config file by boto3's rules on indentation and continuation, the strictest in wide use.
 * What other SDKs read differently is a defect. Accepts any text and never throws.
 */
export function readConfig(text: ByteText): ConfigFile {
  const reader = new ConfigReader(text);
  for (const line of linesOf(text)) reader.take(line);
  return reader.file();
}

interface OpenKey extends ConfigKey {
  value: ByteText;
  end: number;
  continued: boolean;
  nested: NestedKey[];
  loose: NestedKey[];
}

// JavaScript's SDK throws at these names and then treats the file as empty.
const reservedSections: ReadonlySet<string> = new Set(['__proto__', 'profile __proto__']);

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
    const indentation = indentationOf(this.#text, line);
    const first = this.#text[indentation.end];
    if (indentation.end < line.end && first !== '#' && first !== ';') this.#takeContent(line, indentation);
    // After the content: a defect in a header's own line belongs to the section that it begins.
    if (line.start === 0 && this.#text.startsWith(byteOrderMark)) this.#addDefect('bom', line);
    if (this.#invalidByte >= line.start && this.#invalidByte < line.next) this.#addDefect('not-utf8', line);
    if (line.loneCr) this.#addDefect('lone-cr', line);
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

  #takeContent(line: Line, indentation: Indentation): void {
    const content = trimmedEnd(this.#text.slice(indentation.end, line.end));
    if (this.#key !== undefined && indentation.width > this.#keyIndent) {
      this.#takeFurtherLine(this.#key, line, content);
      return;
    }
    this.#keyIndent = indentation.width;
    const header = content.startsWith('[') ? parseSectionHeader(content) : undefined;
    if (header === undefined) this.#takeKey(line, indentation, content);
    else this.#takeHeader(line, indentation, header);
    if (indentation.odd) this.#addDefect('odd-space', line);
  }

  #takeHeader(line: Line, { width }: Indentation, header: SectionHeader): void {
    // An indented header is a further line of a key above it, even of a key that an edit adds
    // there.
    const clear = header.clear && width === 0 && !line.loneCr && this.#previous?.loneCr !== true;
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
    if (!clear) this.#addDefect('odd-header', line);
    if (this.#headers.has(header.headerText)) this.#addDefect('section-twice', line);
    if (reservedSections.has(header.headerText)) this.#addDefect('reserved-name', line);
    this.#headers.add(header.headerText);
  }

  #managedAbove(): ConfigSection['managed'] {
    if (this.#previous === undefined) return undefined;
    const { start, end } = this.#previous;
    const job = managingJobOf(this.#text, start, end);
    return job === undefined ? undefined : { job, start };
  }

  #takeKey(line: Line, indentation: Indentation, content: ByteText): void {
    const section = this.#sections.at(-1);
    if (section === undefined) {
      this.#addDefect('key-before-section', line);
      return;
    }
    const delimiter = content.search(/[=:]/);
    if (delimiter <= 0) {
      this.#addDefect('junk-line', line);
      return;
    }
    // A colon is a delimiter for Python only.
    if (content[delimiter] === ':') this.#addDefect('junk-line', line);
    const key = openKey(line, indentation, content, delimiter);
    if (this.#names.has(key.name)) this.#addDefect('key-twice', line);
    this.#names.add(key.name);
    section.keys.push(key);
    this.#closeKey();
    this.#key = key;
    this.#values = [key.value];
  }

  #closeKey(): void {
    // Joined once, since appending line by line takes quadratic time.
    if (this.#key?.continued) this.#key.value = this.#values.join('\n');
    this.#key = undefined;
  }

  #takeFurtherLine(key: OpenKey, line: Line, content: ByteText): void {
    key.end = line.end;
    key.continued = true;
    this.#values.push(content);
    const hidden = content.startsWith('[') ? parseSectionHeader(content) : undefined;
    if (hidden?.clear) {
      this.#addDefect('indented-header', line);
      this.#hidden.push({ ...hidden, line: line.number, start: line.start, end: line.end });
    }
    const delimiter = content.indexOf('=');
    if (delimiter > 0) {
      const name = trimmed(content.slice(0, delimiter)).toLowerCase();
      const lines = key.raw === '' ? key.nested : key.loose;
      lines.push({ name, line: line.number, start: line.start, end: line.end });
    } else if (key.raw === '') this.#addDefect('junk-line', line);
  }

  #countLineEnd(line: Line): void {
    if (this.#text[line.next - 1] !== '\n') return;
    if (this.#text[line.next - 2] === '\r') this.#crlf++;
    else this.#lf++;
  }

  #addDefect(why: DefectKind, { number, start, end }: Line): void {
    this.#defects.push({ why, line: number, start, end, section: this.#sections.length - 1 });
  }
}

function openKey(line: Line, { width }: Indentation, content: ByteText, delimiter: number): OpenKey {
  const spelled = trimmedEnd(content.slice(0, delimiter));
  const raw = trimmed(content.slice(delimiter + 1));
  const value = trimmedEnd(withoutComment(raw));
  return {
    name: spelled.toLowerCase(),
    spelled,
    value,
    raw,
    comment: trimmed(raw.slice(value.length)),
    indent: width,
    line: line.number,
    start: line.start,
    end: line.end,
    continued: false,
    nested: [],
    loose: [],
  };
}
