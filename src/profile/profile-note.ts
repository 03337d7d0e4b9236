import type { ByteText } from './byte-text.ts';
import type { ConfigFile, ConfigSection, Defect, DefectKind } from './config-file.ts';
import { isCredentialKey, isManagedKey } from './profile-key.ts';
import { shownLine } from './shown-line.ts';

/** What a login should say about an edit. */
export type ProfileNote =
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
export function notesOn(section: ConfigSection, values: ReadonlyMap<string, ByteText>): ProfileNote[] {
  const notes: ProfileNote[] = [];
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
export function leaksInto(file: ConfigFile, profile: string, wanted: ReadonlySet<string>): ProfileNote[] {
  const leaky = new Map([
    [profile, 'Ruby'],
    ['DEFAULT', 'boto3'],
  ] as const);
  const notes: ProfileNote[] = [];
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
export function notesElsewhere(file: ConfigFile): ProfileNote[] {
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
    lineText: shownLine(file.text.slice(first.start, first.end)),
    count,
  }));
}
