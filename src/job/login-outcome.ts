import type { EarlierLogin, LoginReport, LoginWarning } from '../explain/login-report.ts';
import type { ProfileNote } from '../profile/profile-note.ts';
import type { LoginRequest } from '../request/login-request.ts';
import type { StsEndpoint } from '../sts/answer.ts';
import type { VerifiedSession } from '../sts/verified-session.ts';
import type { TokenClaims } from '../token/job-token.ts';
import { clockLeeway, instantOf, shortLife } from '../token/lifetime.ts';
import type { World } from '../world.ts';
import type { JobIdentity } from './job-name.ts';
import { outrankingIn } from './login-effect.ts';
import type { Written } from './login-files.ts';
import type { Place } from './place.ts';
import type { Leftover } from './prune.ts';

/** A login that is done, with all that came up on the way. */
export interface LoginOutcome {
  readonly request: LoginRequest;
  readonly job: JobIdentity;
  readonly claims: TokenClaims;
  readonly place: Place;
  readonly profile: string;
  readonly region: string | undefined;
  readonly sessionName: string;
  readonly endpoint: StsEndpoint;
  /** Undefined when STS was not asked. */
  readonly session: VerifiedSession | undefined;
  readonly rivalKeys: { readonly path: string } | undefined;
  readonly written: Written;
  readonly leftovers: readonly Leftover[];
  /** Names that the env file unsets. */
  readonly unset: readonly string[];
}

/** What the summary tells of a login. */
export function makeLoginReport(
  outcome: LoginOutcome,
  world: Pick<World, 'environment' | 'clock' | 'output'>,
): LoginReport {
  const { request, claims, session, unset } = outcome;
  const now = world.clock.now();
  return {
    account: request.role.account,
    roleName: request.role.name,
    sessionName: outcome.sessionName,
    sessionEnds: session?.keys.expiration,
    tokenEnds: instantOf(claims.exp),
    now,
    profile: outcome.profile,
    region: outcome.region,
    config: outcome.place.config,
    isolation: outcome.place.isolation,
    endpoint: session === undefined ? undefined : outcome.endpoint,
    unset: world.output.stdoutIsTerminal ? [] : outrankingIn(world.environment).filter((name) => unset.includes(name)),
    earlier: earlierOf(outcome),
    warnings: warningsOf(outcome, now, world),
  };
}

function earlierOf({ written, profile }: LoginOutcome): EarlierLogin | undefined {
  const from = written.earlierProfile;
  if (from === undefined) return undefined;
  return from === profile ? { kind: 'replaced' } : { kind: 'moved', from };
}

function warningsOf(outcome: LoginOutcome, now: Date, world: Pick<World, 'environment' | 'output'>): LoginWarning[] {
  const { job, sessionName, region, session, claims, rivalKeys, profile, written, place, leftovers } = outcome;
  const { environment, output } = world;
  const warnings: LoginWarning[] = [];
  if (session === undefined) warnings.push({ kind: 'not-verified' });
  if (region === undefined) warnings.push({ kind: 'no-region' });
  const left = (instantOf(claims.exp)?.getTime() ?? Number.POSITIVE_INFINITY) - now.getTime();
  if (left < shortLife) warnings.push({ kind: 'token-ends-soon', left });
  if (session !== undefined && Math.abs(session.skew) > clockLeeway)
    warnings.push({ kind: 'clock-skew', skew: session.skew });
  const selfHosted = environment['SEMAPHORE_AGENT_MACHINE_TYPE']?.startsWith('s1') === true;
  if (selfHosted && job.id !== undefined && !sessionName.includes(job.id))
    warnings.push({ kind: 'session-name-shared', sessionName });
  if (environment['SEMAPHORE_CACHE_BACKEND'] === 's3' && !environment['SEMAPHORE_CACHE_AWS_PROFILE'])
    warnings.push({ kind: 'cache-uses-role' });
  const outranking = outrankingIn(environment);
  if (output.stdoutIsTerminal && outranking.length > 0) warnings.push({ kind: 'not-exported', variables: outranking });
  if (rivalKeys !== undefined) warnings.push({ kind: 'static-keys', path: rivalKeys.path, profile });
  if (written.uncopied !== undefined) warnings.push({ kind: 'config-not-copied', path: written.uncopied });
  warnings.push(...noteWarnings(written.notes, profile, place.config));
  warnings.push(...leftovers.map(({ path, facts }) => ({ kind: 'leftover-stays', path, why: facts.kind }) as const));
  return warnings;
}

function noteWarnings(notes: readonly ProfileNote[], profile: string, path: string): LoginWarning[] {
  const keys = notes.filter((note) => note.kind === 'removed-key').map((note) => note.key);
  const removed: LoginWarning[] = keys.length === 0 ? [] : [{ kind: 'keys-removed', keys, profile }];
  return [
    ...removed,
    ...notes.flatMap((note): LoginWarning[] => {
      if (note.kind === 'unreadable-elsewhere')
        return [{ kind: 'file-has-fault', path, line: note.line, why: note.why }];
      if (note.kind === 'leaks-in')
        return [{ kind: 'key-leaks-in', path, line: note.line, key: note.key, reader: note.reader }];
      if (note.kind === 'kept-endpoint') return [{ kind: 'endpoint-kept', path, line: note.line, key: note.key }];
      return [];
    }),
  ];
}
