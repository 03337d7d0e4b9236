import { Failure } from '../failure.ts';
import type { TrustMistake } from '../trust/mistake.ts';
import { parseTrustPolicy } from '../trust/policy-parser.ts';
import { trustMistakesOf } from '../trust/trust-mistakes.ts';
import { type DifferenceLine, differenceOf } from './difference.ts';
import { providerArnOf, type SetupPlan } from './plan.ts';
import { policyLinesOf } from './policy-lines.ts';
import type { StandingRole } from './standing-role.ts';
import { type Trial, triedJobsFor, tryPolicies } from './trials.ts';
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
