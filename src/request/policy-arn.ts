import { Failure } from '../failure.ts';
import type { GivenValue } from './given-value.ts';

/** The ARN of a managed policy. */
export interface PolicyArn {
  readonly text: string;
  readonly partition: string;
  /** Undefined for a policy that AWS itself manages. */
  readonly account: string | undefined;
}

/** Takes `arn:PARTITION:iam::ACCOUNT:policy/[PATH/]NAME`, with `aws` for the account of AWS's own. Throws `value-invalid`. */
export function parsePolicyArn(given: GivenValue): PolicyArn {
  const shape = /^arn:(aws(?:-[a-z]+)*):iam::(aws|\d{12}):policy\/[\w+=,.@/-]{1,512}$/;
  const [text, partition = '', account] = shape.exec(given.value) ?? [];
  if (text !== undefined) return { text, partition, account: account === 'aws' ? undefined : account };
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: "it is not a managed policy's ARN",
    remedy: 'give it as the IAM console shows it: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
  });
}
