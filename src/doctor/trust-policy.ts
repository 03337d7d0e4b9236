import { splitArn } from '../aws/arn.ts';
import type { Explanation } from '../text/explanation.ts';
import { joinWords, printable, quote } from '../text/quote.ts';
import type { ConditionTrace, ConditionUnknown, WebIdentityLogin } from '../trust/condition-evaluation.ts';
import {
  type ActionDecision,
  type DecidingPart,
  evaluateTrustPolicy,
  type StatementTrace,
  type TrustDecision,
} from '../trust/evaluation.ts';
import type { TrustMistake } from '../trust/mistake.ts';
import { explainPolicyFault } from '../trust/policy-fault.ts';
import { parseTrustPolicy, policyTextOf } from '../trust/policy-parser.ts';
import { explainTrustMistake, trustMistakesOf } from '../trust/trust-mistakes.ts';
import type { PolicyFault } from '../trust/trust-policy.ts';
import { type FindingOf, type FindingText, makeFindings } from './finding.ts';

interface FaultyPolicyFacts {
  readonly source: string;
  /** Whether the text was URL-encoded: lines and columns are those of the decoded text. */
  readonly decoded: boolean;
  readonly faults: readonly PolicyFault[];
}

interface DecisionFacts extends FaultyPolicyFacts {
  readonly decision: TrustDecision;
  readonly mistakes: readonly TrustMistake[];
}

/** The check of a role's trust policy. */
export const trustPolicyFindings = makeFindings('trust-policy', {
  'policy-unjudged': ({ source }: { readonly source: string }) => ({
    headline: `There is no token to check ${quote(source)} against`,
    remedies: ['Outside a job, pass --aud https://NAME.semaphoreci.com and --sub SUBJECT.'],
  }),
  'policy-faulty': ({ source, decoded, faults }: FaultyPolicyFacts) => ({
    headline: `${quote(source)} is not a valid trust policy`,
    ...decodedNote(decoded),
    details: faults.map(explainPolicyFault),
  }),
  'policy-decision': (facts: DecisionFacts) => decisionText(facts),
});

/**
 * Evaluates a trust policy, or an answer of `aws iam get-role`, for a login. `source` is the user's name for the text. Without
 * a role in `login`, the role is the one in the answer of `get-role`.
 */
export function checkTrustPolicy(
  raw: string,
  source: string,
  login: WebIdentityLogin,
): FindingOf<typeof trustPolicyFindings> {
  const { text, roleArn, decoded } = policyTextOf(raw);
  const { policy, faults } = parseTrustPolicy(text);
  if (policy === undefined) return trustPolicyFindings.fail(5, 'policy-faulty', { source, decoded, faults });
  const role = login.role ?? roleOf(roleArn);
  const request = role === undefined ? login : { ...login, role };
  const decision = evaluateTrustPolicy(policy, request);
  const mistakes = trustMistakesOf(policy, request);
  const facts = { source, decoded, faults, decision, mistakes };
  if (faults.length > 0 || decision.outcome === 'refused') return trustPolicyFindings.fail(5, 'policy-decision', facts);
  if (decision.outcome === 'unknown' || mistakes.length > 0) return trustPolicyFindings.warn('policy-decision', facts);
  return trustPolicyFindings.ok('policy-decision', facts);
}

function roleOf(arn: string | undefined): WebIdentityLogin['role'] {
  const parts = arn === undefined ? undefined : splitArn(arn);
  return parts?.partition && parts.account ? { partition: parts.partition, account: parts.account } : undefined;
}

function decisionText({ source, decoded, faults, decision, mistakes }: DecisionFacts): FindingText {
  return {
    headline:
      faults.length === 0
        ? `The trust policy ${verdictText(decision)} (${quote(source)})`
        : `${quote(source)} has trailing commas, which IAM rejects; without them it ${verdictText(decision)}`,
    ...decodedNote(decoded),
    details: [
      ...faults.map(explainPolicyFault),
      ...decision.actions.flatMap((action) => partsText(action, decision.statements)),
      ...mistakes.map((mistake, i) => mistakeText(mistake, mistakes[i + 1])),
    ],
  };
}

