import { Failure } from '../failure.ts';
import { recordOf } from '../text/json.ts';
import type { TrustMistake } from '../trust/mistake.ts';
import { parseTrustPolicy } from '../trust/policy-parser.ts';
import { trustMistakesOf } from '../trust/trust-mistakes.ts';
import { type DifferenceLine, differenceOf } from './difference.ts';
import type { ExistingRole, ExistingSetup } from './existing.ts';
import { providerArnOf, type SetupPlan } from './plan.ts';
import { evaluateTestCases, type TestCase, testJobsFor } from './test-cases.ts';
import { makeTrustDocument } from './trust-document.ts';

/** A part of the setup, beside the trust policy. */
export type ComparedName =
  | 'role name'
  | 'maximum session duration'
  | 'attached policies'
  | 'provider URL'
  | 'provider audience'
  | 'provider thumbprints';

/** A part that was compared, or not. */
export interface ComparedPart {
  readonly name: ComparedName;
  readonly result: 'same' | 'differs' | 'not-given' | 'not-requested';
  /** Empty for a list without members. Undefined if no file describes it. */
  readonly existing: readonly string[] | undefined;
  /** Undefined if setup does not write it. */
  readonly wanted: readonly string[] | undefined;
}

/** How an existing setup differs from the one that setup writes. */
export interface Comparison {
  /** The trust policies; `first` is the existing one. */
  readonly policyDifference: readonly DifferenceLine[];
  readonly isSamePolicy: boolean;
  readonly parts: readonly ComparedPart[];
  readonly testCases: readonly TestCase[];
  /** The number of test cases that the existing role decides wrongly. */
  readonly misjudged: number;
  readonly mistakes: readonly TrustMistake[];
  readonly account: string;
}

/**
 * Compares a plan with an existing setup: the trust policies line by line and by test cases, and the other parts by their
 * values. Throws `value-invalid` for a role of another account, and `setup-incomplete` if the account is unknown.
 */
export function compareSetup(plan: SetupPlan, existing: ExistingSetup): Comparison {
  const { role: existingRole } = existing;
  const role = accountOf(plan, existingRole);
  const document = makeTrustDocument(plan.jobs, providerArnOf({ ...plan, partition: role.partition }, role.account));
  const policyDifference = differenceOf(policyLinesOf(existingRole.document), policyLinesOf(document));
  const wanted = parseTrustPolicy(JSON.stringify(document)).policy;
  if (wanted === undefined) throw new Error('the trust policy of the plan cannot be parsed');
  const jobs = testJobsFor(plan.jobs);
  const testCases = evaluateTestCases(jobs, wanted, existingRole.policy, role);
  const first = jobs[0];
  return {
    policyDifference,
    isSamePolicy: policyDifference.every(({ side }) => side === 'both'),
    parts: partsOf(plan, existing),
    testCases,
    misjudged: testCases.filter((one) => one.existing.outcome !== one.wanted).length,
    mistakes: first === undefined ? [] : mistakesIn(plan, existingRole, { claims: first.claims, role }),
    account: role.account,
  };
}

/** Returns the names of the parts that differ. */
export function differencesIn({ isSamePolicy, parts }: Comparison): string[] {
  const others = parts.filter(({ result }) => result === 'differs').map(({ name }) => name);
  return [...(isSamePolicy ? [] : ['trust policy']), ...others];
}

function partsOf(plan: SetupPlan, { role, policies, provider }: ExistingSetup): ComparedPart[] {
  const { arn, maxSessionDuration } = role;
  const { jobs, existingProvider, thumbprints } = plan;
  return [
    compared(
      'role name',
      arn && [arn.name],
      plan.requestedRoleName === undefined ? undefined : [plan.requestedRoleName],
    ),
    compared('maximum session duration', maxSessionDuration === undefined ? undefined : [`${maxSessionDuration} s`], [
      `${plan.maxSessionDuration ?? defaultMaxSession} s`,
    ]),
    compared(
      'attached policies',
      policies,
      plan.policies.map(({ text }) => text),
    ),
    compared('provider URL', provider && [provider.host], [jobs.issuer.host]),
    // Other audiences belong to others: setup adds its own and removes none.
    compared('provider audience', provider && onlyIf(provider.audiences, jobs.audience), [jobs.audience]),
    compared(
      'provider thumbprints',
      provider?.thumbprints.map((text) => text.toLowerCase()),
      existingProvider || thumbprints.length === 0 ? undefined : thumbprints,
    ),
  ];
}

/** Seconds. IAM's own, if setup writes none. */
const defaultMaxSession = 3600;

function onlyIf(audiences: readonly string[], audience: string): readonly string[] {
  return audiences.includes(audience) ? [audience] : audiences;
}

function compared(
  name: ComparedName,
  existing: readonly string[] | undefined,
  wanted: readonly string[] | undefined,
): ComparedPart {
  if (wanted === undefined) return { name, result: 'not-requested', existing, wanted };
  if (existing === undefined) return { name, result: 'not-given', existing, wanted };
  const isSame = isEqualSet(existing, wanted);
  return { name, result: isSame ? 'same' : 'differs', existing, wanted };
}

function isEqualSet(one: readonly string[], other: readonly string[]): boolean {
  return one.every((value) => other.includes(value)) && other.every((value) => one.includes(value));
}

// A request for pull requests includes those of forks.
function mistakesIn(plan: SetupPlan, { policy }: ExistingRole, login: Parameters<typeof trustMistakesOf>[1]) {
  const mistakes = trustMistakesOf(policy, login);
  return mistakes.filter(({ kind }) => kind !== 'forks-let-in' || !plan.jobs.pullRequests);
}

function accountOf({ account, partition }: SetupPlan, { arn }: ExistingRole) {
  if (arn !== undefined && account !== undefined && arn.account !== account)
    throw new Failure({
      kind: 'value-invalid',
      source: '--account-id',
      value: account,
      problem: `the existing role belongs to account ${arn.account}`,
      remedy: `omit --account-id, or run "aws iam get-role" with keys of account ${account}`,
    });
  if (arn !== undefined) return { account: arn.account, partition: arn.partition };
  if (account === undefined) throw new Failure({ kind: 'setup-incomplete', missing: ['account'], token: false });
  return { account, partition };
}

/**
 * Returns a trust policy in normalised lines: statements, keys and lists sorted, single values never in a list, no Sid.
 * Policies with the same lines are equivalent.
 */
function policyLinesOf(document: unknown): string[] {
  const { Version, Statement } = recordOf(document);
  const statements = asList(Statement).map((statement) => {
    const { Sid: _, ...rest } = recordOf(statement);
    return sortedDeep(rest);
  });
  const sorted = statements.toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
  return JSON.stringify({ Version, Statement: sorted }, null, 2).split('\n');
}

function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [first, ...others] = value.map(sortedDeep).toSorted((a, b) => compare(String(a), String(b)));
    return others.length === 0 ? first : [first, ...others];
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => compare(a, b))
      .map(([key, one]) => [key, sortedDeep(one)]),
  );
}

// By code units: the same order in every locale.
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
