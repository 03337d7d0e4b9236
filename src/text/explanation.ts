import { printable } from './quote.ts';
import { tableLines, wrap } from './wrap.ts';

/** A message in words: what happened, the likely cause, what to do. Only the headline has no full stop. */
export interface Explanation {
  readonly headline: string;
  readonly cause: string;
  /** Facts of the case, as labels and values; shown after the cause. */
  readonly known?: readonly (readonly [label: string, value: string])[];
  readonly paste?: Paste;
  /** One step each. */
  readonly remedies: readonly string[];
  /** Where to find out more; the last line. */
  readonly pointer?: string;
}

/** Lines to copy, shown unchanged, under a sentence that says where they belong. */
export interface Paste {
  readonly intro: string;
  readonly lines: readonly string[];
}

/** Returns a message as lines of at most 80 columns, except values to copy, which are never wrapped. */
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

/** Returns the message for an unexpected error: its stack, and the `address` to report it to. */
export function bugLines(error: unknown, address: string): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    'sem-aws-login: This is a bug in sem-aws-login, not in your pipeline',
    ...stack.split('\n').map((line) => `  ${printable(line)}`),
    `  → Please report it, with these lines: ${address}`,
  ];
}

/** A table of words for a union of facts: each function gets the facts of its own kind. */
export type WordsFor<F extends { readonly kind: string }> = {
  readonly [One in F as One['kind']]: (facts: One) => Explanation;
};
