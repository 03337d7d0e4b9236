import { type Argument, type Block, hclText } from './hcl-text.ts';
import { code, list, member, type Outline, text, trustOutline } from './outline.ts';
import type { SetupPlan } from './plan.ts';
import { commentLines, type Reasons, reasonsOf } from './reasons.ts';
import { makeTrustDocument } from './trust-document.ts';

/** Terraform resources, for a file of their own in a module that has the AWS provider already. */
export function makeTerraform(plan: SetupPlan): string {
  const reasons = reasonsOf(plan);
  const role = identifierOf(plan.roleName);
  const providerName = plan.existingProvider ? role : identifierOf(plan.jobs.issuer.host);
  const provider = `${plan.existingProvider ? 'data.' : ''}aws_iam_openid_connect_provider.${providerName}`;
  const blocks = [
    providerBlock(plan, reasons, providerName),
    roleBlock(plan, reasons, `${provider}.arn`, role),
    ...policyBlocks(plan, role),
    {
      head: `output "${role}_role_arn"`,
      members: [
        member('description', 'For the login line: sem-aws-login --role-arn'),
        member('value', code(`aws_iam_role.${role}.arn`)),
      ],
      comment: undefined,
    },
  ];
  return [...commentLines(reasons.head), '', hclText(blocks)].join('\n');
}

function providerBlock({ jobs, existingProvider, thumbprints }: SetupPlan, reasons: Reasons, name: string): Block {
  const url = member('url', jobs.issuer.url);
  const comment = reasons.provider;
  if (existingProvider) return { head: `data "aws_iam_openid_connect_provider" "${name}"`, members: [url], comment };
  const audiences = member('client_id_list', list([text(jobs.audience)]));
  // https://github.com/hashicorp/terraform-provider-aws/pull/37255
  const noThumbprints =
    reasons.thumbprints && `${reasons.thumbprints} Version 5.81 of the AWS provider and later can do without.`;
  const members =
    thumbprints.length > 0
      ? [url, audiences, member('thumbprint_list', list(thumbprints.map(text)))]
      : [{ ...url, comment: noThumbprints }, audiences];
  return { head: `resource "aws_iam_openid_connect_provider" "${name}"`, members, comment };
}

function roleBlock(plan: SetupPlan, reasons: Reasons, providerArn: string, name: string): Block {
  const { jobs, maxSessionDuration, roleName } = plan;
  const trust = trustOutline(makeTrustDocument(jobs, code(providerArn)), reasons);
  // Not the provider's own data source for policies, which reads "&{" as the beginning of a variable.
  const members: Argument[] = [member('name', roleName), call('assume_role_policy', 'jsonencode', trust)];
  if (maxSessionDuration !== undefined) members.push(member('max_session_duration', code(`${maxSessionDuration}`)));
  return { head: `resource "aws_iam_role" "${name}"`, members, comment: reasons.policies };
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

function call(key: string, name: string, argument: Outline): Argument {
  return { key, value: { kind: 'call', name, argument }, comment: undefined };
}

/** A name that HCL takes as an identifier, the same for the same text. */
function identifierOf(name: string): string {
  const legal = name.replace(/\W/g, '_');
  return /^[A-Za-z_]/.test(legal) ? legal : `_${legal}`;
}
