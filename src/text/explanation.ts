import { printable } from './quote.ts';
import { defaultColumns, tableLines, usedColumnsOf, wrap } from './wrap.ts';

/** A message: what failed, the likely cause, what to do. Only the headline has no full stop. */
export interface Explanation {
  readonly headline: string;
  readonly cause: string;
  /** Shown after the cause. */
  readonly known?: readonly (readonly [label: string, value: string])[];
  /** More facts, for `--debug`. */
  readonly debug?: readonly (readonly [label: string, value: string])[];
  /** The likeliest first. */
  readonly causes?: readonly string[];
  readonly paste?: Paste;
  readonly remedies: readonly string[];
  /** Steps with lines to copy. */
  readonly steps?: readonly Paste[];
}

/** Lines to copy, shown unchanged, under a sentence that says where they belong. */
export interface Paste {
  readonly intro: string;
  readonly lines: readonly string[];
}

/** Returns a message as lines of at most `columns`. Values to copy are never wrapped. */
export function explanationLines(explanation: Explanation, columns = defaultColumns): string[] {
  return [...headlineLines(explanation, columns), ...bodyLines(explanation, '  ', columns)];
}

function headlineLines({ headline }: Explanation, columns: number): string[] {
  return wrap(`sem-aws-login: ${headline}`, '', '  ', columns);
}

/** Returns a message without its headline and `debug`, each line behind `margin`. */
export function bodyLines(body: Partial<Explanation>, margin: string, columns = defaultColumns): string[] {
  const { cause = '', known = [], causes = [], paste, steps = [], remedies = [] } = body;
  const lines = (text: string, first = margin) => wrap(text, first, ' '.repeat(first.length), columns);
  return [
    ...(cause === '' ? [] : lines(cause)),
    ...tableLines(known, `${margin}  `, columns),
    ...(causes.length === 0 ? [] : lines('Likely causes, the likeliest first:')),
    ...causes.flatMap((one, index) => lines(one, `${margin}${index + 1}. `)),
    ...(paste === undefined ? [] : lines(paste.intro)),
    ...(paste?.lines ?? []).map((line) => `${margin}  ${line}`),
    ...remedies.flatMap((remedy) => lines(remedy, `${margin}→ `)),
    ...steps.flatMap((step) => [
      ...lines(step.intro, `${margin}→ `),
      ...step.lines.map((line) => `${margin}  ${line}`),
    ]),
  ];
}

export interface FailureStyle {
  /**
   * The terminal's width; undefined if stderr is not a terminal, 0 for a terminal without a size.
   */
  readonly columns: number | undefined;
  readonly colours: boolean;
  /** Whether to show the facts for `--debug`. */
  readonly debug: boolean;
}

/** A message of this many rows hides its headline on a small terminal. */
const longMessage = 12;

/**
 * Returns the lines of a failed run: the message at the terminal's width (80 to 120 columns), its
 * headline in bold red if colours are on. A long message repeats the headline at its end.
 */
export function failureLines(explanation: Explanation, { columns, colours, debug }: FailureStyle): string[] {
  const width = usedColumnsOf(columns);
  const { known = [], debug: more = [] } = explanation;
  const body = bodyLines(debug ? { ...explanation, known: [...known, ...more] } : explanation, '  ', width);
  const headline = headlineLines(explanation, width).map((line) => (colours ? `\u001b[1;31m${line}\u001b[0m` : line));
  return [...headline, ...body, ...(body.length < longMessage ? [] : headline)];
}

/**
 * Whether to colour an output. FORCE_COLOR, then NO_COLOR decide, as in Node; else the terminal.
 * @see https://no-color.org and https://force-color.org
 */
export function wantsColours(
  { FORCE_COLOR: forced, NO_COLOR: none }: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (forced) return forced !== '0' && forced !== 'false';
  return isTerminal && !none;
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
