import { nameInResource, splitArn } from '../aws/arn.ts';
import { defaultProfile } from '../cli/login-options.ts';
import type { LoginRequest } from '../cli/login-request.ts';
import type { ProfileWarning } from '../config-file/check.ts';
import type { DefectKind } from '../config-file/model.ts';
import type { FailureFacts } from '../failure.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import { clockLeeway, instantOf, lifeLeftOf, shortLife } from '../semaphore/token.ts';
import { lastHopOf } from '../sts/role-chain.ts';
import type { StsEndpoint } from '../world/sts.ts';
import type { World } from '../world/world.ts';
import { type Identity, precedingVariablesIn } from './env-file.ts';
import { type IsolationReason, isSelfHosted, type JobIdentity, type LoginPaths } from './paths.ts';
import type { LoginPlan, PlannedRole } from './plan.ts';
import type { Leftover } from './undo.ts';
import type { Written } from './write.ts';

/** A login that is done, with all that came up on the way. */
export interface LoginOutcome {
  readonly request: LoginRequest;
  readonly job: JobIdentity;
  readonly claims: TokenClaims;
  readonly paths: LoginPaths;
  readonly sessionName: string;
  readonly plan: LoginPlan;
  readonly written: Written;
  readonly leftovers: readonly Leftover[];
  /** Names that the env file unsets. */
  readonly unset: readonly string[];
}

type Surroundings = Pick<World, 'environment' | 'clock' | 'output'>;

/** What the summary tells of a login. */
export function makeLoginReport(outcome: LoginOutcome, world: Surroundings): LoginReport {
  const { request, claims, plan, unset } = outcome;
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
    exportsKeys: request.exports === 'static',
    unset: world.output.stdoutIsTerminal
      ? []
      : precedingVariablesIn(world.environment).filter((name) => unset.includes(name)),
    earlier: earlierOf(outcome),
    warnings: warningsOf(outcome, world),
  };
}

/** What the env file is made from. The web-identity variables are for one plain role only: else they would give a role that is not meant. */
export function identityOf(plan: LoginPlan, request: LoginRequest, paths: LoginPaths): Identity {
  const [{ profile, webIdentity, session }] = plan.roles;
  const isDefault = profile === defaultProfile;
  return {
    webIdentity: request.several || !isDefault ? undefined : webIdentity,
    profile: request.several || isDefault ? undefined : profile,
    region: plan.region,
    configFile: paths.isolation === undefined ? undefined : paths.config,
    keys: session?.keys,
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

/** What whoever uses the login should know, wherever it is used. */
export function execWarningsOf(
  { plan, claims, written, paths }: Pick<LoginOutcome, 'plan' | 'claims' | 'written' | 'paths'>,
  now: Date,
): LoginWarning[] {
  const warnings = sessionWarningsOf(plan, claims, now);
  if (written.uncopied !== undefined) warnings.push({ kind: 'config-not-copied', path: written.uncopied });
  return [...warnings, ...profileWarnings(written.warnings, paths)];
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

function warningsOf(outcome: LoginOutcome, { environment, output, clock }: Surroundings): LoginWarning[] {
  const { job, sessionName, claims, plan, written, paths, leftovers } = outcome;
  const warnings = sessionWarningsOf(plan, claims, clock.now());
  if (isSelfHosted(environment) && job.id !== undefined && !sessionName.includes(job.id))
    warnings.push({ kind: 'session-name-shared', sessionName });
  if (environment['SEMAPHORE_CACHE_BACKEND'] === 's3' && !environment['SEMAPHORE_CACHE_AWS_PROFILE'])
    warnings.push({ kind: 'cache-uses-role' });
  const outranking = precedingVariablesIn(environment);
  if (output.stdoutIsTerminal && outranking.length > 0) warnings.push({ kind: 'not-exported', variables: outranking });
  warnings.push(...plan.staticKeys.map((rival) => ({ kind: 'static-keys', ...rival }) as const));
  if (written.uncopied !== undefined) warnings.push({ kind: 'config-not-copied', path: written.uncopied });
  warnings.push(...profileWarnings(written.warnings, paths));
  warnings.push(...leftovers.map(({ path, facts }) => ({ kind: 'leftover-stays', path, facts }) as const));
  return warnings;
}

// A private file is told of by the user's own that it is a copy of; what is taken out of the copy, nobody misses.
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

/** What a login did, for its summary. No secrets. */
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
  /** Whether the env file holds session keys, which nothing renews. */
  readonly exportsKeys: boolean;
  /** Variables that were set before and are unset by the env file. */
  readonly unset: readonly string[];
  /** What an earlier login of this job stands to this one as. */
  readonly earlier: EarlierLogin | undefined;
  readonly warnings: readonly LoginWarning[];
}

/** A role that a profile now gives. */
export interface ReportedRole {
  readonly profile: string;
  readonly account: string;
  readonly roleName: string;
  /** ARNs of the roles on the way to it. */
  readonly via: readonly string[];
  /** Undefined when STS was not asked. */
  readonly sessionEnds: Date | undefined;
  /** Whether SDKs ask this program for keys, since no web-identity profile can say what was wanted. */
  readonly usesCredentialProcess: boolean;
}

/** `replaced`: the same profile was written again; `moved`: the job's identity was another profile until now. */
export type EarlierLogin = { readonly kind: 'replaced' } | { readonly kind: 'moved'; readonly from: string };

/** What a login warns of, as facts; a warning keeps nothing from working now. Lengths of time in milliseconds. */
export type LoginWarning =
  | { readonly kind: 'no-region' }
  | { readonly kind: 'not-verified' }
  | { readonly kind: 'session-name-shared'; readonly sessionName: string }
  | { readonly kind: 'token-ends-soon'; readonly left: number }
  | { readonly kind: 'cache-uses-role' }
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
  | { readonly kind: 'leftover-stays'; readonly path: string; readonly facts: FailureFacts };
