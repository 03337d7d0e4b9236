import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

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
