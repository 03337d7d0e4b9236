import { roleOf } from './account.ts';
import type { Content } from './answer.ts';
import { hostOf, providerArnOf, roleArnPartsOf } from './arn.ts';
import { type Call, credentialsOf, durationOf } from './call.ts';
import type { ConditionContext } from './condition.ts';
import { checkLimits, limits } from './parameters.ts';
import { packedPolicySizeOf } from './session-policy.ts';
import { type SessionTags, tagContextOf, tagsOfToken } from './session-tags.ts';
import { notAuthorized, validationError } from './sts-error.ts';
import { denialReasonOf, type TrustPolicy } from './trust-policy.ts';
import { verifyWebIdentity, type WebIdentity } from './web-identity.ts';

const action = 'sts:AssumeRoleWithWebIdentity';

function conditionContextOf(identity: WebIdentity, tags: SessionTags, sessionName: string) {
  const host = hostOf(identity.provider.issuer);
  return new Map<string, readonly string[]>([
    [`${host}:aud`, [identity.audience]],
    [`${host}:sub`, [identity.subject]],
    ['sts:RoleSessionName', [sessionName]],
    ...tagContextOf(tags),
  ]);
}

function checkTrust(policy: TrustPolicy, providerArn: string, context: ConditionContext, hasTags: boolean): void {
  const principal = { kind: 'Federated', names: [providerArn] } as const;
  for (const needed of hasTags ? [action, 'sts:TagSession'] : [action]) {
    const reason = denialReasonOf(policy, { action: needed, principal, context });
    if (reason !== undefined) throw notAuthorized(action, `${needed}: ${reason}`);
  }
}

/** Handles `AssumeRoleWithWebIdentity`: not signed, only the token decides. */
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
  const tags = tagsOfToken(identity.claims);
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
    Credentials: credentialsOf(issued),
    SubjectFromWebIdentityToken: identity.subject,
    PackedPolicySize: packedPolicySize,
  };
}
