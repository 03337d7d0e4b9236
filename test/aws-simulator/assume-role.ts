import { roleOf } from './account.ts';
import type { Content } from './answer.ts';
import { roleArnPartsOf } from './arn.ts';
import { type Call, credentialsOf, durationOf } from './call.ts';
import { checkLimits, limits, type Parameters } from './parameters.ts';
import { packedPolicySizeOf } from './session-policy.ts';
import { inheritTags, type SessionTags, tagContextOf, tagsOfParameters } from './session-tags.ts';
import type { Identity } from './sessions.ts';
import { verifySignature } from './signature.ts';
import { StsError, validationError } from './sts-error.ts';
import { denialReasonOf, type TrustPolicy } from './trust-policy.ts';

/** Returns all names by which a trust policy can allow a caller. */
function namesOf(caller: Identity): readonly string[] {
  const partition = caller.arn.split(':')[1] ?? 'aws';
  const own = caller.session === undefined ? [caller.arn] : [caller.arn, caller.session.roleArn];
  return [...own, caller.account, `arn:${partition}:iam::${caller.account}:root`];
}

function contextOf(caller: Identity, parameters: Parameters, tags: SessionTags, sourceIdentity: string | undefined) {
  const tagsOfCaller = [...(caller.session?.tags ?? [])];
  const externalId = parameters.get('ExternalId');
  return new Map<string, readonly string[]>([
    ['sts:RoleSessionName', [parameters.get('RoleSessionName') ?? '']],
    ['aws:PrincipalArn', [caller.session?.roleArn ?? caller.arn]],
    ['aws:PrincipalAccount', [caller.account]],
    ...tagsOfCaller.map(([key, value]) => [`aws:PrincipalTag/${key}`, [value]] as const),
    ...tagContextOf(tags),
    ...(externalId === undefined ? [] : [['sts:ExternalId', [externalId]] as const]),
    ...(sourceIdentity === undefined ? [] : [['sts:SourceIdentity', [sourceIdentity]] as const]),
  ]);
}

function sourceIdentityOf(caller: Identity, parameters: Parameters, denied: (reason: string) => StsError) {
  const inherited = caller.session?.sourceIdentity;
  const requested = parameters.get('SourceIdentity');
  if (inherited !== undefined && requested !== undefined && requested !== inherited) {
    throw denied(`the session has the source identity ${inherited}, which cannot be changed`);
  }
  return requested ?? inherited;
}

function neededActions(tags: SessionTags, sourceIdentity: string | undefined): readonly string[] {
  return [
    'sts:AssumeRole',
    ...(tags.tags.size > 0 ? ['sts:TagSession'] : []),
    ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ];
}

function checkDuration(parameters: Parameters, caller: Identity): void {
  if (caller.session === undefined || Number(parameters.get('DurationSeconds') ?? 3600) <= 3600) return;
  throw validationError(
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  );
}

/**
 * Handles `AssumeRole`: signed, and the role's trust policy decides. The caller's own policies are
 * not modelled and count as allowing it.
 */
export function assumeRole(call: Call): Content {
  const { parameters, sessions, accounts, now } = call;
  const caller = verifySignature(call.wire, sessions, now);
  checkLimits(parameters, [
    limits.roleArn,
    limits.roleSessionName,
    limits.durationSeconds,
    limits.policy,
    limits.externalId,
    limits.sourceIdentity,
  ]);
  const roleArn = parameters.get('RoleArn') ?? '';
  if (roleArnPartsOf(roleArn) === undefined) throw validationError('Request ARN is invalid');
  const denied = (reason: string, action = 'sts:AssumeRole') =>
    new StsError(
      'AccessDenied',
      403,
      `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${roleArn}`,
      reason,
    );

  const role = roleOf(accounts, roleArn);
  if (role === undefined) throw denied(`there is no role ${roleArn}`);
  const tags = inheritTags(tagsOfParameters(parameters), caller.session);
  const sourceIdentity = sourceIdentityOf(caller, parameters, denied);
  const context = contextOf(caller, parameters, tags, sourceIdentity);
  checkTrust(role.trustPolicy, neededActions(tags, sourceIdentity), caller, context, denied);
  checkDuration(parameters, caller);

  const expiration = new Date(now.getTime() + durationOf(parameters, role) * 1000);
  const packedPolicySize = packedPolicySizeOf(parameters, tags.tags);
  const sessionName = parameters.get('RoleSessionName') ?? '';
  const issued = sessions.issue({ role, sessionName, expiration, ...tags, sourceIdentity });
  return {
    AssumedRoleUser: { AssumedRoleId: issued.userId, Arn: issued.arn },
    Credentials: credentialsOf(issued),
    PackedPolicySize: packedPolicySize,
    SourceIdentity: sourceIdentity,
  };
}

function checkTrust(
  policy: TrustPolicy,
  actions: readonly string[],
  caller: Identity,
  context: ReadonlyMap<string, readonly string[]>,
  denied: (reason: string, action: string) => StsError,
): void {
  const principal = { kind: 'AWS', names: namesOf(caller) } as const;
  for (const action of actions) {
    const reason = denialReasonOf(policy, { action, principal, context });
    if (reason !== undefined) throw denied(`${action}: ${reason}`, action);
  }
}
