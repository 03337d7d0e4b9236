import { printable } from './quote.ts';
import { tableLines, wrap } from './wrap.ts';

/** A failure in words: what happened, the likely cause, what to do. Sentences without the last full stop in the headline only. */
export interface Explanation {
  readonly headline: string;
  readonly cause: string;
  /** What is known of the case, as labels and values; shown after the cause. */
  readonly known?: readonly (readonly [label: string, value: string])[];
  readonly paste?: Paste;
  /** One step each. */
  readonly remedies: readonly string[];
  /** Where to find out more; the last line. */
  readonly pointer?: string;
}

/** Lines to copy, shown as they are, under a sentence that says where they belong. */
export interface Paste {
  readonly intro: string;
  readonly lines: readonly string[];
}

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
    ...stack.split('\n').map((line) => `  ${printable(line)}`),
    `  → Please report it, with these lines: ${address}`,
  ];
}

/** Words for every kind of some failures: each function gets the facts of its kind. */
export type WordsFor<F extends { readonly kind: string }> = {
  readonly [One in F as One['kind']]: (facts: One) => Explanation;
};
