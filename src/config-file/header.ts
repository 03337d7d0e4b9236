import type { ByteText } from '../text/byte-text.ts';
import { trimmed, withoutComment, withPlainSpaces } from './line.ts';

export interface SectionName {
  readonly type: 'profile' | 'sso-session' | 'services' | 'other';
  /** Without type and quotes; for `other` the whole header text. */
  readonly name: string;
}

export interface SectionHeader extends SectionName {
  /** Between the brackets, unchanged. */
  readonly headerText: ByteText;
  /** After the closing bracket. */
  readonly restOfLine: ByteText;
  /** False when readers disagree on whether this line begins a section. */
  readonly clear: boolean;
  /** Whether every reader finds the section under this `type` and `name`. */
  readonly canonical: boolean;
}

/**
 * Parses a line from its `[` on; undefined if no reader sees a header. It is a profile's if any
 * reader says so: boto3 drops quotes and accepts `profile…`, Go and Rust trim, JavaScript joins
 * type and name with a dot.
 */
export function parseSectionHeader(content: ByteText): SectionHeader | undefined {
  // boto3 (Python's configparser) reads up to the last bracket; the others remove a comment first.
  const lastBracket = content.lastIndexOf(']');
  if (lastBracket < 2) return undefined;
  const uncommented = withoutComment(content);
  const end = uncommented.lastIndexOf(']');
  // A bracket inside the name ends it for some readers, and hides the header from Ruby's SDK.
  const clear =
    end > 1 && trimmed(withPlainSpaces(uncommented.slice(end + 1))) === '' && !/[[\]]/.test(content.slice(1, end));
  const close = clear ? end : content.indexOf(']');
  const headerText = content.slice(1, close);
  const restOfLine = content.slice(close + 1);
  const section = parseSectionName(headerText);
  const canonical = clear && close === lastBracket && headerText === canonicalText(section, headerText);
  return { ...section, headerText, restOfLine, clear, canonical };
}

function canonicalText({ type, name }: SectionName, headerText: ByteText): ByteText {
  if (type === 'other') return headerText;
  return headerText === 'default' ? headerText : `${type} ${name}`;
}

function parseSectionName(headerText: ByteText): SectionName {
  const plain = trimmed(withPlainSpaces(headerText));
  if (plain === 'default') return { type: 'profile', name: 'default' };
  if (plain.startsWith('profile.')) return { type: 'profile', name: plain.slice('profile.'.length) };
  const [type, name, ...rest] = shellWords(plain);
  if (type !== undefined && name !== undefined && rest.length === 0) {
    if (type.startsWith('profile')) return { type: 'profile', name };
    if (type === 'sso-session' || type === 'services') return { type, name };
  }
  return { type: 'other', name: headerText };
}

// By tokens: an expression for a long quoted part would overflow the stack.
const unquotedToken = /(?<space>[ \t]+)|(?<quote>")|'(?<single>[^']*)'|\\(?<escaped>.)|(?<plain>[^ \t'"\\]+)/y;
const quotedToken = /(?<quote>")|\\(?<escaped>["\\])|(?<plain>[^"\\]+|\\)/y;

/** Splits a trimmed text into words as botocore does (Python's shlex); none if a quote is open. */
function shellWords(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let token = unquotedToken;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const part = token.exec(text)?.groups;
    if (part === undefined) return [];
    const { space, quote, single, escaped, plain } = part;
    if (space === undefined) word += single ?? escaped ?? plain ?? '';
    else {
      words.push(word);
      word = '';
    }
    if (quote !== undefined) {
      const end = token.lastIndex;
      token = token === unquotedToken ? quotedToken : unquotedToken;
      token.lastIndex = end;
    }
  }
  return token === quotedToken ? [] : [...words, word];
}
