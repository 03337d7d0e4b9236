import {
  code,
  commentLines,
  list,
  type Member,
  member,
  type Outline,
  type OutlineObject,
  object,
  type Reasons,
  reasonsOf,
  text,
  trustOutline,
} from './document-tree.ts';
import type { SetupPlan } from './plan.ts';
import { makeTrustDocument } from './trust-document.ts';

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

/** An object as YAML: two spaces a level, lists indented under their keys, nothing folded, quotes only where needed. */
function yamlText(outline: OutlineObject): string {
  return objectLines(outline, '').join('\n');
}

function objectLines({ members }: OutlineObject, indent: string): string[] {
  return members.flatMap(({ key, value, comment }) => [
    ...(comment === undefined ? [] : commentLines(comment, indent)),
    ...labelled(`${indent}${scalar(key)}:`, value, indent),
  ]);
}

function labelled(label: string, value: Outline, indent: string): string[] {
  if (value.kind === 'list') return [label, ...value.items.flatMap((item) => itemLines(item, `${indent}  `))];
  if (value.kind === 'object') return [label, ...objectLines(value, `${indent}  `)];
  return [`${label} ${value.kind === 'text' ? scalar(value.text) : value.text}`];
}

function itemLines(item: Outline, indent: string): string[] {
  if (item.kind === 'list') throw new Error('a list in a list is not laid out');
  if (item.kind !== 'object') return labelled(`${indent}-`, item, indent);
  const [first = '', ...others] = objectLines(item, `${indent}  `);
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...others];
}

// CloudFormation reads YAML 1.1, where far more plain words are numbers, dates and booleans than in 1.2: whatever does
// not begin with a letter is quoted. JSON's strings are YAML's, as long as they are ASCII.
function scalar(value: string): string {
  const isWord = /^[A-Za-z][\w./:@+=,()*' -]*$/.test(value) && !/: |:$| #| $/.test(value);
  const isOther = /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value);
  return isWord && !isOther ? value : JSON.stringify(value);
}
