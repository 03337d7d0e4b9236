import { type PolicyArn, parseAccountId, parsePolicyArn, parseRoleName } from '../aws/arn.ts';
import { maxSessionDuration } from '../aws/limits.ts';
import { parseRegion } from '../aws/region.ts';
import { Failure } from '../failure.ts';
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
import { joinWords } from '../text/quote.ts';
import type { Environment } from '../world/world.ts';
import { regionOf } from './login-options.ts';
import type { Option, Options } from './option.ts';
import { type TokenOption, tokenPlaceOf } from './token-options.ts';
import { parseChoice, parseSeconds, parseThumbprint } from './values.ts';

/** The formats in which provider and role are written. */
export const setupFormats = ['cloudformation', 'terraform', 'aws-cli', 'json'] as const;
/** One of these formats. */
export type SetupFormat = (typeof setupFormats)[number];

/** The options of `setup`, except those of the token. */
export const setupOptions = [
  {
    name: 'format',
    value: 'FORMAT',
    help: `output format: ${joinWords(setupFormats, 'or')}`,
    parse: (given) => parseChoice(given, setupFormats),
    group: 'Common',
    commands: ['setup'],
  },
  {
    name: 'out',
    value: 'FILE',
    help: 'write to this new file (json: directory) instead of standard output',
    group: 'Common',
    commands: ['setup'],
  },
  {
    name: 'check',
    value: 'FILE',
    repeatable: true,
    help: 'compare with output of "aws iam": get-role, list-attached-role-policies, get-open-id-connect-provider ("-": standard input)',
    group: 'Common',
    commands: ['setup'],
  },
  {
    name: 'region',
    value: 'REGION',
    help: 'AWS region for the login command; also selects the partition',
    parse: parseRegion,
    otherwise: 'AWS_REGION or AWS_DEFAULT_REGION',
    group: 'Common',
    commands: ['setup'],
  },
  {
    name: 'issuer',
    value: 'URL',
    help: 'URL of the Semaphore organization',
    parse: parseIssuer,
    otherwise: 'from the token',
    group: 'Allowed jobs',
    commands: ['setup'],
  },
  {
    name: 'org',
    value: 'NAME',
    help: 'name of the organization on semaphoreci.com, instead of --issuer',
    parse: parseOrganization,
    group: 'Allowed jobs',
    commands: ['setup'],
  },
  {
    name: 'project-id',
    value: 'UUID',
    help: 'ID of the Semaphore project',
    parse: parseProjectId,
    otherwise: 'from the token',
    group: 'Allowed jobs',
    commands: ['setup'],
  },
  {
    name: 'repo',
    value: 'NAME',
    help: 'name of the repository, without its owner',
    parse: parseRepository,
    otherwise: 'from the token; without a token, any',
    group: 'Allowed jobs',
    commands: ['setup'],
  },
  {
    name: 'branch',
    value: 'NAME',
    repeatable: true,
    help: 'branch to allow; * matches any characters',
    parse: (given) => parseReference('branch', given),
    otherwise: 'the one of this job',
    group: 'Allowed jobs',
    commands: ['setup'],
  },
  {
    name: 'tag',
    value: 'NAME',
    repeatable: true,
    help: 'tag to allow; * matches any characters',
    parse: (given) => parseReference('tag', given),
    otherwise: 'the one of this job',
    group: 'Allowed jobs',
    commands: ['setup'],
  },
  {
    name: 'pull-requests',
    help: 'allow pull requests, including those from forks',
    group: 'Allowed jobs',
    commands: ['setup'],
  },
  {
    name: 'session-tags',
    help: 'allow sts:TagSession',
    otherwise: 'on if the token has tags',
    group: 'Allowed jobs',
    commands: ['setup'],
  },
  {
    name: 'account-id',
    value: 'ID',
    help: 'AWS account ID; required for json, and aws-cli then rejects other accounts',
    parse: parseAccountId,
    group: 'Role and provider',
    commands: ['setup'],
  },
  {
    name: 'role-name',
    value: 'NAME',
    help: 'name of the role to create',
    parse: parseRoleName,
    otherwise: 'semaphore-<repository>',
    group: 'Role and provider',
    commands: ['setup'],
  },
  {
    name: 'existing-provider',
    help: 'use the identity provider that exists in the account',
    group: 'Role and provider',
    commands: ['setup'],
  },
  {
    name: 'thumbprint',
    value: 'SHA1',
    repeatable: true,
    help: 'SHA-1 of the CA certificate, for an issuer whose certificate AWS does not trust',
    parse: parseThumbprint,
    group: 'Role and provider',
    commands: ['setup'],
  },
  {
    name: 'permissions-policy-arn',
    value: 'ARN',
    repeatable: true,
    help: 'ARN of a managed policy to attach',
    parse: parsePolicyArn,
    otherwise: 'none',
    group: 'Role and provider',
    commands: ['setup'],
  },
  {
    name: 'max-session-duration',
    value: 'SECONDS',
    help: `maximum session duration of the role, ${maxSessionDuration.least} to ${maxSessionDuration.most}`,
    parse: (given) => parseSeconds(given, maxSessionDuration.least, maxSessionDuration.most),
    otherwise: '3600, set by AWS',
    group: 'Role and provider',
    commands: ['setup'],
  },
] as const satisfies readonly Option[];

