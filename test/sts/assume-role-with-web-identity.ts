import { roleOf } from './account.ts';
import type { Content } from './answer.ts';
import { hostOf, providerArnOf, roleArnPartsOf } from './arn.ts';
import { type Call, durationOf, formatTime } from './call.ts';
import { awsTagsClaim, type Claims } from './claims.ts';
import { checkLimits, limits } from './parameters.ts';
import { invalidIdentityToken, notAuthorized, validationError } from './refusal.ts';
import { packedPolicySizeOf } from './session-policy.ts';
import { refusalReasonOf, type TrustPolicy } from './trust-policy.ts';
import { verifyWebIdentity, type WebIdentity } from './web-identity.ts';

const action = 'sts:AssumeRoleWithWebIdentity';

interface SessionTags {
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveTagKeys: readonly string[];
}

function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The session tags in a token: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html */
function sessionTagsOf(claims: Claims): SessionTags {
  const claim = claims[awsTagsClaim];
  if (claim === undefined) return { tags: new Map(), transitiveTagKeys: [] };
  if (!isObject(claim) || !isObject(claim['principal_tags'])) {
    throw invalidIdentityToken('Invalid tags claim', `${awsTagsClaim} has no principal_tags`);
  }
  const tags = new Map<string, string>();
  for (const [key, values] of Object.entries(claim['principal_tags'])) {
    const value = isStringList(values) && values.length === 1 ? values[0] : undefined;
    if (value === undefined)
      throw invalidIdentityToken('Invalid tags claim', `the tag ${key} is not a list of one string`);
    tags.set(key, value);
  }
  const transitive = claim['transitive_tag_keys'];
  return { tags, transitiveTagKeys: isStringList(transitive) ? transitive : [] };
}

function conditionContextOf(identity: WebIdentity, tags: SessionTags, sessionName: string): Map<string, string[]> {
  const host = hostOf(identity.provider.issuer);
  const context = new Map([
    [`${host}:aud`, [identity.audience]],
    [`${host}:sub`, [identity.subject]],
    ['sts:RoleSessionName', [sessionName]],
  ]);
  for (const [key, value] of tags.tags) context.set(`aws:RequestTag/${key}`, [value]);
  if (tags.tags.size > 0) context.set('aws:TagKeys', [...tags.tags.keys()]);
  if (tags.transitiveTagKeys.length > 0) context.set('sts:TransitiveTagKeys', [...tags.transitiveTagKeys]);
  return context;
}

function checkTrust(policy: TrustPolicy, providerArn: string, context: Map<string, string[]>, hasTags: boolean): void {
  const principal = { kind: 'Federated', names: [providerArn] } as const;
  for (const needed of hasTags ? [action, 'sts:TagSession'] : [action]) {
    const reason = refusalReasonOf(policy, { action: needed, principal, context });
    if (reason !== undefined) throw notAuthorized(action, `${needed}: ${reason}`);
  }
}

/** `AssumeRoleWithWebIdentity`: an unsigned request; the token alone decides. */
export async function assumeRoleWithWebIdentity(call: Call): Promise<Content> {
  const { parameters, accounts, sessions, now } = call;
  checkLimits(parameters, [
    limits.roleArn,
    limits.roleSessionName,
    limits.webIdentityToken,
    limits.durationSeconds,
    limits.policy,
  ]);
  const roleArn = parameters.get('RoleArn') ?? '';
  const sessionName = parameters.get('RoleSessionName') ?? '';
  const parts = roleArnPartsOf(roleArn);
  if (parts === undefined) throw validationError('Request ARN is invalid');

  const seconds = Math.floor(now.getTime() / 1000);
  const token = parameters.get('WebIdentityToken') ?? '';
  const identity = await verifyWebIdentity(token, parts.account, accounts, call.discovery, seconds);
  const role = roleOf(accounts, roleArn);
  if (role === undefined) throw notAuthorized(action, `there is no role ${roleArn}`);
  const tags = sessionTagsOf(identity.claims);
  const providerArn = providerArnOf(identity.provider.issuer, parts.account, parts.partition);
  checkTrust(role.trustPolicy, providerArn, conditionContextOf(identity, tags, sessionName), tags.tags.size > 0);

  const duration = durationOf(parameters, role);
  const packedPolicySize = packedPolicySizeOf(parameters, tags.tags);
  const expiration = new Date(now.getTime() + duration * 1000);
  const issued = sessions.issue({ role, sessionName, expiration, ...tags, sourceIdentity: undefined });
  return {
    Audience: identity.audience,
    AssumedRoleUser: { AssumedRoleId: issued.userId, Arn: issued.arn },
    Provider: providerArn,
    Credentials: {
      AccessKeyId: issued.accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      SessionToken: issued.session.token,
      Expiration: formatTime(expiration),
    },
    SubjectFromWebIdentityToken: identity.subject,
    PackedPolicySize: packedPolicySize,
  };
}
