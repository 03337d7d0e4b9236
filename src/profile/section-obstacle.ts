import type { ConfigFile, ConfigSection, DefectKind } from './config-file.ts';
import { isCredentialKey } from './profile-key.ts';
import { hiddenBehind } from './profile-section.ts';
import { blockSpanOf } from './section-block.ts';

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
  const { end } = blockSpanOf(section);
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
