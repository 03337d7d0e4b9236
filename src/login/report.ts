import { nameInResource, splitArn } from '../aws/arn.ts';
import type { Shell } from '../cli/login-options.ts';
import type { LoginRequest } from '../cli/login-request.ts';
import type { ProfileWarning } from '../config-file/check.ts';
import type { DefectKind } from '../config-file/model.ts';
import type { FailureFacts } from '../failure.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import { clockLeeway, instantOf, lifeLeftOf, shortLife } from '../semaphore/token.ts';
import { lastHopOf } from '../sts/role-chain.ts';
import type { StsEndpoint } from '../world/sts.ts';
import type { World } from '../world/world.ts';
import { isCaptured, precedingVariablesIn, staleVariablesIn } from './env-file.ts';
import { type IsolationReason, isSelfHosted, type JobIdentity, type LoginPaths } from './paths.ts';
import type { LoginPlan, PlannedRole } from './plan.ts';
import type { Leftover } from './undo.ts';
import type { Written } from './write.ts';

export interface LoginOutcome {
  readonly request: LoginRequest;
  readonly job: JobIdentity;
  readonly claims: TokenClaims;
  readonly paths: LoginPaths;
  readonly sessionName: string;
  readonly plan: LoginPlan;
  readonly written: Written;
  /** Why no watcher could be started. */
  readonly unwatched: string | undefined;
  readonly leftovers: readonly Leftover[];
  readonly unset: readonly string[];
}

export interface LoginReport {
  readonly roles: readonly ReportedRole[];
  readonly sessionName: string;
  readonly tokenEnds: Date | undefined;
  readonly now: Date;
  readonly region: string | undefined;
  readonly config: string;
  readonly home: string | undefined;
  readonly isolation: IsolationReason | undefined;
  readonly endpoint: StsEndpoint | undefined;
  /** Whether commands choose one of several profiles by its name. */
  readonly several: boolean;
  /** The shell that can source the env file; undefined if none can. */
  readonly sourcedBy: Shell | undefined;
  /** Whether the env file holds session keys, which are not renewed. */
  readonly exportsKeys: boolean;
  /** Variables that are set now and that the env file unsets. */
  readonly unset: readonly string[];
  /** How this login relates to the job's previous one. */
  readonly earlier: EarlierLogin | undefined;
  readonly warnings: readonly LoginWarning[];
}

export interface ReportedRole {
  readonly profile: string;
  readonly account: string;
  readonly roleName: string;
  readonly via: readonly string[];
  readonly sessionEnds: Date | undefined;
  readonly usesCredentialProcess: boolean;
}

/** `replaced`: same profile; `moved`: the job's identity was another profile. */
export type EarlierLogin = { readonly kind: 'replaced' } | { readonly kind: 'moved'; readonly from: string };

/** The facts of a warning: the login works. Times in milliseconds. */
export type LoginWarning =
  | { readonly kind: 'no-region' }
  | { readonly kind: 'not-verified' }
  | { readonly kind: 'session-name-shared'; readonly sessionName: string }
  | { readonly kind: 'token-ends-soon'; readonly left: number }
  | { readonly kind: 'cache-uses-role' }
  | { readonly kind: 'role-replaced'; readonly profile: string; readonly from: string; readonly to: string }
  | { readonly kind: 'not-exported'; readonly variables: readonly string[] }
  | { readonly kind: 'static-keys'; readonly path: string; readonly profile: string }
  | { readonly kind: 'keys-removed'; readonly keys: readonly string[]; readonly path: string }
  | { readonly kind: 'file-has-fault'; readonly path: string; readonly line: number; readonly why: DefectKind }
  | { readonly kind: 'endpoint-kept'; readonly path: string; readonly line: number; readonly key: string }
  | {
      readonly kind: 'key-leaks-in';
      readonly path: string;
      readonly line: number;
      readonly key: string;
      readonly reader: 'Ruby' | 'boto3';
    }
  | { readonly kind: 'clock-skew'; readonly skew: number }
  | { readonly kind: 'config-not-copied'; readonly path: string }
  | { readonly kind: 'not-watched'; readonly why: string }
  | { readonly kind: 'leftover-stays'; readonly path: string; readonly facts: FailureFacts };

type ReportInputs = Pick<World, 'environment' | 'clock' | 'output'>;

export function makeLoginReport(outcome: LoginOutcome, world: ReportInputs): LoginReport {
  const { request, claims, plan, unset } = outcome;
  const captured = isCaptured(world.output);
  return {
    roles: plan.roles.map(reportedRoleOf),
    sessionName: outcome.sessionName,
    tokenEnds: instantOf(claims.exp),
    now: world.clock.now(),
    region: plan.region,
    config: outcome.paths.config,
    home: world.environment['HOME'],
    isolation: outcome.paths.isolation,
    endpoint: request.verify ? plan.endpoint : undefined,
    several: request.several,
    sourcedBy: captured && request.exports !== 'none' ? request.shell : undefined,
    exportsKeys: request.exports === 'static',
    unset: captured ? staleVariablesIn(world.environment).filter((name) => unset.includes(name)) : [],
    earlier: earlierOf(outcome),
    warnings: warningsOf(outcome, world),
  };
}

