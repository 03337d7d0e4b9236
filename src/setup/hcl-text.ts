import type { Member, Outline } from './outline.ts';
import { commentLines } from './reasons.ts';

/** A value as HCL can have it: also the result of a function. */
export type Expression = Outline | { readonly kind: 'call'; readonly name: string; readonly argument: Outline };

/** An argument of a block, or a member of an object. */
export interface Argument extends Omit<Member, 'value'> {
  readonly value: Expression;
}

/** A block of HCL: a resource, a data source, an output. */
export interface Block {
  /** Keyword and labels: `output "role_arn"`. The labels are identifiers. */
  readonly head: string;
  readonly members: readonly Argument[];
  readonly comment: string | undefined;
}

/** Blocks as `terraform fmt` leaves them: the equals signs of neighbouring one-line members stand in one column. */
export function hclText(blocks: readonly Block[]): string {
  return blocks
    .map(({ head, members, comment }) =>
      [...(comment === undefined ? [] : commentLines(comment)), `${head} {`, ...memberLines(members, '  '), '}'].join(
        '\n',
      ),
    )
    .join('\n\n');
}

function memberLines(members: readonly Argument[], indent: string): string[] {
  const entries = members.map(({ key, value, comment }) => ({
    key: keyText(key),
    lines: expressionLines(value, indent),
    comment,
  }));
  return entries.flatMap((entry, index) => {
    const [first = '', ...others] = entry.lines;
    const key = others.length > 0 ? entry.key : entry.key.padEnd(columnOf(entries, index));
    const comment = entry.comment === undefined ? [] : commentLines(entry.comment, indent);
    return [...comment, `${indent}${key} = ${first}`, ...others];
  });
}

/** The width of the widest key in the run of one-line members around this one: a comment begins a new run. */
function columnOf(
  entries: readonly { readonly key: string; readonly lines: readonly string[]; readonly comment: string | undefined }[],
  index: number,
): number {
  const isOneLine = (at: number) => entries[at]?.lines.length === 1;
  const joins = (at: number) => isOneLine(at) && entries[at]?.comment === undefined;
  let first = index;
  while (joins(first) && isOneLine(first - 1)) first -= 1;
  let last = index;
  while (joins(last + 1)) last += 1;
  return Math.max(...entries.slice(first, last + 1).map((entry) => entry.key.length));
}

function expressionLines(value: Expression, indent: string): string[] {
  const inner = `${indent}  `;
  switch (value.kind) {
    case 'text':
      return [stringText(value.text)];
    case 'code':
      return [value.text];
    case 'call':
      return callLines(value.name, expressionLines(value.argument, indent));
    case 'object':
      return ['{', ...memberLines(value.members, inner), `${indent}}`];
    case 'list':
      return listLines(value.items, indent);
  }
}

function callLines(name: string, [first = '', ...others]: readonly string[]): string[] {
  const last = others.at(-1);
  return last === undefined ? [`${name}(${first})`] : [`${name}(${first}`, ...others.slice(0, -1), `${last})`];
}

function listLines(items: readonly Outline[], indent: string): string[] {
  const inner = `${indent}  `;
  const [only] = items;
  if (items.length === 1 && only !== undefined && only.kind !== 'object')
    return [`[${expressionLines(only, indent).join('')}]`];
  const lines = items.flatMap((item) => {
    const [first = '', ...others] = expressionLines(item, inner);
    const whole = [`${inner}${first}`, ...others];
    return [...whole.slice(0, -1), `${whole.at(-1)},`];
  });
  return ['[', ...lines, `${indent}]`];
}

function keyText(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : stringText(key);
}

// Where JSON has a backslash HCL has the same one; a template would begin with "${" or "%{".
// https://developer.hashicorp.com/terraform/language/expressions/strings
function stringText(value: string): string {
  return JSON.stringify(value).replace(/([$%])\{/g, '$1$1{');
}
