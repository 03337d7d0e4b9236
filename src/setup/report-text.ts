import type { SetupFormat } from '../cli/setup-options.ts';
import { explanationLines } from '../text/explanation.ts';
import { printable } from '../text/quote.ts';
import { quoteForBash } from '../text/shell-words.ts';
import type { Outcome, TrustDecision } from '../trust/evaluation.ts';
import type { TrustMistake } from '../trust/mistake.ts';
import { explainTrustMistake } from '../trust/mistake-text.ts';
import type { DifferenceLine } from './comparison.ts';
import { roleArnOf, type SetupPlan } from './plan.ts';
import type { Trial } from './test-cases.ts';

/** What was written, who gets in by it, and what to do next; the last line is the login for the pipeline. */
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
    `  next     ${nextText[format](out === undefined ? 'FILE' : quoteForBash(printable(out)), plan)}`,
    ...(jobs.repository === undefined
      ? ["  note     the project's repository was not named, so any that it has fits (--repo NAME)"]
      : []),
    ...(policyLength > longestPolicy
      ? [
          `  note     the trust policy has ${policyLength} characters: above ${longestPolicy} the account needs a higher quota`,
        ]
      : []),
    ...(account === undefined ? ["  note     ACCOUNT_ID stands for the account's number (--account-id)"] : []),
    'Then log in, in the prologue of the pipeline:',
    `  source "$(sem-aws-login --role-arn ${roleArnOf(plan)} --region ${region ?? 'REGION'})"`,
  ];
}

/** Characters of a role's trust policy without a higher quota, blanks not counted. */
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const longestPolicy = 2048;

/** Who is let in, a line each. */
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

const nextText: Readonly<Record<SetupFormat, (file: string, plan: SetupPlan) => string>> = {
  cloudformation: (file, { roleName }) =>
    `aws cloudformation deploy --capabilities CAPABILITY_NAMED_IAM --stack-name ${stackNameOf(roleName)} --template-file ${file}`,
  terraform: () => 'terraform apply',
  'aws-cli': (file) => `sh ${file}`,
  json: () => 'the members are the calls of IAM by name; the trust policy can be pasted into the console',
};

// A stack's name begins with a letter, and has letters, digits and dashes only.
function stackNameOf(roleName: string): string {
  const name = roleName.replace(/[^A-Za-z0-9-]+/g, '-');
  return /^[A-Za-z]/.test(name) ? name : `role-${name}`;
}

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
  if (difference.every(({ side }) => side === 'both')) return [`${printable(source)} is the role that setup writes.`];
  return [
    `--- ${printable(source)}`,
    '+++ what setup writes',
    ...difference.map(({ side, text }) => `${mark[side]}${printable(text, 2000)}`),
  ];
}

const mark: Readonly<Record<DifferenceLine['side'], string>> = { both: ' ', first: '-', second: '+' };

function trialLines({ job, wanted, standing }: Trial): string[] {
  const { outcome } = standing;
  const verdict = outcome === wanted ? 'ok  ' : outcome === 'unknown' ? '?   ' : 'FAIL';
  const line = `  ${verdict} ${printable(job.name)}: ${outcomeText[outcome]}`;
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
  return [...new Set(texts)].map((text) => printable(text, 400));
}
