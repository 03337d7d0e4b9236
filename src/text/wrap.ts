/** The width of a page, and of a terminal whose width is not known. */
export const defaultColumns = 80;

/**
 * Returns the columns to write at: the terminal's, but 80 to 120. `columns` is undefined or 0 if
 * they are not known.
 */
export function usedColumnsOf(columns: number | undefined): number {
  return Math.min(120, Math.max(defaultColumns, columns ?? 0));
}

/** Returns a table with the labels in the first column and the values, wrapped, in the second. */
export function tableLines(
  rows: readonly (readonly [label: string, value: string])[],
  indent: string,
  columns = defaultColumns,
): string[] {
  const widest = Math.max(0, ...rows.map(([label]) => label.length));
  const beside = indent + ' '.repeat(widest + 2);
  return rows.flatMap(([label, value]) => wrap(value, `${indent}${label.padEnd(widest)}  `, beside, columns));
}

/** Breaks text at spaces into lines of at most `columns`. A longer word is a line of its own. */
export function wrap(text: string, first: string, others: string, columns = defaultColumns): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = others;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
