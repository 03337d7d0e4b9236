import type { Explanation } from './explanation.ts';

const screen = 80;

/** An explanation as lines for a log, at most 80 columns where its words allow: values to copy are never broken. */
export function explanationLines({ headline, cause, known = [], remedies, paste = [] }: Explanation): string[] {
  const widest = Math.max(0, ...known.map(([label]) => label.length));
  return [
    ...wrap(`sem-aws-login: ${headline}`, '', '  '),
    ...wrap(cause, '  ', '  '),
    ...known.map(([label, value]) => `    ${label.padEnd(widest)}  ${value}`),
    ...remedies.flatMap((remedy) => wrap(remedy, '  → ', '    ')),
    ...paste.map((line) => `    ${line}`),
  ];
}

/** Breaks text at blanks into lines of at most 80 columns; a word that is longer keeps a line of its own. */
export function wrap(text: string, first: string, others: string): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > screen) {
      lines.push(line);
      line = others;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
