import { parseRoleArn, type RoleArn } from '../aws/arn.ts';
import { parseRegion } from '../aws/region.ts';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import type { TokenPlace } from '../semaphore/token.ts';
import type { Environment } from '../world/world.ts';
import { regionOf } from './login-options.ts';
import type { Option, Options } from './option.ts';
import { type TokenOption, tokenPlaceOf } from './token-options.ts';
import { parseSeconds } from './values.ts';

/** The options of `doctor`, except those of the token. */
export const doctorOptions = [
  {
    name: 'role-arn',
    value: 'ARN',
    help: 'also check that STS accepts this role; writes nothing',
    parse: parseRoleArn,
    group: 'Common',
    commands: ['doctor'],
  },
  {
    name: 'region',
    value: 'REGION',
    help: 'AWS region for STS',
    parse: parseRegion,
    otherwise: 'AWS_REGION or AWS_DEFAULT_REGION',
    group: 'Common',
    commands: ['doctor'],
  },
  { name: 'verbose', help: 'show the passed checks in full', group: 'Common', commands: ['doctor'] },
  { name: 'json', help: 'print the report as JSON', group: 'Common', commands: ['doctor'] },
  {
    name: 'trust-policy',
    value: 'FILE',
    help: 'check this trust policy against the token ("-": standard input)',
    group: 'Trust policy',
    commands: ['doctor'],
  },
  {
    name: 'sub',
    value: 'SUBJECT',
    help: 'check the policy against this subject; for another job, or outside a job',
    group: 'Trust policy',
    commands: ['doctor'],
  },
  {
    name: 'aud',
    value: 'AUDIENCE',
    help: 'check the policy against this audience and issuer; outside a job',
    group: 'Trust policy',
    commands: ['doctor'],
  },
  {
    name: 'claims',
    value: 'FILE',
    help: 'check the policy against the claims in this JSON file; outside a job',
    group: 'Trust policy',
    commands: ['doctor'],
  },
  {
    name: 'timeout',
    value: 'SECONDS',
    help: 'time limit for each network request',
    parse: (given) => 1000 * parseSeconds(given, 1, 300),
    default: '10',
    group: 'Requests to AWS',
    commands: ['doctor'],
  },
] as const satisfies readonly Option[];

type DoctorOption = (typeof doctorOptions)[number];

/** A request to examine the job. */
export interface DoctorRequest {
  /** When set, STS is asked for this role. */
  readonly role: RoleArn | undefined;
  readonly region: GivenValue | undefined;
  readonly token: TokenPlace;
  readonly policy: PolicyPlace | undefined;
  /**
   * Claims to check the policy against instead of the job's token. When set, nothing else is
   * examined.
   */
  readonly claimed: ClaimedToken | undefined;
  /** Whether the report shows the passed checks in full. */
  readonly verbose: boolean;
  readonly json: boolean;
  /** Milliseconds, for each request to the network. */
  readonly timeout: number;
}

/** Where a trust policy is read from. */
export type PolicyPlace = { readonly file: string } | 'stdin';

/** A token that is only described. `subject` and `audience` take precedence over the file. */
export interface ClaimedToken {
  readonly subject: string | undefined;
  readonly audience: string | undefined;
  readonly file: string | undefined;
}

/** Throws `Failure` of the usage kinds. */
export function parseDoctorRequest(
  options: Options<DoctorOption | TokenOption>,
  environment: Environment,
): DoctorRequest {
  const { values, given } = options;
  const policy = values['trust-policy'];
  const claimed = claimedTokenOf(values);
  if (claimed !== undefined && policy === undefined)
    throw new Failure({
      kind: 'usage',
      problem: '--sub, --aud and --claims need --trust-policy',
      add: { option: 'trust-policy', value: 'role.json' },
    });
  return {
    role: values['role-arn'],
    region: regionOf(given.region, environment),
    token: tokenPlaceOf(options),
    policy: policy === undefined ? undefined : policy === '-' ? 'stdin' : { file: policy },
    claimed,
    verbose: values.verbose,
    json: values.json,
    timeout: values.timeout,
  };
}

function claimedTokenOf({ sub, aud, claims }: Options<DoctorOption>['values']): ClaimedToken | undefined {
  if (sub === undefined && aud === undefined && claims === undefined) return undefined;
  return { subject: sub, audience: aud, file: claims };
}
