import type { ByteText } from '../text/byte-text.ts';
import { trimmed, withoutComment, withPlainSpaces } from './line.ts';

/** What a section is called. */
export type SectionName = {
  readonly type: 'profile' | 'sso-session' | 'services' | 'other';
  /** Without type and quotes; for `other` all that stands between the brackets. */
  readonly name: string;
};

/** A section header as its line spells it. */
export type SectionHeader = SectionName & {
  /** What stands between the brackets, untouched. */
  readonly inner: ByteText;
  /** What follows the closing bracket. */
  readonly tail: ByteText;
  /** False when readers disagree on whether this line begins a section. */
  readonly clear: boolean;
  /** True when every reader takes it for the section that `type` and `name` say. */
  readonly canonical: boolean;
};

/**
 * Reads a header line, given from its `[` on. Undefined when nobody takes it for a header.
 *
 * A name counts as a profile's when any reader takes it for one: boto3 drops quotes and takes any first word that
 * begins with `profile`, Go and Rust trim, JavaScript joins type and name by a dot.
 */
export function parseSectionHeader(content: ByteText): SectionHeader | undefined {
  // boto3 (Python's configparser) reads up to the last bracket, the others cut a comment off first.
  const lastBracket = content.lastIndexOf(']');
  if (lastBracket < 2) return undefined;
  const uncommented = withoutComment(content);
  const end = uncommented.lastIndexOf(']');
  // A bracket inside the name ends it for some, and hides the header from Ruby's SDK.
  const clear =
    end > 1 && trimmed(withPlainSpaces(uncommented.slice(end + 1))) === '' && !/[[\]]/.test(content.slice(1, end));
  const close = clear ? end : content.indexOf(']');
  const inner = content.slice(1, close);
  const tail = content.slice(close + 1);
  const name = sectionNameOf(inner);
  const canonical = clear && close === lastBracket && inner === headerInner(name, inner);
  return { ...name, inner, tail, clear, canonical };
}

function headerInner(section: SectionName, inner: ByteText): ByteText {
  if (section.type === 'other') return inner;
  return inner === 'default' ? inner : `${section.type} ${section.name}`;
}

function sectionNameOf(inner: ByteText): SectionName {
  const plain = trimmed(withPlainSpaces(inner));
  if (plain === 'default') return { type: 'profile', name: 'default' };
  if (plain.startsWith('profile.')) return { type: 'profile', name: plain.slice('profile.'.length) };
  const [type, name, ...rest] = shellWords(plain);
  if (type !== undefined && name !== undefined && rest.length === 0) {
    if (type.startsWith('profile')) return { type: 'profile', name };
    if (type === 'sso-session' || type === 'services') return { type, name };
  }
  return { type: 'other', name: inner };
}

// One step of a shell's words, outside and inside of double quotes. Step by step, since one expression for a whole
// quoted part would run out of stack on a long one.
const outside = /(?<space>[ \t]+)|(?<quote>")|'(?<single>[^']*)'|\\(?<escaped>.)|(?<plain>[^ \t'"\\]+)/y;
const inside = /(?<quote>")|\\(?<escaped>["\\])|(?<plain>[^"\\]+|\\)/y;

/**
 * Words as botocore splits them (shlex), of a text without white space at its ends and with no other than spaces and tabs; none when a
 * quote is left open, since the name is nobody's then.
 */
function shellWords(text: string): string[] {
  const words: string[] = [];
  let word = '';
  let step = outside;
  for (let at = 0; at < text.length; at = step.lastIndex) {
    step.lastIndex = at;
    const part = step.exec(text)?.groups;
    if (part === undefined) return [];
    const { space, quote, single, escaped, plain } = part;
    if (space === undefined) word += single ?? escaped ?? plain ?? '';
    else {
      words.push(word);
      word = '';
    }
    if (quote !== undefined) {
      const end = step.lastIndex;
      step = step === outside ? inside : outside;
      step.lastIndex = end;
    }
  }
  return step === inside ? [] : [...words, word];
}

const commentShape = /^# Managed by sem-aws-login for job ([A-Za-z0-9-]{1,64});/;

/** What a job may be called in a managed comment. */
export const jobNameShape = /^[A-Za-z0-9-]{1,64}$/;

/** The comment line, without its line end, that directly above a header marks the section as this job's. */
export function makeManagedComment(job: string): ByteText {
  return `# Managed by sem-aws-login for job ${job}; \`sem-aws-login logout\` removes it`;
}

/** The job that the line from `start` to `end` names, or null when it is no managed comment. */
export function managingJobOf(text: ByteText, start: number, end: number): string | null {
  return commentShape.exec(text.slice(start, end))?.[1] ?? null;
}
