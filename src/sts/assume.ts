import { isSessionOf } from '../aws/arn.ts';
import { Failure } from '../failure.ts';
import { forkOf } from '../semaphore/subject.ts';
import type { JobToken } from '../semaphore/token.ts';
import type { AssumedSession, RoleChain, RoleHop, StsAttempt, StsEndpoint } from '../world/sts.ts';
import type { World } from '../world/world.ts';
import { callWithRetries, isTransient, type Timeouts } from './retry.ts';
import { makeWaitProgress } from './wait-progress.ts';

export interface GrantedSession extends AssumedSession {
  /** How far this machine's clock is ahead of STS's (ms). */
  readonly skew: number;
}

export interface StsCaller {
  readonly token: JobToken;
  readonly endpoint: StsEndpoint;
  readonly timeouts: Timeouts;
  /** Whether to show on stderr that the call waits for a new role or provider. */
  readonly showsWait?: boolean;
}

/**
 * Assumes the roles of a chain in order, with retries. Returns the last session.
 *
 * Throws `sts-refused` for the first role, `chain-refused` for a later one, `sts-busy`,
 * `sts-unreachable`, or `session-not-requested` if AWS's endpoint returned another session.
 */
export async function assumeChain(
  chain: RoleChain,
  caller: StsCaller,
  world: Pick<World, 'sts' | 'clock' | 'random' | 'environment' | 'output'>,
): Promise<GrantedSession> {
  const { endpoint, token } = caller;
  let session = await assumeHop(chain.first, undefined, caller, world, (timeout) =>
    world.sts.assumeRoleWithWebIdentity({ hop: chain.first, endpoint, token: token.text, timeout }),
  );
  for (const hop of chain.further) {
    const { keys, assumedRoleArn } = session;
    session = await assumeHop(hop, assumedRoleArn, caller, world, (timeout) =>
      world.sts.assumeRole({ hop, endpoint, keys, timeout }),
    );
  }
  return session;
}

async function assumeHop(
  hop: RoleHop,
  by: string | undefined,
  { token, endpoint, timeouts, showsWait }: StsCaller,
  world: Pick<World, 'clock' | 'random' | 'environment' | 'output'>,
  ask: (timeout: number) => Promise<StsAttempt<AssumedSession>>,
): Promise<GrantedSession> {
  const progress = showsWait ? makeWaitProgress(hop.roleArn, world) : undefined;
  const { attempt, attempts, waited } = await callWithRetries(
    ask,
    timeouts,
    world.clock,
    world.random,
    progress?.show,
  ).finally(progress?.end);
  const now = world.clock.now();
  const serverTime = attempt.kind === 'unreachable' ? undefined : attempt.serverTime;
  const skew = serverTime === undefined ? 0 : now.getTime() - serverTime.getTime();
  const { roleArn, sessionName } = hop;
  const fork = forkOf(world.environment);
  const context = {
    roleArn,
    sessionName,
    endpoint,
    token: token.claims,
    fork,
    attempts,
    waited,
    timeout: timeouts.timeout,
    now,
    serverTime,
  };
  if (attempt.kind === 'granted') {
    const { assumedRoleArn } = attempt.value;
    if (endpoint.isAws && !isSessionOf(assumedRoleArn, roleArn, sessionName))
      throw new Failure({ kind: 'session-not-requested', assumedRoleArn, context });
    return { ...attempt.value, skew };
  }
  if (attempt.kind === 'unreachable') throw new Failure({ kind: 'sts-unreachable', fault: attempt.fault, context });
  const { refusal } = attempt;
  if (isTransient(refusal)) throw new Failure({ kind: 'sts-busy', refusal, context });
  if (by !== undefined) throw new Failure({ kind: 'chain-refused', refusal, by, context });
  throw new Failure({ kind: 'sts-refused', refusal, context });
}
