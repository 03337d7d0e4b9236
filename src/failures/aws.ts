import type { TokenClaims } from '../semaphore/claims.ts';
import type { NetworkFault, StsEndpoint, StsRefusal } from '../world/sts.ts';

/** Failures that involve AWS: 5 where it rejected something or a role differs, 6 where a retry can help. */
export type AwsFailure = SetupDiffers | StsRefused | ChainRefused | StsBusy | StsUnreachable | SessionNotRequested;

/** How each of them ends the program. */
export const awsExitCodes = {
  'setup-differs': 5,
  'sts-refused': 5,
  'chain-refused': 5,
  'sts-busy': 6,
  'sts-unreachable': 6,
  'session-not-requested': 6,
} as const satisfies Record<AwsFailure['kind'], 5 | 6>;

/** What exists differs from what `setup` writes; `misjudged` counts test cases with another result. */
interface SetupDiffers {
  readonly kind: 'setup-differs';
  /** The parts that differ. */
  readonly differences: readonly string[];
  readonly misjudged: number;
}

/** STS rejected the first role's request. */
interface StsRefused {
  readonly kind: 'sts-refused';
  readonly refusal: StsRefusal;
  readonly context: StsRequestContext;
}

/** STS rejected a further role of the chain; `by` is the ARN of the session that sent the request. */
interface ChainRefused {
  readonly kind: 'chain-refused';
  readonly refusal: StsRefusal;
  readonly by: string;
  readonly context: StsRequestContext;
}

/** STS rejected the request for a reason that passes by itself, until the timeout. */
interface StsBusy {
  readonly kind: 'sts-busy';
  readonly refusal: StsRefusal;
  readonly context: StsRequestContext;
}

/** No usable answer came from STS until the timeout. */
interface StsUnreachable {
  readonly kind: 'sts-unreachable';
  readonly fault: NetworkFault;
  readonly context: StsRequestContext;
}

/** The answer of an endpoint of AWS's has a session of another role, or with another name. */
interface SessionNotRequested {
  readonly kind: 'session-not-requested';
  readonly assumedRoleArn: string;
  readonly context: StsRequestContext;
}

/** A request that STS did not grant: who asked for what, where and when. Of the token only claims. */
export interface StsRequestContext {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly endpoint: StsEndpoint;
  readonly token: TokenClaims;
  /** `owner/name` of the fork that the pull request comes from, where the environment names one. */
  readonly fork: string | undefined;
  readonly attempts: number;
  /** Milliseconds from the first attempt to the last answer. */
  readonly waited: number;
  /** Milliseconds that the request was allowed to take. */
  readonly timeout: number;
  readonly now: Date;
  readonly serverTime: Date | undefined;
}