function verdictText(decision: TrustDecision): string {
  const refused = decision.actions.filter((action) => action.outcome === 'refused');
  switch (decision.outcome) {
    case 'allowed':
      return 'allows this job';
    case 'unknown':
      return 'has conditions that only AWS can evaluate';
    case 'refused':
      return refused.every((action) => action.action === 'sts:TagSession')
        ? 'denies this job: its token has tags, and no statement allows sts:TagSession'
        : 'denies this job';
  }
}

/** If several mistakes share one corrected line, only the last one shows it. */
function mistakeText(mistake: TrustMistake, next: TrustMistake | undefined): Explanation {
  const text = explainTrustMistake(mistake);
  const together = next !== undefined && next.found === mistake.found && next.corrected === mistake.corrected;
  return together ? { headline: text.headline, cause: text.cause, remedies: [] } : text;
}

function decodedNote(decoded: boolean): { cause?: string } {
  return decoded ? { cause: 'Lines and columns are those of the decoded policy.' } : {};
}

function partsText(decision: ActionDecision, statements: readonly StatementTrace[]): Explanation[] {
  if (decision.outcome === 'allowed') return [];
  if (decision.deciding.length === 0)
    return [
      {
        headline: `No statement allows ${decision.action}`,
        cause: 'The policy has no statement with Allow.',
        remedies: [],
      },
    ];
  return decision.deciding.flatMap((part) => {
    const statement = statements.find(({ index }) => index === part.statement);
    return statement === undefined ? [] : [partText(part, statement, decision)];
  });
}

function partText(part: DecidingPart, statement: StatementTrace, decision: ActionDecision): Explanation {
  const where = (line: number) => `statement ${statement.index + 1}, line ${line}`;
  switch (part.part) {
    case 'statement':
      return {
        headline: `An explicit Deny applies (${where(statement.at.line)})`,
        cause: 'The whole statement matches this job, and a Deny takes precedence over every Allow.',
        remedies: ['Add a condition to the statement that does not match this job.'],
      };
    case 'principal':
      return {
        headline: `The principal ${verdict(decision)} (${where(statement.principal.at.line)})`,
        cause: '',
        known: [
          ['expected', printable(joinWords(statement.principal.wants), 400)],
          ['actual', printable(statement.principal.has ?? 'unknown', 400)],
        ],
        remedies: [],
      };
    case 'action':
      return {
        headline: `The action ${verdict(decision)} (${where(statement.actionAt.line)})`,
        cause: `The statement does not include ${decision.action}.`,
        remedies: [],
      };
    case 'condition': {
      const condition = statement.conditions[part.condition];
      return condition === undefined ? nothing : conditionText(condition, where(condition.at.line), decision);
    }
  }
}

const nothing: Explanation = { headline: '', cause: '', remedies: [] };

function conditionText(condition: ConditionTrace, where: string, decision: ActionDecision): Explanation {
  const { operator, key, wants, has, why } = condition;
  return {
    headline: `${printable(operator)} on ${printable(key)} ${verdict(decision)} (${where})`,
    cause: why === undefined ? '' : unknownText[why],
    known: [
      ['expected', wants.map((want) => printable(JSON.stringify(want), 400)).join(' or ')],
      ['actual', hasText(has)],
    ],
    remedies: [],
  };
}

function verdict(decision: ActionDecision): string {
  if (decision.outcome === 'unknown') return 'cannot be evaluated here';
  return 'does not match';
}

function hasText(has: ConditionTrace['has']): string {
  switch (has.state) {
    case 'present':
      return has.values.map((value) => printable(JSON.stringify(value), 400)).join(' and ');
    case 'absent':
      return 'nothing: the request does not have this key';
    case 'unknown':
      return `unknown: ${unknownText[has.why]}`;
  }
}

const unknownText: Readonly<Record<ConditionUnknown, string>> = {
  'only-aws-knows': 'Only AWS knows the value of this key.',
  'undocumented-claim': 'AWS documents no condition key for this claim.',
  'not-given': 'It needs a value that was not given.',
  ambiguous: 'The token has several values for it.',
  'unsupported-operator': 'Only AWS evaluates this operator.',
  'policy-variable': 'It has a policy variable, which only AWS can resolve.',
  'list-without-set-operator': 'The key has a list of values. AWS does not document the result without ForAnyValue.',
  undocumented: 'AWS does not document the result of this combination.',
};
