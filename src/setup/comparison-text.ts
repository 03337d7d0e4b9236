import { explanationLines } from '../text/explanation.ts';
import { printable } from '../text/quote.ts';
import type { Outcome, TrustDecision } from '../trust/evaluation.ts';
import { explainTrustMistake } from '../trust/trust-mistakes.ts';
import { checkCommandOf } from './check-command.ts';
import type { ComparedPart, Comparison } from './comparison.ts';
import type { DifferenceLine } from './difference.ts';
import type { ExistingSetup } from './existing.ts';
import { providerArnOf, type SetupPlan } from './plan.ts';
import type { TestCase } from './test-cases.ts';

/**
 * Returns what was compared and what was not, the difference of the trust policies (`-` exists, `+` is what setup writes), the
 * test cases, known mistakes, and the commands that get what was not given.
 */
export function comparisonLines(plan: SetupPlan, existing: ExistingSetup, comparison: Comparison): string[] {
  const { policyDifference, isSamePolicy, parts, testCases, mistakes } = comparison;
  return [
    'Compared with what setup writes:',
    isSamePolicy ? row('ok', 'trust policy') : row('FAIL', 'trust policy: differs, see below'),
    ...parts.map(partLine),
    row('-', 'path, tags, inline policies and permissions boundary of the role: never compared'),
    row('-', 'other audiences of the provider: never compared'),
    ...(isSamePolicy ? [] : ['', ...differenceLines(existing.roleSource, policyDifference)]),
    '',
    'Jobs, by the existing trust policy:',
    ...testCases.flatMap(testCaseLines),
    ...mistakes.flatMap((mistake) => ['', ...explanationLines(explainTrustMistake(mistake))]),
    ...remainderLines(plan, existing, comparison),
  ];
}

function row(verdict: 'ok' | 'FAIL' | '?' | '-', text: string): string {
  return `  ${verdict.padEnd(4)} ${text}`;
}

function partLine({ name, result, existing, wanted }: ComparedPart): string {
  switch (result) {
    case 'same':
      return row('ok', `${name}: ${valuesText(wanted)}`);
    case 'differs':
      return row('FAIL', `${name}: ${valuesText(existing)}, but setup writes ${valuesText(wanted)}`);
    case 'not-given':
      return row('-', `${name}: not compared, not in the given files`);
    case 'not-requested':
      return row(
        '-',
        `${name}: not compared, not set by an option${existing ? ` (existing: ${valuesText(existing)})` : ''}`,
      );
  }
}

function valuesText(values: readonly string[] | undefined): string {
  return values === undefined || values.length === 0 ? 'none' : values.map((one) => printable(one)).join(', ');
}

/** The commands that get the missing parts, and the check with all of them; none if all were given. */
function remainderLines(plan: SetupPlan, existing: ExistingSetup, { account, parts }: Comparison): string[] {
  if (parts.every(({ result }) => result !== 'not-given')) return [];
  const { role, paths } = existing;
  const roleName = role.arn?.name ?? plan.roleName;
  const provider = providerArnOf({ ...plan, partition: role.arn?.partition ?? plan.partition }, account);
  const outputs = [
    // A file with the policy alone lacks the rest of the role.
    { path: role.arn && paths.role, file: 'role.json', command: `get-role --role-name ${roleName}` },
    {
      path: paths.policies,
      file: 'policies.json',
      command: `list-attached-role-policies --role-name ${roleName}`,
    },
    {
      path: paths.provider,
      file: 'provider.json',
      command: `get-open-id-connect-provider --open-id-connect-provider-arn ${provider}`,
    },
  ];
  return [
    '',
    'To compare everything:',
    ...outputs
      .filter(({ path }) => path === undefined)
      .map(({ command, file }) => `  aws iam ${command} --output json > ${file}`),
    `  ${checkCommandOf(
      plan,
      outputs.map(({ path, file }) => path ?? file),
    )}`,
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
  const line = `${printable(job.name)}: ${outcomeText[outcome]}`;
  if (outcome === wanted) return [row('ok', line)];
  const should = wanted === 'allowed' ? 'but should be allowed' : 'but should be denied';
  return [
    row(outcome === 'unknown' ? '?' : 'FAIL', `${line}, ${should}`),
    ...decidingTexts(existing).map((text) => `         ${text}`),
  ];
}

const outcomeText: Readonly<Record<Outcome, string>> = {
  allowed: 'allowed',
  refused: 'denied',
  unknown: 'depends on facts that only AWS knows',
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
    return `by ${name}: ${condition?.operator} ${condition?.key} requires ${wants}`;
  });
  return [...new Set(texts)].map((text) => printable(text, 400));
}
