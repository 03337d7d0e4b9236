/** Replaces `length` characters at `offset` with `text`. Offsets are those before any edit. */
export interface TextEdit {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

/** Makes edits, in any order. Throws `RangeError` if two overlap or one is outside the text. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
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

/** Returns the smallest edit that changes the text from `start` to `end` into `wanted`, if any. */
export function replacement(text: string, start: number, end: number, wanted: string): TextEdit[] {
  const part = text.slice(start, end);
  if (part === wanted) return [];
  const shorter = Math.min(part.length, wanted.length);
  let prefix = 0;
  while (part[prefix] === wanted[prefix]) prefix++;
  let suffix = 0;
  while (suffix < shorter - prefix && part[part.length - 1 - suffix] === wanted[wanted.length - 1 - suffix]) suffix++;
  return [
    {
      offset: start + prefix,
      length: part.length - prefix - suffix,
      text: wanted.slice(prefix, wanted.length - suffix),
    },
  ];
}
