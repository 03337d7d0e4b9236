import { type ByteText, toByteText } from '../text/byte-text.ts';
import {
  type ObstacleKind,
  obstacleIn,
  type ProfileWarning,
  redactedLine,
  warningsAround,
  warningsIn,
} from './check.ts';
import { locateProfile } from './find.ts';
import { byteOrderMark, trimmed } from './line.ts';
import {
  isCredentialKey,
  isNameable,
  type ManagedKey,
  type ManagedSection,
  makeManagedComment,
} from './managed-section.ts';
import type { ConfigFile, ConfigKey, ConfigSection, LineSpan } from './model.ts';
import { readConfig } from './read.ts';
import { changedSection, lineEndOf, sectionSpanOf } from './section-text.ts';
import { replacement, type TextEdit } from './text-edit.ts';
import { type ProfileUndo, revertedSection, undoWithoutRecord } from './undo.ts';

export interface ProfileEditOptions {
  /** Change a section that no login wrote. */
  readonly overwrite: boolean;
  /** The undo of the login that wrote the existing section (see `managingJobOfProfile`). */
  readonly earlier?: ProfileUndo | undefined;
}

/** No edits if the section is up to date. */
export interface ProfileChange {
  readonly kind: 'change';
  readonly edits: readonly TextEdit[];
  readonly undo: ProfileUndo;
  readonly warnings: readonly ProfileWarning[];
}

/** `lineText` is byte text, secrets redacted. */
export type ProfileRefusal =
  | { readonly kind: 'refused'; readonly reason: 'bad-name' }
  | { readonly kind: 'refused'; readonly reason: 'bad-value'; readonly key: ManagedKey }
  | {
      readonly kind: 'refused';
      readonly reason: 'not-ours' | 'profile-twice' | 'not-text' | ObstacleKind;
      readonly line: number;
      readonly lineText: ByteText;
    };

/**
 * Returns the edits that give a profile exactly these credentials and change nothing else.
 *
 * A new profile is added at the end. With `overwrite`, a section that no login wrote keeps its keys
 * that do not affect credentials. Refuses an edit after which some SDK would misread the section.
 */
export function editProfile(
  text: ByteText,
  section: ManagedSection,
  options: ProfileEditOptions,
): ProfileChange | ProfileRefusal {
  if (!isNameable(section)) return { kind: 'refused', reason: 'bad-name' };
  const bad = section.keys.find(([, value]) => !isPlainValue(value));
  if (bad !== undefined) return { kind: 'refused', reason: 'bad-value', key: bad[0] };
  const wanted: WantedSection = {
    ...section,
    keys: section.keys.map(([key, value]) => [key, toByteText(value)] as const),
  };
  const file = readConfig(text);
  const binary = binaryLineIn(text);
  if (binary !== undefined) return refusal(file, 'not-text', binary);
  const hidden = file.hidden.find(({ type, name }) => type === 'profile' && name === section.profile);
  if (hidden !== undefined) return refusal(file, 'odd-header', hidden);
  const location = locateProfile(file, section.profile);
  if (location.kind === 'ambiguous') return refusal(file, 'profile-twice', location.second);
  if (location.kind === 'absent') return addedSection(file, wanted);
  const existing = location.section;
  if (existing.managed === undefined && !options.overwrite) return refusal(file, 'not-ours', existing);
  const obstacle = obstacleIn(file, existing, namesOf(wanted));
  if (obstacle !== undefined) return refusal(file, obstacle.reason, obstacle.at);
  return updatedSection(file, existing, wanted, options.earlier);
}

type WantedSection = Pick<ProfileUndo, 'profile' | 'job' | 'keys'>;

function namesOf({ keys }: WantedSection): Set<string> {
  return new Set(keys.map(([name]) => name));
}

