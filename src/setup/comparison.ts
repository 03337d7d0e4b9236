import { parseRoleArn, type RoleArn } from '../aws/arn.ts';
import { Failure } from '../failure.ts';
import { recordOf } from '../text/json.ts';
import type { TrustMistake } from '../trust/mistake.ts';
import { parseTrustPolicy, policyTextOf } from '../trust/policy-parser.ts';
import { trustMistakesOf } from '../trust/trust-mistakes.ts';
import type { TrustPolicy } from '../trust/trust-policy.ts';
import { providerArnOf, type SetupPlan } from './plan.ts';
import { evaluateTestCases, type TestCase, testJobsFor } from './test-cases.ts';
import { makeTrustDocument } from './trust-document.ts';

/** A role that exists in an account. */
export interface ExistingRole {
  readonly policy: TrustPolicy;
  /** The policy as parsed JSON. */
  readonly document: unknown;
  /** Undefined if only the policy was given. */
  readonly arn: RoleArn | undefined;
  /** Seconds. */
  readonly maxSessionDuration: number | undefined;
}

/**
 * Parses the output of `aws iam get-role`, or a policy alone. `source` is the user's name for the text. Throws
 * `role-unreadable` with the first fault that IAM would reject, and `value-invalid`.
 */
export function parseExistingRole(text: string, source: string): ExistingRole {
  const found = policyTextOf(text);
  const { policy, faults } = parseTrustPolicy(found.text);
  const [fault] = faults;
  if (fault !== undefined) throw new Failure({ kind: 'role-unreadable', source, fault });
  if (policy === undefined) throw new Error('a policy without faults could not be read');
  return {
    policy,
    document: JSON.parse(found.text),
    arn: found.roleArn === undefined ? undefined : parseRoleArn({ value: found.roleArn, source: `"Arn" in ${source}` }),
    maxSessionDuration: longestSessionIn(text),
  };
}

// A regular expression, since the text can also be a URL-encoded policy alone, which is no JSON.
function longestSessionIn(text: string): number | undefined {
  const found = /"MaxSessionDuration"\s*:\s*(\d+)/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** How an existing role differs from the one that setup writes. */
export interface Comparison {
  /** `first` is the existing role. */
  readonly difference: readonly DifferenceLine[];
  readonly isSame: boolean;
  readonly testCases: readonly TestCase[];
  /** The number of test cases that the existing role decides wrongly. */
  readonly misjudged: number;
  readonly mistakes: readonly TrustMistake[];
}

/**
 * Compares a plan with an existing role: the trust policies line by line, the maximum session duration if one is requested,
 * and how both policies decide the test cases. Throws `value-invalid` for a role of another account, and
 * `setup-incomplete` if the account is unknown.
 */
export function compareRole(plan: SetupPlan, existing: ExistingRole): Comparison {
  const role = accountOf(plan, existing);
  const document = makeTrustDocument(plan.jobs, providerArnOf({ ...plan, partition: role.partition }, role.account));
  const difference = differenceOf(
    [...policyLinesOf(existing.document), ...durationLines(plan, existing.maxSessionDuration)],
    [...policyLinesOf(document), ...durationLines(plan, plan.maxSessionDuration)],
  );
  const wanted = parseTrustPolicy(JSON.stringify(document)).policy;
  if (wanted === undefined) throw new Error('the trust policy of the plan cannot be parsed');
  const jobs = testJobsFor(plan.jobs);
  const testCases = evaluateTestCases(jobs, wanted, existing.policy, role);
  const first = jobs[0];
  return {
    difference,
    isSame: difference.every(({ side }) => side === 'both'),
    testCases,
    misjudged: testCases.filter(({ existing, wanted }) => existing.outcome !== wanted).length,
    mistakes: first === undefined ? [] : mistakesIn(plan, existing, { claims: first.claims, role }),
  };
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
      problem: `the role that stands is of the account ${arn.account}`,
      remedy: `leave it out, or take the role's description from the account ${account}`,
    });
  if (arn !== undefined) return { account: arn.account, partition: arn.partition };
  if (account === undefined) throw new Failure({ kind: 'setup-incomplete', missing: ['account'], token: false });
  return { account, partition };
}

function durationLines({ maxSessionDuration }: SetupPlan, seconds: number | undefined): string[] {
  return maxSessionDuration === undefined ? [] : [`MaxSessionDuration: ${seconds ?? 'not told'}`];
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

/** A line of both texts, of the first only, or of the second only. */
export interface DifferenceLine {
  readonly side: 'both' | 'first' | 'second';
  readonly text: string;
}

/** Returns the difference of two texts by their longest common subsequence of lines, in quadratic time. */
export function differenceOf(first: readonly string[], second: readonly string[]): DifferenceLine[] {
  const common = commonLengths(first, second);
  const length = (i: number, j: number) => common[i]?.[j] ?? 0;
  const lines: DifferenceLine[] = [];
  let i = 0;
  let j = 0;
  while (i < first.length || j < second.length) {
    const [one, other] = [first[i], second[j]];
    if (one !== undefined && one === other) {
      lines.push({ side: 'both', text: one });
      i += 1;
      j += 1;
    } else if (one !== undefined && (other === undefined || length(i + 1, j) >= length(i, j + 1))) {
      lines.push({ side: 'first', text: one });
      i += 1;
    } else {
      lines.push({ side: 'second', text: other ?? '' });
      j += 1;
    }
  }
  return lines;
}

/** Returns, for each pair of line numbers, the length of the longest common subsequence of the rests of both texts. */
function commonLengths(first: readonly string[], second: readonly string[]): number[][] {
  const table = Array.from({ length: first.length + 1 }, () => new Array<number>(second.length + 1).fill(0));
  for (let i = first.length - 1; i >= 0; i--) {
    const [row = [], below = []] = [table[i], table[i + 1]];
    for (let j = second.length - 1; j >= 0; j--) {
      row[j] = first[i] === second[j] ? 1 + (below[j + 1] ?? 0) : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}
