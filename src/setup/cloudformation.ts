import { commentLines, commentsOf, type DocumentComments } from './comments.ts';
import {
  code,
  type DocumentTree,
  list,
  type Member,
  member,
  object,
  type TreeObject,
  text,
  trustTree,
} from './document-tree.ts';
import type { SetupPlan } from './plan.ts';
import { makeTrustDocument } from './trust-document.ts';

/** Returns a CloudFormation template, in YAML since JSON has no comments. Account and partition are the stack's own. */
export function makeCloudFormation(plan: SetupPlan): string {
  const comments = commentsOf(plan);
  const template = object(
    member('AWSTemplateFormatVersion', '2010-09-09'),
    member(
      'Description',
      `Lets jobs of a Semaphore project of ${plan.jobs.issuer.host} log in to AWS with their own OIDC token`,
    ),
    member(
      'Resources',
      object(
        ...(plan.existingProvider ? [] : [providerMember(plan, comments)]),
        member('SemaphoreRole', roleTree(plan, comments)),
      ),
    ),
    member(
      'Outputs',
      object(
        member(
          'RoleArn',
          object(
            member('Description', 'The value of sem-aws-login --role-arn'),
            member('Value', code('!GetAtt SemaphoreRole.Arn')),
          ),
        ),
      ),
    ),
  );
  return [...commentLines(comments.head), yamlText(template)].join('\n');
}

function providerMember({ jobs, thumbprints }: SetupPlan, comments: DocumentComments): Member {
  const properties = [member('Url', jobs.issuer.url), member('ClientIdList', list([text(jobs.audience)]))];
  if (thumbprints.length > 0) properties.push(member('ThumbprintList', list(thumbprints.map(text))));
  return member(
    'SemaphoreProvider',
    object(member('Type', 'AWS::IAM::OIDCProvider'), member('Properties', object(...properties), comments.thumbprints)),
    comments.provider,
  );
}

function roleTree(plan: SetupPlan, comments: DocumentComments) {
  const { jobs, existingProvider, maxSessionDuration, policies, roleName } = plan;
  const arn = 'arn:${AWS::Partition}:iam::${AWS::AccountId}:oidc-provider/';
  const provider = code(existingProvider ? `!Sub ${arn}${jobs.issuer.host}` : '!Ref SemaphoreProvider');
  const trust = trustTree(makeTrustDocument(jobs, provider), comments);
  const properties = [
    member('RoleName', roleName),
    member('AssumeRolePolicyDocument', trust, existingProvider ? comments.provider : undefined),
  ];
  if (maxSessionDuration !== undefined) properties.push(member('MaxSessionDuration', code(`${maxSessionDuration}`)));
  if (policies.length > 0)
    properties.push(member('ManagedPolicyArns', list(policies.map((policy) => text(policy.text)))));
  return object(member('Type', 'AWS::IAM::Role'), member('Properties', object(...properties), comments.policies));
}

/** Two spaces for each level, lists indented under their keys, nothing folded, quotes only where needed. */
function yamlText(document: TreeObject): string {
  return objectLines(document, '').join('\n');
}

function objectLines({ members }: TreeObject, indent: string): string[] {
  return members.flatMap(({ key, value, comment }) => [
    ...(comment === undefined ? [] : commentLines(comment, indent)),
    ...labelledLines(`${indent}${scalar(key)}:`, value, indent),
  ]);
}

function labelledLines(label: string, value: DocumentTree, indent: string): string[] {
  if (value.kind === 'list') return [label, ...value.items.flatMap((item) => itemLines(item, `${indent}  `))];
  if (value.kind === 'object') return [label, ...objectLines(value, `${indent}  `)];
  return [`${label} ${value.kind === 'text' ? scalar(value.text) : value.text}`];
}

function itemLines(item: DocumentTree, indent: string): string[] {
  if (item.kind === 'list') throw new Error('the layout of a list in a list is not implemented');
  if (item.kind !== 'object') return labelledLines(`${indent}-`, item, indent);
  const [first = '', ...others] = objectLines(item, `${indent}  `);
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...others];
}

// CloudFormation reads YAML 1.1, where more plain words are numbers, dates and booleans than in 1.2: quote everything that
// does not begin with a letter. ASCII strings of JSON are valid YAML.
function scalar(value: string): string {
  const isWord = /^[A-Za-z][\w./:@+=,()*' -]*$/.test(value) && !/: |:$| #| $/.test(value);
  const isOther = /^(?:y|n|yes|no|on|off|true|false|null)$/i.test(value);
  return isWord && !isOther ? value : JSON.stringify(value);
}
