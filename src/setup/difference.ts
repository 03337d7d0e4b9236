/** A line of both texts, of the first only, or of the second only. */
export interface DifferenceLine {
  readonly side: 'both' | 'first' | 'second';
  readonly text: string;
}

/** Returns the difference of two texts by their longest common subsequence of lines, in quadratic time. */
export function differenceOf(first: readonly string[], second: readonly string[]): DifferenceLine[] {
  const common = commonLengths(first, second);
  const length = (i: number, j: number) => common[i]?.[j] ?? 0;
  const lines: DifferenceLine[] = [];
  let i = 0;
  let j = 0;
  while (i < first.length || j < second.length) {
    const [one, other] = [first[i], second[j]];
    if (one !== undefined && one === other) {
      lines.push({ side: 'both', text: one });
      i += 1;
      j += 1;
    } else if (one !== undefined && (other === undefined || length(i + 1, j) >= length(i, j + 1))) {
      lines.push({ side: 'first', text: one });
      i += 1;
    } else {
      lines.push({ side: 'second', text: other ?? '' });
      j += 1;
    }
  }
  return lines;
}

/** Returns, for each pair of line numbers, the length of the longest common subsequence of the rests of both texts. */
function commonLengths(first: readonly string[], second: readonly string[]): number[][] {
  const table = Array.from({ length: first.length + 1 }, () => new Array<number>(second.length + 1).fill(0));
  for (let i = first.length - 1; i >= 0; i--) {
    const [row = [], below = []] = [table[i], table[i + 1]];
    for (let j = second.length - 1; j >= 0; j--) {
      row[j] = first[i] === second[j] ? 1 + (below[j + 1] ?? 0) : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}
