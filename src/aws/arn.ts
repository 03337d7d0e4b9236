import { type FactsOf, Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import { longestPathInSlashes, longestPolicyName, longestRoleArn, longestRoleName } from './limits.ts';
import { unquoted, wrappingProblem } from './wrapped-value.ts';

/** The parts of an ARN, `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`; a part can be empty. */
export interface ArnParts {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Can contain colons. */
  readonly resource: string;
}

/** Splits an ARN without checking its parts; undefined if it has fewer than six. */
export function splitArn(text: string): ArnParts | undefined {
  const [prefix, partition = '', service = '', region = '', account = '', ...rest] = text.split(':');
  if (prefix !== 'arn' || rest.length === 0) return undefined;
  return { partition, service, region, account, resource: rest.join(':') };
}

/** Returns the last segment of a resource, such as a role's name without its path. */
export function nameInResource(resource: string): string {
  return resource.slice(resource.lastIndexOf('/') + 1);
}

/** Returns the ARN of a role without a path. */
export function makeRoleArn(role: {
  readonly partition: string;
  readonly account: string;
  readonly name: string;
}): string {
  return `arn:${role.partition}:iam::${role.account}:role/${role.name}`;
}

export interface Provider {
  readonly partition: string;
  readonly account: string;
  /** The issuer without `https://`. */
  readonly host: string;
}

export function makeProviderArn({ partition, account, host }: Provider): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${host}`;
}

/** Parses a provider's ARN, without checking its parts; undefined if it has another form. */
export function parseProviderArn(text: string): Provider | undefined {
  const {
    partition = '',
    account = '',
    host = '',
  } = /^arn:(?<partition>[^:]+):iam::(?<account>[^:]*):oidc-provider\/(?<host>.+)/.exec(text)?.groups ?? {};
  return host === '' ? undefined : { partition, account, host };
}

export interface RoleArn {
  readonly text: string;
  readonly partition: string;
  readonly account: string;
  /** Without the path. */
  readonly name: string;
}

const path = `(?:[\\x21-\\x7e]{1,${longestPathInSlashes}}/)?`;
const rolePath = new RegExp(`^${path}$`);
const roleName = new RegExp(`^[\\w+=,.@-]{1,${longestRoleName}}$`);
const partitionName = /^aws(?:-[a-z]+)*$/;

/**
 * Parses a role's ARN, with or without a path. Throws `value-invalid`, which names the wrong part.
 */
export function parseRoleArn(given: GivenValue): RoleArn {
  const { value, source } = given;
  const refuse = (problem: string, meant?: string): never => {
    const remedy = "give the role's ARN, arn:aws:iam::123456789012:role/NAME, as the IAM console shows it";
    const facts = { kind: 'value-invalid', source, value, problem, remedy } as const;
    throw new Failure(meant === undefined ? facts : { ...facts, meant });
  };
  const mistake = copyMistakeIn(value);
  if (mistake !== undefined) throw new Failure({ kind: 'value-invalid', source, value, ...mistake });
  const arn = splitArn(value);
  if (arn === undefined) return refuse('it is not an ARN, which has six parts between colons');
  const { partition, service, region, account, resource } = arn;
  if (!partitionName.test(partition)) return refuse(`"${partition}" is not a partition, such as "aws" or "aws-cn"`);
  if (service === 'sts' && resource.startsWith('assumed-role/'))
    return refuse(
      'it names a session of a role ("assumed-role"), not the role itself',
      makeRoleArn({ partition, account, name: resource.split('/')[1] ?? '' }),
    );
  if (service !== 'iam') return refuse(`its service is "${service}", and a role's is "iam"`);
  if (region !== '')
    return refuse(
      `it has a region, "${region}", and a role has none: write two colons before the account`,
      value.replace(`:iam:${region}:`, ':iam::'),
    );
  if (!/^\d{12}$/.test(account))
    return refuse(`its account is "${account}", and an account has twelve digits`, withPlainAccount(arn));
  if (!resource.startsWith('role/')) return refuse(`it names "${resource}", which is not a role ("role/NAME")`);
  const rolesPath = resource.slice('role/'.length, resource.lastIndexOf('/') + 1);
  const name = nameInResource(resource);
  if (!isRoleName(name))
    return refuse(`its role's name is "${name}", and a name has 1 to ${longestRoleName} letters, digits or _+=,.@-`);
  if (!rolePath.test(rolesPath)) return refuse(`its role's path is "${rolesPath}", which IAM does not allow`);
  if (value.length > longestRoleArn) return refuse(`it is longer than ${longestRoleArn} characters`);
  return { text: value, partition, account, name };
}

