import type { ByteText } from '../text/byte-text.ts';
import { unclearHeaderAfter } from './find.ts';
import { isCredentialKey, isManagedKey } from './managed-section.ts';
import type { ConfigFile, ConfigSection, DefectKind, LineSpan } from './model.ts';
import { sectionSpanOf } from './section-text.ts';

/** Why a section cannot be edited so that every SDK reads it the same. */
export type ObstacleKind = 'junk-line' | 'key-twice' | 'odd-header';

export interface Obstacle {
  readonly reason: ObstacleKind;
  readonly at: LineSpan;
}

const obstacles: ReadonlyMap<DefectKind, ObstacleKind> = new Map([
  ['junk-line', 'junk-line'],
  ['key-twice', 'key-twice'],
  ['odd-header', 'odd-header'],
  ['indented-header', 'junk-line'],
  ['lone-cr', 'junk-line'],
  ['odd-space', 'junk-line'],
  ['bom', 'odd-header'],
]);

/**
 * Returns why some SDK would misread the `wanted` keys in a section; undefined if all read them.
 */
export function obstacleIn(
  file: ConfigFile,
  section: ConfigSection,
  wanted: ReadonlySet<string>,
): Obstacle | undefined {
  const index = file.sections.indexOf(section);
  for (const defect of file.defects) {
    const reason = defect.section === index ? obstacles.get(defect.why) : undefined;
    if (reason !== undefined) return { reason, at: defect };
  }
  // boto3 ends the header at the last bracket, here the one in the comment.
  if (!section.canonical && section.restOfLine.includes(']')) return { reason: 'odd-header', at: section };
  const unclear = unclearHeaderAfter(file, section);
  if (unclear !== undefined) return { reason: 'odd-header', at: unclear };
  // Go's SDK reads a CR that ends the file as part of the last value.
  const { end } = sectionSpanOf(section);
  if (end === file.text.length - 1 && file.text.endsWith('\r')) {
    return { reason: 'junk-line', at: section.keys.at(-1) ?? section };
  }
  const decides = (name: string): boolean => wanted.has(name) || isCredentialKey(name);
  const loose = section.keys
    .filter((key) => !decides(key.name))
    .flatMap((key) => key.loose)
    .find((line) => decides(line.name));
  return loose === undefined ? undefined : { reason: 'junk-line', at: loose };
}

export type ProfileWarning =
  /** The edit removed a key that affects credentials. */
  | { readonly kind: 'removed-key'; readonly key: string }
  /** A key that stays sends requests, and the token with them, to another endpoint. */
  | { readonly kind: 'kept-endpoint'; readonly key: string; readonly line: number }
  /** Ruby reads a bare `[name]`'s keys for this profile, too, and boto3 those of `[DEFAULT]`. */
  | { readonly kind: 'leaks-in'; readonly reader: 'Ruby' | 'boto3'; readonly key: string; readonly line: number }
  /** Another line keeps some SDKs from reading the file right; the first of each kind. */
  | { readonly kind: 'unreadable-elsewhere'; readonly why: DefectKind; readonly line: number };

/** Returns the warnings about an existing section in which the `wanted` keys are set. */
export function warningsIn(section: ConfigSection, wanted: ReadonlySet<string>): ProfileWarning[] {
  const warnings: ProfileWarning[] = [];
  for (const { name, line } of section.keys) {
    const ownBefore = section.managed !== undefined && isManagedKey(name);
    if (isCredentialKey(name) && !wanted.has(name) && !ownBefore) warnings.push({ kind: 'removed-key', key: name });
    if (name === 'endpoint_url' || name === 'services') warnings.push({ kind: 'kept-endpoint', key: name, line });
  }
  return warnings;
}

/** Returns the warnings about the rest of the file. */
export function warningsAround(file: ConfigFile, profile: string, wanted: ReadonlySet<string>): ProfileWarning[] {
  return [...leaksInto(file, profile, wanted), ...firstDefects(file)];
}

function leaksInto(file: ConfigFile, profile: string, wanted: ReadonlySet<string>): ProfileWarning[] {
  const leaky = new Map([
    [profile, 'Ruby'],
    ['DEFAULT', 'boto3'],
  ] as const);
  const warnings: ProfileWarning[] = [];
  for (const { type, headerText, keys } of file.sections) {
    const reader = type === 'other' ? leaky.get(headerText) : undefined;
    if (reader === undefined) continue;
    for (const { name, line } of keys) {
      const overridden = reader === 'boto3' && wanted.has(name);
      if ((wanted.has(name) || isCredentialKey(name)) && !overridden) {
        warnings.push({ kind: 'leaks-in', reader, key: name, line });
      }
    }
  }
  return warnings;
}

function firstDefects(file: ConfigFile): ProfileWarning[] {
  const lines = new Map<DefectKind, number>();
  for (const { why, line } of file.defects) if (!lines.has(why)) lines.set(why, line);
  return [...lines].map(([why, line]) => ({ kind: 'unreadable-elsewhere', why, line }));
}

const secretKey = /^(\s*(?:aws_)?(?:secret\w*|session_token|security_token|access_key\w*)\s*[=:]).*/is;
const longRun = /[A-Za-z0-9+/=]{20,}/g;
const mostShown = 200;

/**
 * Returns the first 200 characters of a line, safe to show in a job log, which masks nothing: `***`
 * replaces a secret's value, and any run as long as a secret except in headers.
 */
export function redactedLine(line: ByteText): ByteText {
  const start = line.slice(0, mostShown);
  return start.startsWith('[') ? start : start.replace(secretKey, '$1 ***').replace(longRun, '***');
}
