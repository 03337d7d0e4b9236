import { hostOf, providerArnOf, roleArnPartsOf } from './arn.ts';
import type { TrustPolicy } from './trust-policy.ts';

/** A role as IAM would hold it. */
export interface Role {
  readonly arn: string;
  readonly trustPolicy: TrustPolicy;
  /** Seconds; 3600 if not given. */
  readonly maxSessionDuration?: number;
  /** Seconds that every session lasts whatever was asked for, so that clients renew while one watches. */
  readonly sessionSeconds?: number;
}

/** An OpenID Connect provider as IAM would hold it. */
export interface Provider {
  readonly account: string;
  /** The issuer's URL with `https://`. */
  readonly issuer: string;
  readonly audiences: readonly string[];
}

/** Someone with lasting keys, for requests that need a signature before any role was assumed. */
export interface User {
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What the accounts that STS answers for contain. The lists may be changed while it runs. */
export interface Accounts {
  readonly roles: Role[];
  readonly providers: Provider[];
  readonly users: User[];
}

/** The role of this ARN, if the accounts have it. */
export function roleOf(accounts: Accounts, arn: string): Role | undefined {
  return accounts.roles.find((role) => role.arn === arn);
}

/** The provider for an issuer in the account of a role. */
export function providerOf(accounts: Accounts, issuer: string, account: string): Provider | undefined {
  return accounts.providers.find((provider) => provider.issuer === issuer && provider.account === account);
}

/**
 * A trust policy that lets tokens of one issuer assume the role: `aud` must equal the audience (the issuer's URL if
 * none is given), `sub` must match the pattern. With `tags` it also allows `sts:TagSession`.
 */
export function makeTrustPolicy(trust: {
  readonly roleArn: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience?: string;
  readonly tags?: boolean;
}): TrustPolicy {
  const host = hostOf(trust.issuer);
  const { account = '', partition = 'aws' } = roleArnPartsOf(trust.roleArn) ?? {};
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: providerArnOf(trust.issuer, account, partition) },
        Action: trust.tags ? ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'] : 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${host}:aud`]: trust.audience ?? trust.issuer },
          StringLike: { [`${host}:sub`]: trust.subject },
        },
      },
    ],
  };
}
