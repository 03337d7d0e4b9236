import { type ByteText, toByteText } from '../text/byte-text.ts';
import { changedSection, lineEndOf, replacement, sectionSpanOf, type TextEdit } from './block.ts';
import {
  type LineSpan,
  leaksInto,
  notesElsewhere,
  notesOn,
  type ObstacleKind,
  obstacleIn,
  type ProfileWarning,
  redactedLine,
} from './check.ts';
import { isCredentialKey, locateProfile, type ManagedKey } from './find.ts';
import { jobNameShape, makeManagedComment } from './header.ts';
import { byteOrderMark, trimmed } from './line.ts';
import type { ConfigFile, ConfigKey, ConfigSection } from './model.ts';
import { readConfig } from './read.ts';
import { blockWithoutUs, type ProfileUndo, undoWithoutRecord } from './undo.ts';

/** The section that a login wants: `keys` in the order in which they are to stand, values as ordinary strings. */
export type ManagedSection = {
  /** `[A-Za-z0-9_-]{1,64}`. */
  readonly profile: string;
  /** `[A-Za-z0-9-]{1,64}`. */
  readonly job: string;
  readonly keys: readonly (readonly [ManagedKey, string])[];
};

/** How far an edit may go. */
export type ProfileEditOptions = {
  /** Whether a section that we did not write may be changed. */
  readonly overwrite: boolean;
  /** The record of the login that wrote the section as it stands (see `managingJobOfProfile`), so that its undo is carried over. */
  readonly earlier?: ProfileUndo | undefined;
};

/** The edits that make the section, none when it stands already; the record that undoes them; what is worth saying. */
export type ProfileChange = {
  readonly kind: 'change';
  readonly edits: readonly TextEdit[];
  readonly undo: ProfileUndo;
  readonly warnings: readonly ProfileWarning[];
};

/** Why an edit was not made. `lineText` is byte text, secrets masked. */
export type ProfileRefusal =
  | { readonly kind: 'refused'; readonly reason: 'bad-name' }
  | { readonly kind: 'refused'; readonly reason: 'bad-value'; readonly key: ManagedKey }
  | {
      readonly kind: 'refused';
      readonly reason: 'not-ours' | 'profile-twice' | 'not-text' | ObstacleKind;
      readonly line: number;
      readonly lineText: ByteText;
    };

const profileNameShape = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Makes a profile's section in a config file hold just these credentials, touching nothing else.
 *
 * A profile that is nowhere is added at the end, under a managed comment. A section of ours is brought up to date. Any
 * other is refused unless `overwrite` is given; then our keys are set in it, those that would decide about credentials
 * beside ours are removed, and the rest stays. A section that the SDKs could not read afterwards is refused.
 */
export function editProfile(
  text: ByteText,
  section: ManagedSection,
  options: ProfileEditOptions,
): ProfileChange | ProfileRefusal {
  // JavaScript's SDK throws the whole file away for a profile of this name.
  const named =
    profileNameShape.test(section.profile) && section.profile !== '__proto__' && jobNameShape.test(section.job);
  if (!named) return { kind: 'refused', reason: 'bad-name' };
  const bad = section.keys.find(([, value]) => !isPlainValue(value));
  if (bad !== undefined) return { kind: 'refused', reason: 'bad-value', key: bad[0] };
  const wanted: Wanted = {
    ...section,
    keys: section.keys.map(([key, value]) => [key, toByteText(value)] as const),
  };
  const file = readConfig(text);
  const binary = lineOfBinary(text);
  if (binary !== null) return refusal(file, 'not-text', binary);
  const hidden = file.hidden.find(({ type, name }) => type === 'profile' && name === section.profile);
  if (hidden !== undefined) return refusal(file, 'odd-header', hidden);
  const place = locateProfile(file, section.profile);
  if (place.kind === 'twice') return refusal(file, 'profile-twice', place.second);
  if (place.kind === 'absent') return addition(file, wanted);
  const standing = place.section;
  if (standing.managed === null && !options.overwrite) return refusal(file, 'not-ours', standing);
  const obstacle = obstacleIn(file, standing, new Set(section.keys.map(([key]) => key)));
  if (obstacle !== null) return refusal(file, obstacle.reason, obstacle.at);
  return update(file, standing, wanted, options.earlier);
}

type Wanted = Omit<ManagedSection, 'keys'> & { readonly keys: ProfileUndo['keys'] };

