export interface RoleArnParts {
  readonly partition: string;
  readonly account: string;
  /** The last part of the path; assumed-role ARNs contain it. */
  readonly name: string;
}

/** Parses a role's ARN; undefined if it is not one. */
export function roleArnPartsOf(arn: string): RoleArnParts | undefined {
  const match = /^arn:(aws[a-z-]*):iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/.exec(arn);
  if (match === null) return undefined;
  const [, partition = '', account = '', name = ''] = match;
  return { partition, account, name };
}

export function providerArnOf(issuer: string, account: string, partition: string): string {
  return `arn:${partition}:iam::${account}:oidc-provider/${hostOf(issuer)}`;
}

/** Returns an issuer's URL as IAM names it, without `https://`. */
export function hostOf(issuer: string): string {
  return issuer.replace(/^https:\/\//, '');
}
