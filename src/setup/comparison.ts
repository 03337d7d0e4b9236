import { parseRoleArn, type RoleArn } from '../aws/arn.ts';
import { Failure } from '../failure.ts';
import { recordOf } from '../text/json.ts';
import type { TrustMistake } from '../trust/mistake.ts';
import { parseTrustPolicy, policyTextOf } from '../trust/policy-parser.ts';
import { trustMistakesOf } from '../trust/trust-mistakes.ts';
import type { TrustPolicy } from '../trust/trust-policy.ts';
import { providerArnOf, type SetupPlan } from './plan.ts';
import { type Trial, triedJobsFor, tryPolicies } from './test-cases.ts';
import { makeTrustDocument } from './trust-document.ts';

/** What a role that stands has otherwise than the one that would be written. */
export interface Comparison {
  /** `first` is what stands. */
  readonly difference: readonly DifferenceLine[];
  readonly isSame: boolean;
  readonly trials: readonly Trial[];
  /** How many of the trials the standing role decides otherwise. */
  readonly misjudged: number;
  readonly mistakes: readonly TrustMistake[];
}

/**
 * Compares a plan with a role that stands: the trust policies by their meaning line by line, the longest session where one
 * is asked for, and what both decide of the same jobs. Throws `value-invalid` for another account's role, and
 * `setup-incomplete` where nothing tells the account.
 */
export function compareRole(plan: SetupPlan, standing: StandingRole): Comparison {
  const role = whereabouts(plan, standing);
  const document = makeTrustDocument(plan.jobs, providerArnOf({ ...plan, partition: role.partition }, role.account));
  const difference = differenceOf(
    [...policyLinesOf(standing.document), ...durationLines(plan, standing.maxSessionDuration)],
    [...policyLinesOf(document), ...durationLines(plan, plan.maxSessionDuration)],
  );
  const wanted = parseTrustPolicy(JSON.stringify(document)).policy;
  if (wanted === undefined) throw new Error('the policy that was made cannot be read');
  const jobs = triedJobsFor(plan.jobs);
  const trials = tryPolicies(jobs, wanted, standing.policy, role);
  const first = jobs[0];
  return {
    difference,
    isSame: difference.every(({ side }) => side === 'both'),
    trials,
    misjudged: trials.filter((trial) => trial.standing.outcome !== trial.wanted).length,
    mistakes: first === undefined ? [] : mistakesIn(plan, standing, { claims: first.claims, role }),
  };
}

// Forks are let in by whoever asks for pull requests.
function mistakesIn(plan: SetupPlan, { policy }: StandingRole, login: Parameters<typeof trustMistakesOf>[1]) {
  const mistakes = trustMistakesOf(policy, login);
  return mistakes.filter(({ kind }) => kind !== 'forks-let-in' || !plan.jobs.pullRequests);
}

function whereabouts({ account, partition }: SetupPlan, { arn }: StandingRole) {
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

/** A line that both texts have, only the first, or only the second. */
export interface DifferenceLine {
  readonly side: 'both' | 'first' | 'second';
  readonly text: string;
}

/** The difference of two texts by their longest common subsequence of lines; meant for hundreds of lines, not more. */
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

/** For each pair of places, how many lines the rests of both texts have in common. */
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

/**
 * A trust policy in lines for comparing: statements, keys and lists in one order, single values never in a list, no Sid.
 * Two policies with the same lines mean the same.
 */
function policyLinesOf(document: unknown): string[] {
  const { Version, Statement } = recordOf(document);
  const statements = asList(Statement).map((statement) => {
    const { Sid: _, ...rest } = recordOf(statement);
    return ordered(rest);
  });
  const inOrder = statements.toSorted((a, b) => compare(JSON.stringify(a), JSON.stringify(b)));
  return JSON.stringify({ Version, Statement: inOrder }, null, 2).split('\n');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    const [first, ...others] = value.map(ordered).toSorted((a, b) => compare(String(a), String(b)));
    return others.length === 0 ? first : [first, ...others];
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => compare(a, b))
      .map(([key, one]) => [key, ordered(one)]),
  );
}

// By code units, so that the order is the same on every machine.
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** A role as it stands in an account. */
export interface StandingRole {
  readonly policy: TrustPolicy;
  /** The policy as JSON gives it. */
  readonly document: unknown;
  /** Undefined where only the policy was given. */
  readonly arn: RoleArn | undefined;
  /** Seconds. */
  readonly maxSessionDuration: number | undefined;
}

/**
 * Takes what `aws iam get-role` printed, or a policy alone, and where it came from. Throws `role-unreadable` with the
 * first thing in it that IAM would not take, and `value-invalid`.
 */
export function parseStandingRole(text: string, source: string): StandingRole {
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

// The answer was readable a moment ago, or what it holds is the URL-encoded policy alone.
function longestSessionIn(text: string): number | undefined {
  const found = /"MaxSessionDuration"\s*:\s*(\d+)/.exec(text)?.[1];
  return found === undefined ? undefined : Number(found);
}
