import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';

/** An IAM role's ARN that STS can take, with the parts that decide where it is asked. */
export interface RoleArn {
  readonly text: string;
  readonly partition: string;
  readonly account: string;
  /** The role's own name, without its path. */
  readonly name: string;
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: paths of 1-512 characters;
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html: an ARN of 20-2048.
const rolePath = /^(?:[\x21-\x7e]{1,510}\/)?$/;
const partitionName = /^aws(?:-[a-z]+)*$/;

/** Takes `arn:PARTITION:iam::ACCOUNT:role/[PATH/]NAME`; throws a `value-invalid` failure that names the part that is wrong. */
export function parseRoleArn(given: GivenValue): RoleArn {
  const { value, source } = given;
  const refuse = (problem: string): never => {
    throw new Failure({
      kind: 'value-invalid',
      source,
      value,
      problem,
      remedy: "give the role's ARN, arn:aws:iam::123456789012:role/NAME, as the IAM console shows it",
    });
  };
  if (value.trim() !== value) return refuse('it has white space around it');
  const [prefix, partition = '', service = '', region = '', account = '', ...rest] = value.split(':');
  const resource = rest.join(':');
  if (prefix !== 'arn' || rest.length === 0) return refuse('it is not an ARN, which has six parts between colons');
  if (!partitionName.test(partition))
    return refuse(`"${partition}" is no partition, which is "aws", "aws-cn" or alike`);
  if (service === 'sts' && resource.startsWith('assumed-role/'))
    return refuse('it names a session of a role ("assumed-role"), not the role itself');
  if (service !== 'iam') return refuse(`its service is "${service}", and a role's is "iam"`);
  if (region !== '')
    return refuse(`it has a region, "${region}", and IAM knows none: two colons stand before the account`);
  if (!/^\d{12}$/.test(account)) return refuse(`its account is "${account}", and an account has twelve digits`);
  if (!resource.startsWith('role/')) return refuse(`it names "${resource}", which is not a role ("role/NAME")`);
  const path = resource.slice('role/'.length, resource.lastIndexOf('/') + 1);
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  if (!isRoleName(name))
    return refuse(`its role's name is "${name}", and a name has 1 to 64 letters, digits or _+=,.@-`);
  if (!rolePath.test(path)) return refuse(`its role's path is "${path}", which IAM does not allow`);
  if (value.length > 2048) return refuse('it is longer than 2048 characters');
  return { text: value, partition, account, name };
}

/** Takes the number of an AWS account; throws `value-invalid`. */
export function parseAccountId(given: GivenValue): string {
  if (/^\d{12}$/.test(given.value)) return given.value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: "an account's id has twelve digits",
    remedy: 'give the number without blanks or dashes: 123456789012',
  });
}

/** The ARN of a managed policy. */
export interface PolicyArn {
  readonly text: string;
  readonly partition: string;
  /** Undefined for a policy that AWS itself manages. */
  readonly account: string | undefined;
}

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html: a path of up to 512 characters with its slashes, a name of 128.
const shape = /^arn:(aws(?:-[a-z]+)*):iam::(aws|\d{12}):policy\/(?:[\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,128}$/;

/** Takes `arn:PARTITION:iam::ACCOUNT:policy/[PATH/]NAME`, with `aws` for the account of AWS's own. Throws `value-invalid`. */
export function parsePolicyArn(given: GivenValue): PolicyArn {
  const [text, partition = '', account] = shape.exec(given.value) ?? [];
  if (text !== undefined) return { text, partition, account: account === 'aws' ? undefined : account };
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: "it is not a managed policy's ARN",
    remedy: 'give it as the IAM console shows it: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
  });
}

/** Whether a role can have this name: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export function isRoleName(value: string): boolean {
  return /^[\w+=,.@-]{1,64}$/.test(value);
}

/** Takes a role's name, without a path; throws `value-invalid`. */
export function parseRoleName(given: GivenValue): string {
  const { value } = given;
  if (isRoleName(value)) return value;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: value.startsWith('arn:')
      ? "it is an ARN, where the role's name is wanted"
      : 'a role has a name of 1 to 64 letters, digits or _+=,.@-',
    remedy: 'give a name such as "deploy"',
  });
}
