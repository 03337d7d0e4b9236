import type { DefectKind } from '../profile/config-file.ts';

/** What is odd about a line of a config file, after "line 3 …". */
export const defectText: Readonly<Record<DefectKind, string>> = {
  bom: 'begins with a byte order mark',
  'not-utf8': 'is not UTF-8',
  'key-before-section': 'stands before any section',
  'section-twice': 'begins a section that stands twice',
  'key-twice': 'has a key that stands twice',
  'junk-line': 'is neither a key nor a comment',
  'reserved-name': 'has a name that JavaScript refuses',
  'odd-header': 'may or may not begin a section',
  'indented-header': 'is an indented header',
  'lone-cr': 'has a stray carriage return',
  'odd-space': 'has unusual white space',
};
