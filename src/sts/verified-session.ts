import { Failure } from '../failure.ts';
import { forkOf } from '../token/fork.ts';
import type { JobToken } from '../token/job-token.ts';
import type { World } from '../world.ts';
import type { AssumedSession, StsEndpoint } from './answer.ts';
import { askSts, isPassing, type Patience } from './retry.ts';

/** A session that STS granted, and how far this machine's clock is ahead of its own, in milliseconds. */
export interface VerifiedSession extends AssumedSession {
  readonly skew: number;
}

/** Asks STS for the role, with retries; throws `sts-refused`, `sts-busy` or `sts-unreachable`. */
export async function assumeRole(
  asked: {
    readonly roleArn: string;
    readonly sessionName: string;
    readonly token: JobToken;
    readonly endpoint: StsEndpoint;
  },
  patience: Patience,
  world: Pick<World, 'sts' | 'clock' | 'random' | 'environment'>,
): Promise<VerifiedSession> {
  const { roleArn, sessionName, token, endpoint } = asked;
  const request = { roleArn, sessionName, endpoint, token: token.text };
  const { attempt, attempts, waited } = await askSts(
    (timeout) => world.sts.assumeRoleWithWebIdentity({ ...request, timeout }),
    patience,
    world.clock,
    world.random,
  );
  const now = world.clock.now();
  const serverTime = attempt.kind === 'unreachable' ? undefined : attempt.serverTime;
  const skew = serverTime === undefined ? 0 : now.getTime() - serverTime.getTime();
  if (attempt.kind === 'granted') return { ...attempt.value, skew };
  const fork = forkOf(world.environment);
  const context = { roleArn, sessionName, endpoint, token: token.claims, fork, attempts, waited, now, serverTime };
  if (attempt.kind === 'unreachable') throw new Failure({ kind: 'sts-unreachable', fault: attempt.fault, context });
  const { refusal } = attempt;
  throw new Failure({ kind: isPassing(refusal) ? 'sts-busy' : 'sts-refused', refusal, context });
}