/** Whether every SDK reads this value as it is: one line, no control characters, no white space at its ends, no note in it. */
function isPlainValue(value: string): boolean {
  if (value === '' || value.trim() !== value || /(?:^|\s)[#;]/.test(value)) return false;
  // Asked first, since V8 takes half a millisecond to make the other expression.
  return /^[ -~]*$/.test(value) || !/\p{C}|\p{Zl}|\p{Zp}/u.test(value);
}

function lineOfBinary(text: ByteText): LineSpan | null {
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    const before = text.slice(0, nul);
    return { line: before.split('\n').length, start: before.lastIndexOf('\n') + 1, end: nul };
  }
  return /^(?:\xff\xfe|\xfe\xff)/.test(text) ? { line: 1, start: 0, end: 0 } : null;
}

function refusal(
  file: ConfigFile,
  reason: Extract<ProfileRefusal, { line: number }>['reason'],
  { line, start, end }: LineSpan,
): ProfileRefusal {
  return { kind: 'refused', reason, line, lineText: redactedLine(file.text.slice(start, end)) };
}

function addition(file: ConfigFile, wanted: Wanted): ProfileChange {
  const { text, eol } = file;
  const header = wanted.profile === 'default' ? '[default]' : `[profile ${wanted.profile}]`;
  const written = [makeManagedComment(wanted.job), header, ...wanted.keys.map(keyLine)].join(eol);
  const lead = leadBefore(text, eol);
  return {
    kind: 'change',
    edits: [{ offset: text.length, length: 0, text: `${lead}${written}${eol}` }],
    undo: { ...undoBase(wanted), written, former: null, lead },
    warnings: notesAround(file, wanted),
  };
}

/** The line ends that leave one blank line between a text and what is added to it. */
function leadBefore(text: ByteText, eol: string): string {
  const complete = text === '' || text.endsWith('\n');
  const lines = complete ? text.slice(0, -1) : text;
  const last = trimmed(lines.slice(lines.lastIndexOf('\n') + 1));
  const blank = last === '' || last === byteOrderMark;
  return (complete ? '' : eol) + (blank ? '' : eol);
}

function notesAround(file: ConfigFile, { profile, keys }: Wanted): ProfileWarning[] {
  return [...leaksInto(file, profile, new Set(keys.map(([name]) => name))), ...notesElsewhere(file)];
}

function undoBase({ profile, job, keys }: Wanted): Pick<ProfileUndo, 'profile' | 'job' | 'keys'> {
  return { profile, job, keys };
}

function keyLine([name, value]: readonly [string, ByteText]): ByteText {
  return `${name} = ${value}`;
}

function update(
  file: ConfigFile,
  section: ConfigSection,
  wanted: Wanted,
  earlier: ProfileUndo | undefined,
): ProfileChange {
  const { text } = file;
  const eol = lineEndOf(text, section, file.eol);
  const values = new Map(wanted.keys);
  const inPlace = namesInPlace(section);
  const changed = changedSection(text, section, {
    comment: makeManagedComment(wanted.job),
    header: headerFor(section),
    key: (key, lines) => keyLinesFor(key, lines, values.get(key.name), inPlace.has(key.name), eol),
    added: wanted.keys.filter(([name]) => !inPlace.has(name)).map(keyLine),
    eol,
  });
  const { former, lead, end } = formerOf(file, section, earlier);
  const span = sectionSpanOf(section);
  const written = changed + text.slice(span.end, end);
  return {
    kind: 'change',
    edits: replacement(text, span.start, end, written),
    undo: { ...undoBase(wanted), written, former, lead },
    warnings: [...notesOn(section, values), ...notesAround(file, wanted)],
  };
}

/** What undoing is to bring back, for a block that ends at `end`. */
function formerOf(
  file: ConfigFile,
  section: ConfigSection,
  earlier: ProfileUndo | undefined,
): Pick<ProfileUndo, 'former' | 'lead'> & { readonly end: number } {
  if (section.managed === null) {
    const { start, end } = sectionSpanOf(section);
    return { former: file.text.slice(start, end), lead: '', end };
  }
  const { name: profile, managed } = section;
  const known = earlier?.job === managed.job && earlier.profile === profile;
  const record = known ? earlier : undoWithoutRecord(profile, managed.job);
  const { block, end } = blockWithoutUs(file, section, record);
  return { former: block, lead: record.lead, end };
}

/** The header as every SDK finds it; the same as before where that is so already. */
function headerFor(section: ConfigSection): ByteText {
  const inner = trimmed(section.inner) === 'default' ? 'default' : `profile ${section.name}`;
  return `[${inner}]${section.tail}`;
}

/**
 * The keys that may be set where they stand; others are written at the section's end. Indented, ours would read as a
 * nested key to some; and Go's SDK lets a nested key of the same name win that follows after a blank line.
 */
function namesInPlace({ keys }: ConfigSection): Set<string> {
  const lastShadow = new Map<string, number>();
  for (const { nested, loose } of keys) for (const { name, line } of [...nested, ...loose]) lastShadow.set(name, line);
  const inPlace = keys.filter(({ name, indent, line }) => indent === 0 && (lastShadow.get(name) ?? 0) < line);
  return new Set(inPlace.map(({ name }) => name));
}

function keyLinesFor(
  key: ConfigKey,
  lines: ByteText,
  value: ByteText | undefined,
  inPlace: boolean,
  eol: string,
): ByteText | null {
  if (value === undefined) return isCredentialKey(key.name) ? null : lines;
  if (!inPlace) return null;
  if (key.raw === value && key.spelled === key.name && !key.continued) return lines;
  // boto3 takes a note for part of the value, so it gets a line of its own.
  const line = keyLine([key.name, value]);
  return key.note === '' ? line : `${key.note}${eol}${line}`;
}
