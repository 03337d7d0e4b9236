import type { ExitCode, FactsOf, FailureFacts } from '../failure.ts';
import type { Explanation } from '../text/explanation.ts';

/** How one kind of failure ends the program and is told. */
export interface CatalogueEntry<K extends FailureFacts['kind']> {
  readonly exitCode: ExitCode;
  readonly explain: (facts: FactsOf<K>) => Explanation;
}

/** Entries for some kinds; the catalogue proves that none is missing. */
export type CatalogueOf<K extends FailureFacts['kind']> = { readonly [Kind in K]: CatalogueEntry<Kind> };
