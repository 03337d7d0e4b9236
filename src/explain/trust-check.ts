import type { DifferenceLine } from '../setup/difference.ts';
import type { Trial } from '../setup/trials.ts';
import type { Outcome, TrustDecision } from '../trust/evaluation.ts';
import type { TrustMistake } from '../trust/mistake.ts';
import { explanationLines } from './layout.ts';
import { readable } from './quote.ts';
import { explainTrustMistake } from './trust-mistakes.ts';

/** A role that stands, beside the one that would be written. */
export interface TrustCheck {
  readonly source: string;
  readonly difference: readonly DifferenceLine[];
  readonly trials: readonly Trial[];
  readonly mistakes: readonly TrustMistake[];
}

/** The difference (`-` stands, `+` would be written), then who gets in, then what is usually wrong. */
export function trustCheckLines({ source, difference, trials, mistakes }: TrustCheck): string[] {
  return [
    ...differenceLines(source, difference),
    '',
    'Who gets in by the role that stands:',
    ...trials.flatMap(trialLines),
    ...mistakes.flatMap((mistake) => ['', ...explanationLines(explainTrustMistake(mistake))]),
  ];
}

function differenceLines(source: string, difference: readonly DifferenceLine[]): string[] {
  if (difference.every(({ side }) => side === 'both')) return [`${readable(source)} is the role that setup writes.`];
  return [
    `--- ${readable(source)}`,
    '+++ what setup writes',
    ...difference.map(({ side, text }) => `${mark[side]}${readable(text, 2000)}`),
  ];
}

const mark: Readonly<Record<DifferenceLine['side'], string>> = { both: ' ', first: '-', second: '+' };

function trialLines({ job, wanted, standing }: Trial): string[] {
  const { outcome } = standing;
  const verdict = outcome === wanted ? 'ok  ' : outcome === 'unknown' ? '?   ' : 'FAIL';
  const line = `  ${verdict} ${readable(job.name)}: ${outcomeText[outcome]}`;
  if (outcome === wanted) return [line];
  const should = wanted === 'allowed' ? 'but should be let in' : 'but should be refused';
  return [`${line}, ${should}`, ...decidingTexts(standing).map((text) => `         ${text}`)];
}

const outcomeText: Readonly<Record<Outcome, string>> = {
  allowed: 'let in',
  refused: 'refused',
  unknown: 'only AWS can tell',
};

function decidingTexts({ actions, statements, outcome }: TrustDecision): string[] {
  const parts = actions.filter((action) => action.outcome === outcome).flatMap(({ deciding }) => deciding);
  const texts = parts.map((part) => {
    const statement = statements[part.statement];
    const name = statement?.sid === undefined ? `statement ${part.statement + 1}` : `statement "${statement.sid}"`;
    if (part.part === 'statement') return `by ${name}, which applies`;
    if (part.part !== 'condition') return `by the ${part.part} of ${name}`;
    const condition = statement?.conditions[part.condition];
    const wants = condition?.wants.join(' or ') ?? '';
    return `by ${name}: ${condition?.operator} ${condition?.key} wants ${wants}`;
  });
  return [...new Set(texts)].map((text) => readable(text, 400));
}
