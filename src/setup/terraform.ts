import { commentLines, commentsOf, type DocumentComments } from './comments.ts';
import { code, type DocumentTree, list, type Member, member, text, trustTree } from './document-tree.ts';
import type { SetupPlan } from './plan.ts';
import { makeTrustDocument } from './trust-document.ts';

/** Returns Terraform resources, for a file in a module that has the AWS provider already. */
export function makeTerraform(plan: SetupPlan): string {
  const comments = commentsOf(plan);
  const role = identifierOf(plan.roleName);
  const providerName = plan.existingProvider ? role : identifierOf(plan.jobs.issuer.host);
  const provider = `${plan.existingProvider ? 'data.' : ''}aws_iam_openid_connect_provider.${providerName}`;
  const blocks = [
    providerBlock(plan, comments, providerName),
    roleBlock(plan, comments, `${provider}.arn`, role),
    ...policyBlocks(plan, role),
    {
      head: `output "${role}_role_arn"`,
      members: [
        member('description', 'The value of sem-aws-login --role-arn'),
        member('value', code(`aws_iam_role.${role}.arn`)),
      ],
      comment: undefined,
    },
  ];
  return [...commentLines(comments.head), '', hclText(blocks)].join('\n');
}

function providerBlock(
  { jobs, existingProvider, thumbprints }: SetupPlan,
  comments: DocumentComments,
  name: string,
): Block {
  const url = member('url', jobs.issuer.url);
  const comment = comments.provider;
  if (existingProvider) return { head: `data "aws_iam_openid_connect_provider" "${name}"`, members: [url], comment };
  const audiences = member('client_id_list', list([text(jobs.audience)]));
  // https://github.com/hashicorp/terraform-provider-aws/pull/37255
  const noThumbprints =
    comments.thumbprints && `${comments.thumbprints} Requires version 5.81 or later of the AWS provider.`;
  const members =
    thumbprints.length > 0
      ? [url, audiences, member('thumbprint_list', list(thumbprints.map(text)))]
      : [{ ...url, comment: noThumbprints }, audiences];
  return { head: `resource "aws_iam_openid_connect_provider" "${name}"`, members, comment };
}

function roleBlock(plan: SetupPlan, comments: DocumentComments, providerArn: string, name: string): Block {
  const { jobs, maxSessionDuration, roleName } = plan;
  const trust = trustTree(makeTrustDocument(jobs, code(providerArn)), comments);
  // Not aws_iam_policy_document, which reads "&{" as the beginning of a variable.
  const members: Argument[] = [member('name', roleName), call('assume_role_policy', 'jsonencode', trust)];
  if (maxSessionDuration !== undefined) members.push(member('max_session_duration', code(`${maxSessionDuration}`)));
  return { head: `resource "aws_iam_role" "${name}"`, members, comment: comments.policies };
}

function policyBlocks({ policies }: SetupPlan, role: string): Block[] {
  if (policies.length === 0) return [];
  const arns = list(policies.map((policy) => text(policy.text)));
  return [
    {
      head: `resource "aws_iam_role_policy_attachment" "${role}"`,
      members: [
        call('for_each', 'toset', arns),
        member('role', code(`aws_iam_role.${role}.name`)),
        member('policy_arn', code('each.value')),
      ],
      comment: undefined,
    },
  ];
}

function call(key: string, name: string, argument: DocumentTree): Argument {
  return { key, value: { kind: 'call', name, argument }, comment: undefined };
}

/** Returns an HCL identifier, the same for the same text. */
function identifierOf(name: string): string {
  const legal = name.replace(/\W/g, '_');
  return /^[A-Za-z_]/.test(legal) ? legal : `_${legal}`;
}

/** A value of HCL, which can also be a function call. */
type Expression = DocumentTree | { readonly kind: 'call'; readonly name: string; readonly argument: DocumentTree };

/** An argument of a block, or a member of an object. */
interface Argument extends Omit<Member, 'value'> {
  readonly value: Expression;
}

/** A block of HCL: a resource, a data source, an output. */
interface Block {
  /** Keyword and labels: `output "role_arn"`. The labels are identifiers. */
  readonly head: string;
  readonly members: readonly Argument[];
  readonly comment: string | undefined;
}

/** Formats as `terraform fmt` does: the equals signs of neighbouring one-line members are aligned. */
function hclText(blocks: readonly Block[]): string {
  return blocks
    .map(({ head, members, comment }) =>
      [...(comment === undefined ? [] : commentLines(comment)), `${head} {`, ...memberLines(members, '  '), '}'].join(
        '\n',
      ),
    )
    .join('\n\n');
}

function memberLines(members: readonly Argument[], indent: string): string[] {
  const entries = members.map(({ key, value, comment }) => ({
    key: keyText(key),
    lines: expressionLines(value, indent),
    comment,
  }));
  return entries.flatMap((entry, index) => {
    const [first = '', ...others] = entry.lines;
    const key = others.length > 0 ? entry.key : entry.key.padEnd(columnOf(entries, index));
    const comment = entry.comment === undefined ? [] : commentLines(entry.comment, indent);
    return [...comment, `${indent}${key} = ${first}`, ...others];
  });
}

/** Returns the width of the widest key in the run of one-line members around this one. A comment begins a new run. */
function columnOf(
  entries: readonly { readonly key: string; readonly lines: readonly string[]; readonly comment: string | undefined }[],
  index: number,
): number {
  const isOneLine = (at: number) => entries[at]?.lines.length === 1;
  const joins = (at: number) => isOneLine(at) && entries[at]?.comment === undefined;
  let first = index;
  while (joins(first) && isOneLine(first - 1)) first -= 1;
  let last = index;
  while (joins(last + 1)) last += 1;
  return Math.max(...entries.slice(first, last + 1).map((entry) => entry.key.length));
}

function expressionLines(value: Expression, indent: string): string[] {
  const inner = `${indent}  `;
  switch (value.kind) {
    case 'text':
      return [stringText(value.text)];
    case 'code':
      return [value.text];
    case 'call':
      return callLines(value.name, expressionLines(value.argument, indent));
    case 'object':
      return ['{', ...memberLines(value.members, inner), `${indent}}`];
    case 'list':
      return listLines(value.items, indent);
  }
}

function callLines(name: string, [first = '', ...others]: readonly string[]): string[] {
  const last = others.at(-1);
  return last === undefined ? [`${name}(${first})`] : [`${name}(${first}`, ...others.slice(0, -1), `${last})`];
}

function listLines(items: readonly DocumentTree[], indent: string): string[] {
  const inner = `${indent}  `;
  const [only] = items;
  if (items.length === 1 && only !== undefined && only.kind !== 'object')
    return [`[${expressionLines(only, indent).join('')}]`];
  const lines = items.flatMap((item) => {
    const [first = '', ...others] = expressionLines(item, inner);
    const whole = [`${inner}${first}`, ...others];
    return [...whole.slice(0, -1), `${whole.at(-1)},`];
  });
  return ['[', ...lines, `${indent}]`];
}

function keyText(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : stringText(key);
}

// HCL has JSON's escapes. "${" and "%{" would begin a template.
// https://developer.hashicorp.com/terraform/language/expressions/strings
function stringText(value: string): string {
  return JSON.stringify(value).replace(/([$%])\{/g, '$1$1{');
}