function reportedRoleOf({ profile, chain, session, webIdentity }: PlannedRole): ReportedRole {
  const { account = '', resource = '' } = splitArn(lastHopOf(chain).roleArn) ?? {};
  return {
    profile,
    account,
    roleName: nameInResource(resource),
    via: [chain.first, ...chain.further].slice(0, -1).map((hop) => hop.roleArn),
    sessionEnds: session?.keys.expiration,
    usesCredentialProcess: webIdentity === undefined,
  };
}

function earlierOf({ written, plan, request }: LoginOutcome): EarlierLogin | undefined {
  const from = written.earlierProfiles.at(-1);
  if (from === undefined) return undefined;
  if (plan.roles.every(({ profile }) => written.earlierProfiles.includes(profile))) return { kind: 'replaced' };
  return request.several ? undefined : { kind: 'moved', from };
}

/** Returns the warnings for `exec`: those that affect the command. */
export function execWarningsOf(
  {
    plan,
    claims,
    written,
    unwatched,
    paths,
  }: Pick<LoginOutcome, 'plan' | 'claims' | 'written' | 'unwatched' | 'paths'>,
  now: Date,
): LoginWarning[] {
  const warnings = sessionWarningsOf(plan, claims, now);
  if (written.uncopied !== undefined) warnings.push({ kind: 'config-not-copied', path: written.uncopied });
  warnings.push(...profileWarnings(written.warnings, paths));
  if (unwatched !== undefined) warnings.push({ kind: 'not-watched', why: unwatched });
  return warnings;
}

function sessionWarningsOf(plan: LoginPlan, claims: TokenClaims, now: Date): LoginWarning[] {
  const warnings: LoginWarning[] = [];
  const session = plan.roles[0].session;
  if (session === undefined) warnings.push({ kind: 'not-verified' });
  if (plan.region === undefined) warnings.push({ kind: 'no-region' });
  const left = lifeLeftOf(claims, now);
  if (left < shortLife) warnings.push({ kind: 'token-ends-soon', left });
  if (session !== undefined && Math.abs(session.skew) > clockLeeway)
    warnings.push({ kind: 'clock-skew', skew: session.skew });
  return warnings;
}

function warningsOf(outcome: LoginOutcome, { environment, output, clock }: ReportInputs): LoginWarning[] {
  const { job, sessionName, claims, plan, written, unwatched, paths, leftovers } = outcome;
  const warnings = sessionWarningsOf(plan, claims, clock.now());
  if (isSelfHosted(environment) && job.id !== undefined && !sessionName.includes(job.id))
    warnings.push({ kind: 'session-name-shared', sessionName });
  if (environment['SEMAPHORE_CACHE_BACKEND'] === 's3' && !environment['SEMAPHORE_CACHE_AWS_PROFILE'])
    warnings.push({ kind: 'cache-uses-role' });
  const preceding = precedingVariablesIn(environment);
  if (!isCaptured(output) && preceding.length > 0) warnings.push({ kind: 'not-exported', variables: preceding });
  for (const { profile, from, to } of written.replaced) {
    const [before, after] = [lastHopOf(from).roleArn, lastHopOf(to).roleArn];
    warnings.push({ kind: 'role-replaced', profile, from: before, to: after });
  }
  warnings.push(...plan.staticKeys.map((keys) => ({ kind: 'static-keys', ...keys }) as const));
  if (written.uncopied !== undefined) warnings.push({ kind: 'config-not-copied', path: written.uncopied });
  warnings.push(...profileWarnings(written.warnings, paths));
  if (unwatched !== undefined) warnings.push({ kind: 'not-watched', why: unwatched });
  warnings.push(...leftovers.map(({ path, facts }) => ({ kind: 'leftover-stays', path, facts }) as const));
  return warnings;
}

// Name the user's file, not our private copy. Keys removed from the copy need no warning.
function profileWarnings(
  warnings: readonly ProfileWarning[],
  { config, userConfig, isolation }: LoginPaths,
): LoginWarning[] {
  const path = userConfig ?? config;
  const keys =
    isolation === undefined ? warnings.flatMap((warning) => (warning.kind === 'removed-key' ? [warning.key] : [])) : [];
  const removed: LoginWarning[] = keys.length === 0 ? [] : [{ kind: 'keys-removed', keys, path }];
  return [
    ...removed,
    ...warnings.flatMap((warning): LoginWarning[] => {
      if (warning.kind === 'unreadable-elsewhere')
        return [{ kind: 'file-has-fault', path, line: warning.line, why: warning.why }];
      if (warning.kind === 'leaks-in')
        return [{ kind: 'key-leaks-in', path, line: warning.line, key: warning.key, reader: warning.reader }];
      if (warning.kind === 'kept-endpoint')
        return [{ kind: 'endpoint-kept', path, line: warning.line, key: warning.key }];
      return [];
    }),
  ];
}
