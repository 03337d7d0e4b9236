import { hostOf, providerArnOf, roleArnPartsOf } from './arn.ts';
import type { TrustPolicy } from './trust-policy.ts';

/** A role in IAM. */
export interface Role {
  readonly arn: string;
  readonly trustPolicy: TrustPolicy;
  /** Seconds; 3600 if not given. */
  readonly maxSessionDuration?: number;
  /** Seconds that every session really lasts, so that a test can watch clients renew it. */
  readonly sessionSeconds?: number;
}

/** An OpenID Connect provider in IAM. */
export interface Provider {
  readonly account: string;
  readonly issuer: string;
  readonly audiences: readonly string[];
}

/** A user with long-term keys, for signed requests without an assumed role. */
export interface User {
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The content of the accounts. Tests can change the lists while STS runs. */
export interface Accounts {
  readonly roles: Role[];
  readonly providers: Provider[];
  readonly users: User[];
}

export function roleOf(accounts: Accounts, arn: string): Role | undefined {
  return accounts.roles.find((role) => role.arn === arn);
}

export function providerOf(accounts: Accounts, issuer: string, account: string): Provider | undefined {
  return accounts.providers.find((provider) => provider.issuer === issuer && provider.account === account);
}

/**
 * Returns a trust policy for tokens of one issuer: `aud` must equal the audience (default: the
 * issuer's URL), `sub` must match the pattern. With `tags` it also allows `sts:TagSession`.
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
