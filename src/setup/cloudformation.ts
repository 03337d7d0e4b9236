import { code, list, type Member, member, object, text, trustOutline } from './outline.ts';
import type { SetupPlan } from './plan.ts';
import { commentLines, type Reasons, reasonsOf } from './reasons.ts';
import { makeTrustDocument } from './trust-document.ts';
import { yamlText } from './yaml-text.ts';

/** A CloudFormation template, in YAML since JSON has no comments. The stack's own account and partition are used. */
export function makeCloudFormation(plan: SetupPlan): string {
  const reasons = reasonsOf(plan);
  const template = object(
    member('AWSTemplateFormatVersion', '2010-09-09'),
    member('Description', `Lets jobs of a Semaphore project of ${plan.jobs.issuer.host} log in by their own tokens`),
    member(
      'Resources',
      object(
        ...(plan.existingProvider ? [] : [providerMember(plan, reasons)]),
        member('SemaphoreRole', roleOutline(plan, reasons)),
      ),
    ),
    member(
      'Outputs',
      object(
        member(
          'RoleArn',
          object(
            member('Description', 'For the login line: sem-aws-login --role-arn'),
            member('Value', code('!GetAtt SemaphoreRole.Arn')),
          ),
        ),
      ),
    ),
  );
  return [...commentLines(reasons.head), yamlText(template)].join('\n');
}

function providerMember({ jobs, thumbprints }: SetupPlan, reasons: Reasons): Member {
  const properties = [member('Url', jobs.issuer.url), member('ClientIdList', list([text(jobs.audience)]))];
  if (thumbprints.length > 0) properties.push(member('ThumbprintList', list(thumbprints.map(text))));
  return member(
    'SemaphoreProvider',
    object(member('Type', 'AWS::IAM::OIDCProvider'), member('Properties', object(...properties), reasons.thumbprints)),
    reasons.provider,
  );
}

function roleOutline(plan: SetupPlan, reasons: Reasons) {
  const { jobs, existingProvider, maxSessionDuration, policies, roleName } = plan;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own parameters
  const arn = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/';
  const provider = code(existingProvider ? `!Sub ${arn}${jobs.issuer.host}` : '!Ref SemaphoreProvider');
  const trust = trustOutline(makeTrustDocument(jobs, provider), reasons);
  const properties = [
    member('RoleName', roleName),
    member('AssumeRolePolicyDocument', trust, existingProvider ? reasons.provider : undefined),
  ];
  if (maxSessionDuration !== undefined) properties.push(member('MaxSessionDuration', code(`${maxSessionDuration}`)));
  if (policies.length > 0)
    properties.push(member('ManagedPolicyArns', list(policies.map((policy) => text(policy.text)))));
  return object(member('Type', 'AWS::IAM::Role'), member('Properties', object(...properties), reasons.policies));
}
