import { parseRoleArn, type RoleArn } from '../aws/arn.ts';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import type { TokenPlace } from '../semaphore/token.ts';
import type { Environment } from '../world/world.ts';
import { regionOf, tokenPlaceOf } from './login-options.ts';
import type { RawOptions } from './parse.ts';
import { parseSeconds } from './values.ts';

/** An examination as asked for. Times in milliseconds. */
export interface DoctorRequest {
  /** STS is asked for it, where one is given. */
  readonly role: RoleArn | undefined;
  readonly region: GivenValue | undefined;
  readonly token: TokenPlace;
  readonly policy: PolicyPlace | undefined;
  /** Claims to hold the policy against in place of the job's token; then nothing else is looked at. */
  readonly claimed: ClaimedToken | undefined;
  readonly json: boolean;
  /** For each question to the network. */
  readonly timeout: number;
}

/** Where a trust policy is read from. */
export type PolicyPlace = { readonly file: string } | 'stdin';

/** A token that is only described; `subject` and `audience` go before what the file says. */
export interface ClaimedToken {
  readonly subject: string | undefined;
  readonly audience: string | undefined;
  readonly file: string | undefined;
}

/** Throws `Failure` of the usage kinds. */
export function parseDoctorRequest(options: RawOptions, environment: Environment): DoctorRequest {
  const policy = options.text('trust-policy')?.value;
  const claimed = claimedOf(options);
  if (claimed !== undefined && policy === undefined)
    throw new Failure({
      kind: 'usage',
      problem: '--sub, --aud and --claims say what to hold a policy against, and --trust-policy is missing',
    });
  return {
    role: options.parsed('role-arn', parseRoleArn),
    region: regionOf(options, environment),
    token: tokenPlaceOf(options),
    policy: policy === undefined ? undefined : policy === '-' ? 'stdin' : { file: policy },
    claimed,
    json: options.switch('json'),
    timeout: 1000 * (options.parsed('timeout', (given) => parseSeconds(given, 1, 300)) ?? 10),
  };
}

function claimedOf(options: RawOptions): ClaimedToken | undefined {
  const subject = options.text('sub')?.value;
  const audience = options.text('aud')?.value;
  const file = options.text('claims')?.value;
  if (subject === undefined && audience === undefined && file === undefined) return undefined;
  return { subject, audience, file };
}
