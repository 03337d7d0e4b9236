import { longestTrustPolicy } from '../aws/limits.ts';
import type { SetupFormat } from '../cli/setup-options.ts';
import { explanationLines } from '../text/explanation.ts';
import { printable } from '../text/quote.ts';
import { quoteForBash } from '../text/shell-words.ts';
import type { Outcome, TrustDecision } from '../trust/evaluation.ts';
import { explainTrustMistake } from '../trust/trust-mistakes.ts';
import type { Comparison, DifferenceLine } from './comparison.ts';
import { formats } from './formats.ts';
import { roleArnOf, type SetupPlan } from './plan.ts';
import type { TestCase } from './test-cases.ts';

/** Says what was written, who can log in and what to do next. The last line is the login for the pipeline. */
export function setupReportLines(
  plan: SetupPlan,
  format: SetupFormat,
  out: string | undefined,
  policyLength: number,
): string[] {
  const where = out === undefined ? 'standard output' : printable(out);
  const { account, region, policies, roleName, jobs } = plan;
  return [
    `sem-aws-login: wrote ${plan.existingProvider ? '' : 'the identity provider and '}the role ${roleName} to ${where}`,
    ...trustedTexts(plan).map((text, index) => `  ${index === 0 ? 'lets in ' : '        '} ${text}`),
    `  may do   ${policies.length === 0 ? 'nothing yet: attach the policies that its jobs need' : policies.map((policy) => policy.text).join(', ')}`,
    `  next     ${formats[format].nextStep(out === undefined ? 'FILE' : quoteForBash(printable(out)), plan)}`,
    ...(jobs.repository === undefined
      ? ["  note     the project's repository was not named, so any that it has fits (--repo NAME)"]
      : []),
    ...(policyLength > longestTrustPolicy
      ? [
          `  note     the trust policy has ${policyLength} characters: above ${longestTrustPolicy} the account needs a higher quota`,
        ]
      : []),
    ...(account === undefined ? ["  note     ACCOUNT_ID stands for the account's number (--account-id)"] : []),
    'Then log in, in the prologue of the pipeline:',
    `  source "$(sem-aws-login --role-arn ${roleArnOf(plan)} --region ${region ?? 'REGION'})"`,
  ];
}

function trustedTexts({ jobs }: SetupPlan): string[] {
  const { issuer, projectId, references, pullRequests } = jobs;
  return [
    ...references.map(({ kind, name, pattern }) =>
      pattern ? `${kind === 'branch' ? 'branches' : 'tags'} like ${printable(name)}` : `${kind} ${printable(name)}`,
    ),
    ...(pullRequests ? ["every pull request, forks' included"] : []),
    `of project ${projectId} of ${issuer.host}, and nobody else`,
  ];
}

/** Returns the difference (`-` exists, `+` is what setup writes), then the test cases, then known mistakes. */
export function comparisonLines(source: string, { difference, isSame, testCases, mistakes }: Comparison): string[] {
  return [
    ...(isSame ? [`${printable(source)} is the role that setup writes.`] : differenceLines(source, difference)),
    '',
    'Who gets in by the role that stands:',
    ...testCases.flatMap(testCaseLines),
    ...mistakes.flatMap((mistake) => ['', ...explanationLines(explainTrustMistake(mistake))]),
  ];
}

function differenceLines(source: string, difference: readonly DifferenceLine[]): string[] {
  return [
    `--- ${printable(source)}`,
    '+++ what setup writes',
    ...difference.map(({ side, text }) => `${mark[side]}${printable(text, 2000)}`),
  ];
}

const mark: Readonly<Record<DifferenceLine['side'], string>> = { both: ' ', first: '-', second: '+' };

function testCaseLines({ job, wanted, existing }: TestCase): string[] {
  const { outcome } = existing;
  const verdict = outcome === wanted ? 'ok  ' : outcome === 'unknown' ? '?   ' : 'FAIL';
  const line = `  ${verdict} ${printable(job.name)}: ${outcomeText[outcome]}`;
  if (outcome === wanted) return [line];
  const should = wanted === 'allowed' ? 'but should be let in' : 'but should be refused';
  return [`${line}, ${should}`, ...decidingTexts(existing).map((text) => `         ${text}`)];
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
  return [...new Set(texts)].map((text) => printable(text, 400));
}