function isPlainValue(value: string): boolean {
  if (value === '' || value.trim() !== value || /(?:^|\s)[#;]/.test(value)) return false;
  // The ASCII test is first: V8 takes half a millisecond to compile the other expression.
  return /^[ -~]*$/.test(value) || !/\p{C}|\p{Zl}|\p{Zp}/u.test(value);
}

function binaryLineIn(text: ByteText): LineSpan | undefined {
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const before = text.slice(0, nul);
    return { line: before.split('\n').length, start: before.lastIndexOf('\n') + 1, end: nul };
  }
  return /^(?:\xff\xfe|\xfe\xff)/.test(text) ? { line: 1, start: 0, end: 0 } : undefined;
}

function refusal(
  file: ConfigFile,
  reason: Extract<ProfileRefusal, { line: number }>['reason'],
  { line, start, end }: LineSpan,
): ProfileRefusal {
  return { kind: 'refused', reason, line, lineText: redactedLine(file.text.slice(start, end)) };
}

function addedSection(file: ConfigFile, wanted: WantedSection): ProfileChange {
  const { text, eol } = file;
  const { profile, job, keys } = wanted;
  const header = profile === 'default' ? '[default]' : `[profile ${profile}]`;
  const written = [makeManagedComment(job), header, ...keys.map(keyLine)].join(eol);
  const blankLines = blankLinesAfter(text, eol);
  return {
    kind: 'change',
    edits: [{ offset: text.length, length: 0, text: `${blankLines}${written}${eol}` }],
    undo: { profile, job, keys, written, original: undefined, blankLines },
    warnings: warningsAround(file, profile, namesOf(wanted)),
  };
}

/** Returns the line ends that put one blank line between a text and an added section. */
function blankLinesAfter(text: ByteText, eol: string): string {
  const complete = text === '' || text.endsWith('\n');
  const lines = complete ? text.slice(0, -1) : text;
  const last = trimmed(lines.slice(lines.lastIndexOf('\n') + 1));
  const blank = last === '' || last === byteOrderMark;
  return (complete ? '' : eol) + (blank ? '' : eol);
}

function keyLine([name, value]: readonly [string, ByteText]): ByteText {
  return `${name} = ${value}`;
}

function updatedSection(
  file: ConfigFile,
  section: ConfigSection,
  wanted: WantedSection,
  earlier: ProfileUndo | undefined,
): ProfileChange {
  const { text } = file;
  const { profile, job, keys } = wanted;
  const eol = lineEndOf(text, section, file.eol);
  const values = new Map(keys);
  const inPlace = namesInPlace(section);
  const changed = changedSection(text, section, {
    comment: makeManagedComment(job),
    header: canonicalHeader(section),
    key: (key, lines) => changedKey(key, lines, values.get(key.name), inPlace.has(key.name), eol),
    added: keys.filter(([name]) => !inPlace.has(name)).map(keyLine),
    eol,
  });
  const { original, blankLines, end } = originalOf(file, section, earlier);
  const span = sectionSpanOf(section);
  const written = changed + text.slice(span.end, end);
  const names = namesOf(wanted);
  return {
    kind: 'change',
    edits: replacement(text, span.start, end, written),
    undo: { profile, job, keys, written, original, blankLines },
    warnings: [...warningsIn(section, names), ...warningsAround(file, profile, names)],
  };
}

/** `end` is where the section's text to replace ends. */
function originalOf(
  file: ConfigFile,
  section: ConfigSection,
  earlier: ProfileUndo | undefined,
): Pick<ProfileUndo, 'original' | 'blankLines'> & { readonly end: number } {
  if (section.managed === undefined) {
    const { start, end } = sectionSpanOf(section);
    return { original: file.text.slice(start, end), blankLines: '', end };
  }
  const { name: profile, managed } = section;
  const known = earlier?.job === managed.job && earlier.profile === profile;
  const record = known ? earlier : undoWithoutRecord(profile, managed.job);
  const { text, end } = revertedSection(file, section, record);
  return { original: text, blankLines: record.blankLines, end };
}

/** Returns the header in the form that every SDK finds, with the rest of its line. */
function canonicalHeader(section: ConfigSection): ByteText {
  const name = trimmed(section.headerText) === 'default' ? 'default' : `profile ${section.name}`;
  return `[${name}]${section.restOfLine}`;
}

// Other keys go to the section's end: some SDKs read an indented key as nested, and in Go's, a
// nested key of the same name wins after a blank line.
function namesInPlace({ keys }: ConfigSection): Set<string> {
  const lastNested = new Map<string, number>();
  for (const { nested, loose } of keys) for (const { name, line } of [...nested, ...loose]) lastNested.set(name, line);
  const inPlace = keys.filter(({ name, indent, line }) => indent === 0 && (lastNested.get(name) ?? 0) < line);
  return new Set(inPlace.map(({ name }) => name));
}

function changedKey(
  key: ConfigKey,
  lines: ByteText,
  value: ByteText | undefined,
  inPlace: boolean,
  eol: string,
): ByteText | undefined {
  if (value === undefined) return isCredentialKey(key.name) ? undefined : lines;
  if (!inPlace) return undefined;
  if (key.raw === value && key.spelled === key.name && !key.continued) return lines;
  // A comment moves to its own line, since boto3 reads it as part of the value.
  const line = keyLine([key.name, value]);
  return key.comment === '' ? line : `${key.comment}${eol}${line}`;
}
