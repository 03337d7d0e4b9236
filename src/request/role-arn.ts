import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';
import { isRoleName } from './role-name.ts';

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
