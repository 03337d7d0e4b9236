import { explanationOf } from '../explain/catalogue.ts';
import { type ExitCode, exitCodeOf, Failure, type FailureFacts } from '../failure.ts';
import type { Explanation, Paste } from '../text/explanation.ts';

/** `warn`: should be checked, but does not make a login fail. */
export type Status = 'ok' | 'warn' | 'fail';

/** A result of a check, as data and in words. Never contains the token or a key. */
export interface Finding<Kind extends string = string> {
  /** The name of the check, as the report prints it. */
  readonly check: string;
  readonly status: Status;
  /** The program's exit code if this is the first failure; 0 unless `status` is `fail`. */
  readonly exitCode: ExitCode;
  /** Data for the report in JSON: the kind, and the values in its text. */
  readonly facts: { readonly kind: Kind };
  readonly text: FindingText;
}

/** A finding in words. */
export interface FindingText {
  readonly headline: string;
  readonly cause?: string;
  /** Labels and values. */
  readonly known?: readonly (readonly [label: string, value: string])[];
  /** The parts of a finding that has several. */
  readonly details?: readonly Explanation[];
  /** More parts, which the report for people shows with `--verbose` only. */
  readonly verboseDetails?: readonly Explanation[];
  /** Labels and values that a failure shows with `--debug` only, and doctor with `--verbose`. */
  readonly debug?: readonly (readonly [label: string, value: string])[];
  readonly causes?: readonly string[];
  readonly paste?: Paste;
  readonly remedies?: readonly string[];
  /** Further steps, with lines to copy. */
  readonly steps?: readonly Paste[];
}

/** The texts of a check by kind of finding. Each function takes the facts of its kind. */
type FindingTexts = Readonly<Record<string, (facts: never) => FindingText>>;

/** Makes the findings of one check. The facts of a kind are the parameter of its text. */
export interface Findings<Texts extends FindingTexts> {
  ok<Kind extends keyof Texts & string>(kind: Kind, ...facts: Parameters<Texts[Kind]>): Finding<Kind>;
  warn<Kind extends keyof Texts & string>(kind: Kind, ...facts: Parameters<Texts[Kind]>): Finding<Kind>;
  fail<Kind extends keyof Texts & string>(
    exitCode: Exclude<ExitCode, 0>,
    kind: Kind,
    ...facts: Parameters<Texts[Kind]>
  ): Finding<Kind>;
  /** Makes a finding of a failure that would also end a login. */
  failed(failure: FailureFacts): Finding<'failure'>;
}

/** Any finding of a check. */
export type FindingOf<F> = F extends Findings<infer Texts> ? Finding<(keyof Texts & string) | 'failure'> : never;

/** Declares the findings of a check: its name in the report, and a text for each kind. */
export function makeFindings<Texts extends FindingTexts>(check: string, texts: Texts): Findings<Texts> {
  const found = <Kind extends keyof Texts & string>(
    status: Status,
    exitCode: ExitCode,
    kind: Kind,
    facts: readonly object[],
  ): Finding<Kind> => {
    // The signatures of ok, warn and fail pair kind and facts; the look-up loses that.
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

/** Returns the facts of an expected failure. Throws any other error again. */
export function failureIn(error: unknown): FailureFacts {
  if (error instanceof Failure) return error.facts;
  throw error;
}
