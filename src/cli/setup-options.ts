import { type PolicyArn, parseAccountId, parsePolicyArn, parseRoleName } from '../aws/arn.ts';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import {
  type GitReference,
  type Issuer,
  parseIssuer,
  parseOrganization,
  parseProjectId,
  parseReference,
  parseRepository,
} from '../semaphore/project.ts';
import type { TokenPlace } from '../semaphore/token.ts';
import type { Environment } from '../world/world.ts';
import { regionOf, tokenPlaceOf } from './login-options.ts';
import type { RawOptions } from './parse.ts';
import { parseChoice, parseSeconds, parseThumbprint } from './values.ts';

/** The forms in which provider and role are written. */
export const setupFormats = ['cloudformation', 'terraform', 'aws-cli', 'json'] as const;
/** One of these forms. */
export type SetupFormat = (typeof setupFormats)[number];

/** Who is to be let in, as far as flags tell; the rest is the token's to tell. */
export interface GivenJobs {
  readonly issuer: Issuer | undefined;
  readonly projectId: string | undefined;
  readonly repository: string | undefined;
  readonly references: readonly GitReference[];
  readonly pullRequests: boolean;
  readonly sessionTags: boolean;
}

/** The role and its provider, as far as flags tell. */
export interface GivenRole {
  readonly name: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly existingProvider: boolean;
  readonly thumbprints: readonly string[];
  readonly policies: readonly PolicyArn[];
  /** Seconds. */
  readonly maxSessionDuration: number | undefined;
}

/** A setup as asked for. */
export interface SetupRequest {
  readonly purpose:
    | { readonly kind: 'write'; readonly format: SetupFormat; readonly out: string | undefined }
    /** A file that holds what `aws iam get-role` printed; `-` is standard input. */
    | { readonly kind: 'check'; readonly role: string };
  readonly jobs: GivenJobs;
  readonly role: GivenRole;
  readonly token: TokenPlace;
  /** Whether the token's place was given, so that there has to be one. */
  readonly tokenWanted: boolean;
}

/** Throws `Failure` of the usage kinds. */
export function parseSetupRequest(options: RawOptions, environment: Environment): SetupRequest {
  refuseConflicts(options);
  const list = <T>(name: string, parse: (given: GivenValue) => T): T[] => options.list(name).map(parse);
  const policies = distinct(list('permissions-policy-arn', parsePolicyArn), (policy) => policy.text);
  return {
    purpose: purposeOf(options),
    jobs: {
      issuer: options.parsed('issuer', parseIssuer) ?? options.parsed('org', parseOrganization),
      projectId: options.parsed('project-id', parseProjectId),
      repository: options.parsed('repo', parseRepository),
      references: distinct(
        [
          ...list('branch', (given) => parseReference('branch', given)),
          ...list('tag', (given) => parseReference('tag', given)),
        ],
        ({ kind, name }) => `${kind} ${name}`,
      ),
      pullRequests: options.switch('pull-requests'),
      sessionTags: options.switch('session-tags'),
    },
    role: {
      name: options.parsed('role-name', parseRoleName),
      account: options.parsed('account-id', parseAccountId),
      region: regionOf(options, environment)?.value,
      existingProvider: options.switch('existing-provider'),
      thumbprints: distinct(list('thumbprint', parseThumbprint), (text) => text),
      policies,
      // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
      maxSessionDuration: options.parsed('max-session-duration', (given) => parseSeconds(given, 3600, 43_200)),
    },
    token: tokenPlaceOf(options),
    tokenWanted: options.text('token-env') !== undefined || options.text('token-file') !== undefined,
  };
}

function purposeOf(options: RawOptions): SetupRequest['purpose'] {
  const role = options.text('check');
  if (role !== undefined) return { kind: 'check', role: role.value };
  const format = options.text('format');
  if (format === undefined) throw new Failure({ kind: 'format-missing', formats: setupFormats });
  return { kind: 'write', format: parseChoice(format, setupFormats), out: options.text('out')?.value };
}

function refuseConflicts(options: RawOptions): void {
  const given = (name: string) => options.text(name) !== undefined;
  const conflict = (one: string, other: string, why: string) => {
    if (given(one) && given(other))
      throw new Failure({ kind: 'flags-conflict', flags: [`--${one}`, `--${other}`], why });
  };
  conflict('issuer', 'org', "both name the organization, and --org only one on Semaphore's cloud");
  conflict('check', 'format', 'a check compares with what stands, and writes nothing');
  conflict('check', 'out', 'a check compares with what stands, and writes nothing');
  if (options.switch('existing-provider'))
    conflict('existing-provider', 'thumbprint', 'a provider that stands is left as it is');
}

function distinct<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [keyOf(one), one])).values()];
}
