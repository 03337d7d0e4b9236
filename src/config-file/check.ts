import type { ByteText } from '../text/byte-text.ts';
import { sectionSpanOf } from './block.ts';
import { hiddenBehind, isCredentialKey, isManagedKey } from './find.ts';
import type { ConfigFile, ConfigSection, Defect, DefectKind } from './model.ts';

/** What a login should say about an edit. */
export type ProfileWarning =
  /** A section that we did not write was changed. */
  | { readonly kind: 'overwrote'; readonly line: number }
  /** The header was written anew, since not every SDK would have found it; `former` is its old text. */
  | { readonly kind: 'header-rewritten'; readonly line: number; readonly former: ByteText }
  /** A key that decides about credentials was taken out. */
  | { readonly kind: 'removed-key'; readonly key: string; readonly line: number }
  /** The section was another job's, or an earlier login's of this one. */
  | { readonly kind: 'replaced-own'; readonly job: string }
  /** A kept key that sends requests, and with them the token, elsewhere. */
  | { readonly kind: 'kept-endpoint'; readonly key: string; readonly line: number }
  /** A key of another section that one SDK reads into this profile: Ruby's from a bare `[name]`, boto3 from `[DEFAULT]`. */
  | { readonly kind: 'leaks-in'; readonly reader: 'Ruby' | 'boto3'; readonly key: string; readonly line: number }
  /** Some SDKs refuse or misread the file for a reason outside our section: the first such line, and how many there are. */
  | {
      readonly kind: 'unreadable-elsewhere';
      readonly why: DefectKind;
      readonly line: number;
      readonly lineText: ByteText;
      readonly count: number;
    };

/** What changing a section that stood already makes worth saying. */
export function notesOn(section: ConfigSection, values: ReadonlyMap<string, ByteText>): ProfileWarning[] {
  const notes: ProfileWarning[] = [];
  const { managed, line } = section;
  notes.push(managed === null ? { kind: 'overwrote', line } : { kind: 'replaced-own', job: managed.job });
  if (!section.canonical) notes.push({ kind: 'header-rewritten', line, former: section.inner });
  for (const key of section.keys) {
    const { name } = key;
    const ownBefore = managed !== null && isManagedKey(name);
    if (isCredentialKey(name) && !values.has(name) && !ownBefore) {
      notes.push({ kind: 'removed-key', key: name, line: key.line });
    }
    if (name === 'endpoint_url' || name === 'services')
      notes.push({ kind: 'kept-endpoint', key: name, line: key.line });
  }
  return notes;
}

/** The keys that one SDK reads into a profile from a section that is not the profile's. */
export function leaksInto(file: ConfigFile, profile: string, wanted: ReadonlySet<string>): ProfileWarning[] {
  const leaky = new Map([
    [profile, 'Ruby'],
    ['DEFAULT', 'boto3'],
  ] as const);
  const notes: ProfileWarning[] = [];
  for (const { type, inner, keys } of file.sections) {
    const reader = type === 'other' ? leaky.get(inner) : undefined;
    if (reader === undefined) continue;
    for (const { name, line } of keys) {
      const overridden = reader === 'boto3' && wanted.has(name);
      if ((wanted.has(name) || isCredentialKey(name)) && !overridden) {
        notes.push({ kind: 'leaks-in', reader, key: name, line });
      }
    }
  }
  return notes;
}

/** One note for each kind of defect; those of our own section have led to a refusal before. */
export function notesElsewhere(file: ConfigFile): ProfileWarning[] {
  const firsts = new Map<DefectKind, { first: Defect; count: number }>();
  for (const defect of file.defects) {
    const seen = firsts.get(defect.why);
    if (seen === undefined) firsts.set(defect.why, { first: defect, count: 1 });
    else seen.count++;
  }
  return [...firsts].map(([why, { first, count }]) => ({
    kind: 'unreadable-elsewhere',
    why,
    line: first.line,
    lineText: redactedLine(file.text.slice(first.start, first.end)),
    count,
  }));
}

/** A line's number and where it stands in the text. */
export type LineSpan = { readonly line: number; readonly start: number; readonly end: number };

/** Why a section cannot be made to read the same to every SDK. */
export type ObstacleKind = 'junk-line' | 'key-twice' | 'odd-header';

/** The line that stands in the way, and how. */
export type Obstacle = { readonly reason: ObstacleKind; readonly at: LineSpan };

const obstacles: ReadonlyMap<DefectKind, ObstacleKind> = new Map([
  ['junk-line', 'junk-line'],
  ['key-twice', 'key-twice'],
  ['odd-header', 'odd-header'],
  ['indented-header', 'junk-line'],
  ['lone-cr', 'junk-line'],
  ['odd-space', 'junk-line'],
  ['bom', 'odd-header'],
]);

/** What keeps a section from being read right by every SDK once the `wanted` keys are set in it; null when nothing does. */
export function obstacleIn(file: ConfigFile, section: ConfigSection, wanted: ReadonlySet<string>): Obstacle | null {
  const index = file.sections.indexOf(section);
  for (const defect of file.defects) {
    const reason = defect.section === index ? obstacles.get(defect.why) : undefined;
    if (reason !== undefined) return { reason, at: defect };
  }
  // The bracket in the note would be the header's last for boto3.
  if (!section.canonical && section.tail.includes(']')) return { reason: 'odd-header', at: section };
  const next = hiddenBehind(file, section);
  if (next !== null) return { reason: 'odd-header', at: next };
  // Go's SDK takes a CR that ends the file for part of the last value.
  const { end } = sectionSpanOf(section);
  if (end === file.text.length - 1 && file.text.endsWith('\r')) {
    return { reason: 'junk-line', at: section.keys.at(-1) ?? section };
  }
  const decides = (name: string): boolean => wanted.has(name) || isCredentialKey(name);
  const loose = section.keys
    .filter((key) => !decides(key.name))
    .flatMap((key) => key.loose)
    .find((line) => decides(line.name));
  return loose === undefined ? null : { reason: 'junk-line', at: loose };
}

const secretKey = /^(\s*(?:aws_)?(?:secret\w*|session_token|security_token|access_key\w*)\s*[=:]).*/is;
const longRun = /[A-Za-z0-9+/=]{20,}/g;
const shownLength = 200;

/**
 * A line of a config file as it may be shown: a secret's value, and anything else as long as one, becomes `***` except
 * in a header; what is beyond 200 characters is cut off. Job logs mask nothing by themselves.
 */
export function redactedLine(line: ByteText): ByteText {
  const start = line.slice(0, shownLength);
  return start.startsWith('[') ? start : start.replace(secretKey, '$1 ***').replace(longRun, '***');
}
