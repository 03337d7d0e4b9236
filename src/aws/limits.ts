/** A range that AWS sets, both ends included. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
/** Characters of the token that STS accepts. */
export const tokenLength: Range = { least: 4, most: 20_000 };
/** Characters of a role session's name. */
export const sessionNameLength: Range = { least: 2, most: 64 };
/** Seconds that a session can last; the role's own maximum can be lower. */
export const sessionDuration: Range = { least: 900, most: 43_200 };
/** Characters of a role's ARN. */
export const longestRoleArn = 2048;
/** Characters of a session policy, white space included. */
export const longestSessionPolicy = 2048;
/** Managed policies in one session. */
export const mostSessionPolicyArns = 10;

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
/** Seconds that a session lasts at most if another role's session requested it (role chaining). */
export const longestChainedSession = 3600;
/** Characters of an external id. */
export const externalIdLength: Range = { least: 2, most: 1224 };
/** Characters of a source identity. */
export const sourceIdentityLength: Range = { least: 2, most: 64 };
/** Session tags in one request. */
export const mostSessionTags = 50;
/** Characters of a session tag's key. */
export const longestTagKey = 128;
/** Characters of a session tag's value. */
export const longestTagValue = 256;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
/** Seconds to which a role can limit its sessions. */
export const maxSessionDuration: Range = { least: 3600, most: 43_200 };

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
/** Characters of a role's name. */
export const longestRoleName = 64;
/** Characters of a path between the slashes at its two ends; with them it is 512. */
export const longestPathInSlashes = 510;
/** Characters of a trust policy without a higher quota, white space not counted. */
export const longestTrustPolicy = 2048;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
/** Characters of a managed policy's name. */
export const longestPolicyName = 128;

// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
/** Characters of a provider's URL, and of an audience of a provider. */
export const longestProviderText = 255;