// The AWS console shows an account's number with dashes.
function withPlainAccount({ partition, account, resource }: ArnParts): string | undefined {
  const digits = account.replace(/[\s-]/g, '');
  return /^\d{12}$/.test(digits) ? `arn:${partition}:iam::${digits}:${resource}` : undefined;
}

/**
 * Returns what copying an ARN has added to it: quotes, white space or line breaks; undefined for
 * nothing.
 */
function copyMistakeIn(value: string): Pick<FactsOf<'value-invalid'>, 'problem' | 'remedy' | 'meant'> | undefined {
  const bare = unquoted(value);
  const meant = bare.replace(/\s*[\r\n]\s*/g, '');
  if (meant === value) return undefined;
  const problem =
    bare === value ? { problem: 'it has a line break in it', remedy: 'remove the line break' } : wrappingProblem(value);
  return splitArn(meant) === undefined ? problem : { ...problem, meant };
}

/**
 * Whether an ARN of STS is a session of this role. Such an ARN has no path. Case does not matter in
 * a role's name, since an account has no two that differ only in case.
 */
export function isSessionOf(sessionArn: string, roleArn: string, sessionName: string): boolean {
  const role = splitArn(roleArn);
  if (role === undefined || !sessionArn.endsWith(`/${sessionName}`)) return false;
  const ofRole = sessionArn.slice(0, -sessionName.length - 1).toLowerCase();
  const { partition, account, resource } = role;
  return ofRole === `arn:${partition}:sts::${account}:assumed-role/${nameInResource(resource)}`.toLowerCase();
}

/** Parses the number of an AWS account. Throws `value-invalid`. */
export function parseAccountId(given: GivenValue): string {
  if (/^\d{12}$/.test(given.value)) return given.value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'an account ID has twelve digits',
    remedy: 'give the number without spaces or dashes: 123456789012',
  });
}

export interface PolicyArn {
  readonly text: string;
  readonly partition: string;
  /** Undefined for a policy of AWS. */
  readonly account: string | undefined;
}

const policyShape = new RegExp(
  `^arn:(aws(?:-[a-z]+)*):iam::(aws|\\d{12}):policy/${path}[\\w+=,.@-]{1,${longestPolicyName}}$`,
);

/**
 * Parses `arn:PARTITION:iam::ACCOUNT:policy/[PATH/]NAME`; ACCOUNT is `aws` for AWS's own policies.
 * Throws `value-invalid`.
 */
export function parsePolicyArn(given: GivenValue): PolicyArn {
  const [text, partition = '', account] = policyShape.exec(given.value) ?? [];
  if (text !== undefined) return { text, partition, account: account === 'aws' ? undefined : account };
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: "it is not a managed policy's ARN",
    remedy: 'give it as the IAM console shows it: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
  });
}

/** Whether a role can have this name. */
export function isRoleName(value: string): boolean {
  return roleName.test(value);
}

/** Parses a role's name, without a path. Throws `value-invalid`. */
export function parseRoleName(given: GivenValue): string {
  const { value } = given;
  if (isRoleName(value)) return value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: value.startsWith('arn:')
      ? "it is an ARN, and this option takes the role's name"
      : `a role has a name of 1 to ${longestRoleName} letters, digits or _+=,.@-`,
    remedy: 'give a name such as "deploy"',
  });
}
