import type { Outline, OutlineObject } from './outline.ts';
import { commentLines } from './reasons.ts';

/** An object as YAML: two spaces a level, lists indented under their keys, nothing folded, quotes only where needed. */
export function yamlText(outline: OutlineObject): string {
  return objectLines(outline, '').join('\n');
}

function objectLines({ members }: OutlineObject, indent: string): string[] {
  return members.flatMap(({ key, value, comment }) => [
    ...(comment === undefined ? [] : commentLines(comment, indent)),
    ...labelled(`${indent}${scalar(key)}:`, value, indent),
  ]);
}

function labelled(label: string, value: Outline, indent: string): string[] {
  if (value.kind === 'list') return [label, ...value.items.flatMap((item) => itemLines(item, `${indent}  `))];
  if (value.kind === 'object') return [label, ...objectLines(value, `${indent}  `)];
  return [`${label} ${value.kind === 'text' ? scalar(value.text) : value.text}`];
}

function itemLines(item: Outline, indent: string): string[] {
  if (item.kind === 'list') throw new Error('a list in a list is not laid out');
  if (item.kind !== 'object') return labelled(`${indent}-`, item, indent);
  const [first = '', ...others] = objectLines(item, `${indent}  `);
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...others];
}

// CloudFormation reads YAML 1.1, where far more plain words are numbers, dates and booleans than in 1.2: whatever does
// not begin with a letter is quoted. JSON's strings are YAML's, as long as they are ASCII.
function scalar(value: string): string {
  const isWord = /^[A-Za-z][\w./:@+=,()*' -]*$/.test(value) && !/: |:$| #| $/.test(value);
  const isOther = /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value);
  return isWord && !isOther ? value : JSON.stringify(value);
}
