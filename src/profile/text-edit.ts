/** Replaces `length` characters from `offset` on by `text`. Offsets count in the text as it was before any edit. */
export type Edit = { readonly offset: number; readonly length: number; readonly text: string };

/**
 * The text with all edits made. The edits may come in any order.
 *
 * @throws RangeError when two edits overlap or one lies outside the text: that is a bug in whoever made them.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const edit of edits.toSorted((a, b) => a.offset - b.offset)) {
    if (edit.offset < done || edit.length < 0 || edit.offset + edit.length > text.length) {
      throw new RangeError(`Edit at ${edit.offset}+${edit.length} overlaps another or leaves the text`);
    }
    pieces.push(text.slice(done, edit.offset), edit.text);
    done = edit.offset + edit.length;
  }
  pieces.push(text.slice(done));
  return pieces.join('');
}

/** The one edit, as small as it can be, that turns the part of `text` from `start` to `end` into `wanted`; none when it is that. */
export function replacement(text: string, start: number, end: number, wanted: string): Edit[] {
  const part = text.slice(start, end);
  if (part === wanted) return [];
  const shorter = Math.min(part.length, wanted.length);
  let head = 0;
  while (part[head] === wanted[head]) head++;
  let tail = 0;
  while (tail < shorter - head && part[part.length - 1 - tail] === wanted[wanted.length - 1 - tail]) tail++;
  return [{ offset: start + head, length: part.length - head - tail, text: wanted.slice(head, wanted.length - tail) }];
}