type SetupOption = (typeof setupOptions)[number];

/** The jobs to let in, as far as options say. The token says the rest. */
export interface GivenJobs {
  readonly issuer: Issuer | undefined;
  readonly projectId: string | undefined;
  readonly repository: string | undefined;
  readonly references: readonly GitReference[];
  readonly pullRequests: boolean;
  readonly sessionTags: boolean;
}

/** The role and its provider, as far as options say. */
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

/** A request to write or check a setup. */
export interface SetupRequest {
  readonly purpose:
    | { readonly kind: 'write'; readonly format: SetupFormat; readonly out: string | undefined }
    /** Files with output of the AWS CLI; `-` is standard input. */
    | { readonly kind: 'check'; readonly files: readonly string[] };
  readonly jobs: GivenJobs;
  readonly role: GivenRole;
  readonly token: TokenPlace;
  /** Whether the token's place was given, so that the token must exist. */
  readonly tokenWanted: boolean;
}

/** Throws `Failure` of the usage kinds. */
export function parseSetupRequest(options: Options<SetupOption | TokenOption>, environment: Environment): SetupRequest {
  const { values, given } = options;
  refuseConflicts(options);
  return {
    purpose: purposeOf(values),
    jobs: {
      issuer: values.issuer ?? values.org,
      projectId: values['project-id'],
      repository: values.repo,
      references: distinct([...values.branch, ...values.tag], ({ kind, name }) => `${kind} ${name}`),
      pullRequests: values['pull-requests'],
      sessionTags: values['session-tags'],
    },
    role: {
      name: values['role-name'],
      account: values['account-id'],
      region: regionOf(given.region, environment)?.value,
      existingProvider: values['existing-provider'],
      thumbprints: distinct(values.thumbprint, (text) => text),
      policies: distinct(values['permissions-policy-arn'], (policy) => policy.text),
      maxSessionDuration: values['max-session-duration'],
    },
    token: tokenPlaceOf(options),
    tokenWanted: given['token-env'].length > 0 || given['token-file'].length > 0,
  };
}

function purposeOf({ check, format, out }: Options<SetupOption>['values']): SetupRequest['purpose'] {
  if (check.length > 0) return { kind: 'check', files: check };
  if (format === undefined) throw new Failure({ kind: 'format-missing', formats: setupFormats });
  return { kind: 'write', format, out };
}

function refuseConflicts({ values, given }: Options<SetupOption>): void {
  const conflict = (one: SetupOption['name'], other: SetupOption['name'], why: string) => {
    if (given[one].length > 0 && given[other].length > 0)
      throw new Failure({ kind: 'flags-conflict', flags: [`--${one}`, `--${other}`], why });
  };
  conflict('issuer', 'org', 'both set the organization');
  conflict('check', 'format', '--check only compares and writes nothing');
  conflict('check', 'out', '--check only compares and writes nothing');
  if (values['existing-provider'])
    conflict('existing-provider', 'thumbprint', 'setup does not change an existing provider');
}

function distinct<T>(all: readonly T[], keyOf: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [keyOf(one), one])).values()];
}
