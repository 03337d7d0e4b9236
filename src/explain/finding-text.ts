import type { FactsOfFinding, FindingFacts } from '../doctor/finding-facts.ts';
import type { Explanation, Paste } from './explanation.ts';

/** A finding in words. Only a headline where all is well. */
export interface FindingText {
  readonly headline: string;
  readonly cause?: string;
  /** Labels and values. */
  readonly known?: readonly (readonly [label: string, value: string])[];
  /** What the finding is made of, where that is several things. */
  readonly details?: readonly Explanation[];
  readonly paste?: Paste;
  readonly remedies?: readonly string[];
}

/** The words for some kinds of findings; the catalogue proves that none is missing. */
export type FindingTextsOf<K extends FindingFacts['kind']> = {
  readonly [Kind in K]: (facts: FactsOfFinding<Kind>) => FindingText;
};
