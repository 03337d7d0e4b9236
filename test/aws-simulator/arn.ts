/** The parts of an IAM role's ARN. */
export interface RoleArnParts {
  readonly partition: string;
  readonly account: string;
  /** The last part of the path: the name that assumed-role ARNs carry. */
  readonly name: string;
}

/** The parts of a role's ARN, or nothing if this is not one. */
export function roleArnPartsOf(arn: string): RoleArnParts | undefined {
  const match = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/.exec(arn);
  if (match === null) return undefined;
  const [, partition = '', account = '', name = ''] = match;
  return { partition, account, name };
}

/** The ARN of an OpenID Connect provider: the issuer without its scheme, under the account. */
export function providerArnOf(issuer: string, account: string, partition: string): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${hostOf(issuer)}`;
}

/** An issuer's URL as IAM names it: without `https://`. */
export function hostOf(issuer: string): string {
  return issuer.replace(/^https:\/\//, '');
}
