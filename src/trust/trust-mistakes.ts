import type { TokenClaims } from '../semaphore/claims.ts';
import {
  makeRef,
  makeSubject,
  mergeCommitRef,
  parseSubject,
  pullRequestType,
  type Subject,
} from '../semaphore/subject.ts';
import type { Explanation } from '../text/explanation.ts';
import { printable } from '../text/quote.ts';
import { issuerHostOf, type WebIdentityLogin } from './condition-evaluation.ts';
import { conditionMistakes, conditionMistakesOf, testsSubject, textsOf } from './condition-mistakes.ts';
import { actionMatches, evaluateTrustPolicy } from './evaluation.ts';
import { type MistakeKind, type MistakeText, memberText, type TrustMistake } from './mistake.ts';
import { actionMistakesOf, principalMistakesOf, statementMistakes, statementsMeantFor } from './statement-mistakes.ts';
import type { Statement, TrustPolicy } from './trust-policy.ts';
import { valueMistakes } from './value-mistakes.ts';

const opennessMistakes = {
  'no-subject-condition': {
    headline: 'Every project of the organization is let in',
    cause: 'No condition tests the subject, so any job of any project and branch may take this role.',
    remedy: "Add this to the statement's Condition:",
  },
  'forks-let-in': {
    headline: 'Pull requests from forks are let in',
    cause:
      'They get a token too, and nothing in it tells a fork from the repository itself: whoever opens one runs code with this role. Its tag "branch" is the branch it goes to.',
    remedy: 'Unless that is meant, let in branches only:',
  },
} satisfies Partial<Record<MistakeKind, MistakeText>>;

/**
 * Finds the usual mistakes of a policy, given a job's token, in the policy's order. Ignores
 * statements for other providers, unless all are. Finds nothing without an issuer. Never throws.
 */
export function trustMistakesOf(policy: TrustPolicy, login: WebIdentityLogin): readonly TrustMistake[] {
  const meant = statementsMeantFor(policy.statements, login);
  if (meant.length === 0) {
    const allows = policy.statements.filter((statement) => statement.effect === 'Allow');
    return allows.flatMap((statement) => principalMistakesOf(statement, login));
  }
  const allows = meant.filter((statement) => statement.effect === 'Allow');
  const mistakes = [
    ...allows.flatMap((statement) => principalMistakesOf(statement, login)),
    ...actionMistakesOf(meant, login),
    ...meant.flatMap((statement) => conditionMistakesOf(statement, login)),
    ...opennessMistakesOf(policy, meant, login),
  ];
  return mistakes.toSorted((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
}

function opennessMistakesOf(policy: TrustPolicy, meant: readonly Statement[], login: WebIdentityLogin): TrustMistake[] {
  const host = issuerHostOf(login.claims);
  if (host === undefined) return [];
  const unbound = meant.filter((statement) => isUnbound(statement, host));
  const unboundMistakes = unbound.map((statement) => unboundMistake(statement, login, host));
  const subject = parseSubject(login.claims.sub ?? '');
  if (subject === undefined) return unboundMistakes;
  const open = statementsOpenToForks(policy, login, subject);
  const openToForks = meant.filter((one) => open.includes(one.index) && !unbound.includes(one));
  return [...unboundMistakes, ...openToForks.map((statement) => forkMistake(statement, subject, host))];
}

// Without a condition on the subject or a session tag, all projects are allowed.
function isUnbound({ effect, action, conditions }: Statement, host: string): boolean {
  if (effect !== 'Allow' || actionMatches(action, 'sts:AssumeRoleWithWebIdentity') === 'no') return false;
  const binding = conditions.filter(
    ({ operator }) => !operator.negated && !['null', 'bool', 'unsupported'].includes(operator.comparison),
  );
  return !binding.some((one) => testsSubject(one, host) || one.key.toLowerCase().startsWith('aws:requesttag/'));
}

function unboundMistake({ at }: Statement, { claims }: WebIdentityLogin, host: string): TrustMistake {
  const corrected = claims.sub === undefined ? undefined : memberText('StringEquals', { [`${host}:sub`]: claims.sub });
  return { kind: 'no-subject-condition', at, found: '', corrected };
}

// A token does not show forks, so a policy that allows pull requests allows forks' too. Evaluate
// the policy for a fork's token, made from this job's own.
function statementsOpenToForks(policy: TrustPolicy, login: WebIdentityLogin, subject: Subject): number[] {
  const open = [mergeCommitRef, 'refs/pull/1/merge'].flatMap((ref) => {
    const sub = makeSubject({ ...subject, refType: pullRequestType, ref });
    return baseBranchesIn(policy).flatMap((branch) => {
      const decision = evaluateTrustPolicy(policy, { ...login, claims: pullRequestClaims(login.claims, sub, branch) });
      const [first] = decision.actions.filter(() => decision.outcome === 'allowed');
      return first === undefined ? [] : first.deciding.map((part) => part.statement);
    });
  });
  return [...new Set(open)];
}

// A pull request's tag `branch` is its target, which anyone can choose: try every value.
function baseBranchesIn(policy: TrustPolicy): string[] {
  const conditions = policy.statements.flatMap((statement) => statement.conditions);
  return [...conditions.flatMap(({ values }) => values.map((value) => value.text)), 'some-branch'];
}

function pullRequestClaims(claims: TokenClaims, sub: string, branch: string): TokenClaims {
  if (claims.tags === undefined) return { ...claims, sub };
  const tags = { ...claims.tags, branch: [branch], ref_type: [pullRequestType], pr_branch: ['patch-1'] };
  return { ...claims, sub, tags };
}

function forkMistake(statement: Statement, job: Subject, host: string): TrustMistake {
  const subject = statement.conditions.find((condition) => testsSubject(condition, host));
  const mistake = { kind: 'forks-let-in' } as const;
  if (subject === undefined) {
    const corrected = memberText('StringEquals', { 'aws:RequestTag/ref_type': 'branch' });
    return { ...mistake, at: statement.at, found: '', corrected };
  }
  const branches = makeSubject({ ...job, ...makeRef('branch', '*') });
  const found = memberText(subject.operator.name, { [subject.key]: textsOf(subject, subject.values) });
  return { ...mistake, at: subject.at, found, corrected: memberText('StringLike', { [`${host}:sub`]: branches }) };
}

const mistakeTexts: Readonly<Record<MistakeKind, MistakeText>> = {
  ...statementMistakes,
  ...conditionMistakes,
  ...valueMistakes,
  ...opennessMistakes,
};

/** Explains a mistake, with the corrected line to copy. */
export function explainTrustMistake({ kind, at, found, corrected }: TrustMistake): Explanation {
  const { headline, cause, remedy = 'Put this in its place:' } = mistakeTexts[kind];
  return {
    headline: `${headline} (line ${at.line})`,
    cause,
    ...(found !== '' && { known: [['found', printable(found, 400)] as const] }),
    ...(corrected === undefined
      ? { remedies: ["Take the right value from a job's own token: sem-aws-login doctor"] }
      : { remedies: [], paste: { intro: remedy, lines: [printable(corrected, 2000)] } }),
  };
}
