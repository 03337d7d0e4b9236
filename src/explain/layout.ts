import { readable } from '../text/quote.ts';
import { tableLines, wrap } from '../text/wrap.ts';
import type { Explanation } from './explanation.ts';

/** An explanation as lines for a log, at most 80 columns but for values to copy, which are never broken. */
export function explanationLines({ headline, cause, known = [], paste, remedies, pointer }: Explanation): string[] {
  return [
    ...wrap(`sem-aws-login: ${headline}`, '', '  '),
    ...wrap(cause, '  ', '  '),
    ...tableLines(known, '    '),
    ...(paste === undefined ? [] : wrap(paste.intro, '  ', '  ')),
    ...(paste?.lines ?? []).map((line) => `    ${line}`),
    ...remedies.flatMap((remedy) => wrap(remedy, '  → ', '    ')),
    ...(pointer === undefined ? [] : wrap(pointer, '  ', '  ')),
  ];
}

/** An unexpected error, with its stack for the report, and where to send it. Takes anything that was thrown. */
export function bugLines(error: unknown, address: string): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    'sem-aws-login: This is a bug in sem-aws-login, not in your pipeline',
    ...stack.split('\n').map((line) => `  ${readable(line)}`),
    `  → Please report it, with these lines: ${address}`,
  ];
}
