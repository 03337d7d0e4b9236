import { explanationOf } from '../explain/catalogue.ts';
import { type ExitCode, exitCodeOf, Failure, type FailureFacts } from '../failure.ts';
import type { Explanation, Paste } from '../text/explanation.ts';

/** `warn`: worth a look, but no reason for a login to fail. */
export type Status = 'ok' | 'warn' | 'fail';

/** What one check found, as data and in words. Never contains the token or a key. */
export interface Finding<Kind extends string = string> {
  /** The check's name, as the report prints it. */
  readonly check: string;
  readonly status: Status;
  /** How the program ends if this is the first failure; 0 unless `status` is `fail`. */
  readonly exitCode: ExitCode;
  /** Plain data for the report in JSON: the kind, and what its text is made from. */
  readonly facts: { readonly kind: Kind };
  readonly text: FindingText;
}

/** A finding in words. Only a headline where no action is needed. */
export interface FindingText {
  readonly headline: string;
  readonly cause?: string;
  /** Labels and values. */
  readonly known?: readonly (readonly [label: string, value: string])[];
  /** The parts of a finding that has several. */
  readonly details?: readonly Explanation[];
  /** Labels and values that a failure shows with `--debug` only; doctor always shows them. */
  readonly debug?: readonly (readonly [label: string, value: string])[];
  readonly causes?: readonly string[];
  readonly paste?: Paste;
  readonly remedies?: readonly string[];
  /** Further steps, which have lines to copy. */
  readonly steps?: readonly Paste[];
}

/** The texts of a check by kind of finding; each takes the facts of its kind. */
type FindingTexts = Readonly<Record<string, (facts: never) => FindingText>>;

/** Makes the findings of one check. The facts of a kind are those that its text takes. */
export interface Findings<Texts extends FindingTexts> {
  ok<Kind extends keyof Texts & string>(kind: Kind, ...facts: Parameters<Texts[Kind]>): Finding<Kind>;
  warn<Kind extends keyof Texts & string>(kind: Kind, ...facts: Parameters<Texts[Kind]>): Finding<Kind>;
  fail<Kind extends keyof Texts & string>(
    exitCode: Exclude<ExitCode, 0>,
    kind: Kind,
    ...facts: Parameters<Texts[Kind]>
  ): Finding<Kind>;
  /** For a failure that a login would end with, too. */
  failed(failure: FailureFacts): Finding<'failure'>;
}

/** Everything that a check can find. */
export type FindingOf<F> = F extends Findings<infer Texts> ? Finding<(keyof Texts & string) | 'failure'> : never;

/** Declares what a check can find: its name in the report, and a text for each kind of finding. */
export function makeFindings<Texts extends FindingTexts>(check: string, texts: Texts): Findings<Texts> {
  const found = <Kind extends keyof Texts & string>(
    status: Status,
    exitCode: ExitCode,
    kind: Kind,
    facts: readonly object[],
  ): Finding<Kind> => {
    // The signatures of ok, warn and fail pair kind and facts, which the compiler cannot follow through the look-up.
    const text = texts[kind] as (...facts: readonly object[]) => FindingText;
    return { check, status, exitCode, facts: { kind, ...facts[0] }, text: text(...facts) };
  };
  return {
    ok: (kind, ...facts) => found('ok', 0, kind, facts),
    warn: (kind, ...facts) => found('warn', 0, kind, facts),
    fail: (exitCode, kind, ...facts) => found('fail', exitCode, kind, facts),
    failed: (failure) => {
      const facts = { kind: 'failure', failure } as const;
      return { check, status: 'fail', exitCode: exitCodeOf(failure), facts, text: explanationOf(failure) };
    },
  };
}

/** Returns the facts of an expected failure; throws every other error again. */
export function failureIn(error: unknown): FailureFacts {
  if (error instanceof Failure) return error.facts;
  throw error;
}
