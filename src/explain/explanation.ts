import type { ExitCode, FactsOf, FailureFacts } from '../failure.ts';

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

/** How one kind of failure ends the program and is told. */
export interface CatalogueEntry<K extends FailureFacts['kind']> {
  readonly exitCode: ExitCode;
  readonly explain: (facts: FactsOf<K>) => Explanation;
}

/** Entries for some kinds; the catalogue proves that none is missing. */
export type CatalogueOf<K extends FailureFacts['kind']> = { readonly [Kind in K]: CatalogueEntry<Kind> };
