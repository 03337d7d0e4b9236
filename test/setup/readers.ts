import { parse as parseHcl } from '@cdktn/hcl2json';
import { parse as parseYaml, type ScalarTag } from 'yaml';

/** Replaces the provider's ARN in a policy read from any format. */
const PROVIDER = 'THE-PROVIDER';

/** The content of a setup document, which must be equal in all formats. */
export interface SetupRead {
  readonly provider: { readonly url: string; readonly audiences: unknown; readonly thumbprints: unknown } | undefined;
  readonly roleName: unknown;
  readonly policy: unknown;
  readonly maxSessionDuration: number | undefined;
  readonly policies: readonly string[];
}

/** What a parser returned, without type checks: a wrong type fails the comparison. */
// biome-ignore lint/suspicious/noExplicitAny: the output of a foreign parser has no type of ours
type Found = any;

const tags = ['!Ref', '!Sub', '!GetAtt'].map(
  (tag): ScalarTag => ({ tag, resolve: (text) => ({ [tag]: text }) as unknown }),
);

/** Parses YAML 1.1, as CloudFormation does. Calls become `{ "!Ref": … }`. */
function readYaml(text: string): Found {
  return parseYaml(text, { customTags: tags, version: '1.1' });
}

export function readCloudFormation(text: string): SetupRead {
  const { SemaphoreProvider, SemaphoreRole } = readYaml(text).Resources;
  const { RoleName, AssumeRolePolicyDocument, MaxSessionDuration, ManagedPolicyArns } = SemaphoreRole.Properties;
  return {
    provider: SemaphoreProvider && {
      url: SemaphoreProvider.Properties.Url,
      audiences: SemaphoreProvider.Properties.ClientIdList,
      thumbprints: SemaphoreProvider.Properties.ThumbprintList,
    },
    roleName: RoleName,
    policy: withProvider(AssumeRolePolicyDocument, (value) => typeof value === 'object'),
    maxSessionDuration: MaxSessionDuration,
    policies: ManagedPolicyArns ?? [],
  };
}

/** Reads Terraform with OpenConstructs' npm build of HashiCorp's own parser. */
export async function readTerraform(text: string): Promise<SetupRead> {
  const found: Found = await parseHcl('setup.tf', text);
  const { aws_iam_openid_connect_provider, aws_iam_role, aws_iam_role_policy_attachment } = found.resource;
  const [provider] = Object.values<Found>(aws_iam_openid_connect_provider ?? {}).flat();
  const [role] = Object.values<Found>(aws_iam_role).flat();
  const [attachment] = Object.values<Found>(aws_iam_role_policy_attachment ?? {}).flat();
  const policy = await argumentOf('jsonencode', role.assume_role_policy);
  return {
    provider: provider && {
      url: provider.url,
      audiences: provider.client_id_list,
      thumbprints: provider.thumbprint_list,
    },
    roleName: role.name,
    policy: withProvider(policy, (value) => String(value).startsWith('${')),
    maxSessionDuration: role.max_session_duration,
    policies: attachment === undefined ? [] : await argumentOf('toset', attachment.for_each),
  };
}

// The parser returns a call as text, and a literal "%{" doubled, as in Terraform's JSON syntax.
async function argumentOf(name: string, call: string): Promise<Found> {
  const [, argument] = new RegExp(`^\\$\\{${name}\\(([^]*)\\)\\}$`).exec(call) ?? [];
  if (argument === undefined) throw new Error(`no call of ${name}: ${call}`);
  const { value }: Found = await parseHcl('argument.tf', `value = ${argument}`);
  return JSON.parse(JSON.stringify(value).replaceAll('%%{', '%{'));
}

/** Reads JSON, with IAM's calls by name. */
export function readJson(text: string): SetupRead {
  const { CreateOpenIDConnectProvider: provider, CreateRole, AttachRolePolicy = [] }: Found = JSON.parse(text);
  return {
    provider: provider && {
      url: provider.Url,
      audiences: provider.ClientIDList,
      thumbprints: provider.ThumbprintList,
    },
    roleName: CreateRole.RoleName,
    policy: withProvider(JSON.parse(CreateRole.AssumeRolePolicyDocument), (value) =>
      /^arn:.*:oidc-provider\//.test(String(value)),
    ),
    maxSessionDuration: CreateRole.MaxSessionDuration,
    policies: AttachRolePolicy.map((one: Found) => one.PolicyArn),
  };
}

function withProvider(policy: Found, isProvider: (value: unknown) => boolean): unknown {
  const Statement = policy.Statement.map((statement: Found) => {
    const { Federated, ...others } = statement.Principal;
    if (!isProvider(Federated)) throw new Error(`not the provider: ${JSON.stringify(Federated)}`);
    return { ...statement, Principal: { ...others, Federated: PROVIDER } };
  });
  return { ...policy, Statement };
}
