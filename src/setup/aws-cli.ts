import { quoteForBash } from '../text/shell-words.ts';
import { commentLines, commentsOf, type DocumentComments, placeholderThumbprint } from './comments.ts';
import type { SetupPlan } from './plan.ts';
import { makeTrustDocument } from './trust-document.ts';

/** A placeholder for the provider's ARN in the policy; no other JSON text contains it. */
const providerPlaceholder = '\u0000';

/**
 * Returns a script for POSIX sh and the AWS CLI 1 or 2. Running it again updates the provider and the role, but never a role
 * of another project. Partition and account are those of the keys that run it.
 */
export function makeAwsCli(plan: SetupPlan): string {
  const comments = commentsOf(plan);
  return [
    '#!/bin/sh',
    ...commentLines(`${comments.head} You can run this script again. It prints the ARN of the role at the end.`),
    'set -eu',
    "export AWS_PAGER=''",
    ...(plan.account === undefined ? [] : ['', ...accountLines(plan.account)]),
    '',
    ...providerLines(plan, comments),
    '',
    ...policyLines(plan, comments),
    '',
    ...roleLines(plan),
    ...permissionLines(plan, comments),
    '',
    `aws iam get-role --role-name ${plan.roleName} --query Role.Arn --output text`,
  ].join('\n');
}

function accountLines(account: string): string[] {
  return [
    '# Stops if the AWS keys in use belong to another account.',
    'account=$(aws sts get-caller-identity --query Account --output text)',
    `if [ "$account" != ${account} ]; then`,
    `  echo "The AWS keys in use belong to account $account, not to ${account}. Nothing was changed." >&2`,
    '  exit 1',
    'fi',
  ];
}

function providerLines(plan: SetupPlan, comments: DocumentComments): string[] {
  const { jobs, existingProvider } = plan;
  const arn = `OpenIDConnectProviderList[?ends_with(Arn, ':oidc-provider/${jobs.issuer.host}')].Arn`;
  return [
    ...commentLines(comments.provider),
    'provider_arn=$(',
    '  aws iam list-open-id-connect-providers --output text \\',
    `    --query "${arn}"`,
    ')',
    'if [ -z "$provider_arn" ] || [ "$provider_arn" = None ]; then',
    ...(existingProvider ? missingProviderLines(plan) : newProviderLines(plan, comments)),
    'else',
    ...audienceLines(plan, comments),
    'fi',
  ];
}

function missingProviderLines({ jobs }: SetupPlan): string[] {
  return [
    `  echo "This account has no identity provider for ${jobs.issuer.url}. Run sem-aws-login setup again without --existing-provider." >&2`,
    '  exit 1',
  ];
}

function newProviderLines(plan: SetupPlan, comments: DocumentComments): string[] {
  const { jobs, thumbprints } = plan;
  return [
    ...(comments.thumbprints === undefined ? [] : placeholderLines(plan, comments.thumbprints)),
    '  provider_arn=$(',
    `    aws iam create-open-id-connect-provider --url ${jobs.issuer.url} \\`,
    // The AWS CLI 1 would fetch a bare URL.
    `      --client-id-list ${quoteForBash(JSON.stringify([jobs.audience]))} \\`,
    `      ${thumbprints.length > 0 ? `--thumbprint-list ${thumbprints.join(' ')}` : '"$@"'} \\`,
    '      --query OpenIDConnectProviderArn --output text',
    '  )',
  ];
}

// The CLI checks the request without sending it. An old one then names the missing option or member of the request.
function placeholderLines({ jobs }: SetupPlan, noThumbprints: string): string[] {
  return [
    ...commentLines(
      `${noThumbprints} An AWS CLI from before November 2024 still requires one, so it gets a placeholder, which AWS does not use for a certificate of a trusted CA.`,
      '  ',
    ),
    '  set --',
    `  case $(aws iam create-open-id-connect-provider --url ${jobs.issuer.url} \\`,
    '    --generate-cli-skeleton output 2>&1) in',
    `  *[Tt]humbprint*) set -- --thumbprint-list ${placeholderThumbprint} ;;`,
    '  esac',
  ];
}

function audienceLines({ jobs }: SetupPlan, comments: DocumentComments): string[] {
  return [
    ...commentLines(`${comments.audience} Added to the provider if it is missing.`, '  '),
    '  has_audience=$(',
    '    aws iam get-open-id-connect-provider --open-id-connect-provider-arn "$provider_arn" \\',
    `      --query "contains(ClientIDList, '${jobs.audience}')" --output text`,
    '  )',
    '  if [ "$has_audience" != True ]; then',
    '    aws iam add-client-id-to-open-id-connect-provider --cli-input-json \\',
    `      '{"OpenIDConnectProviderArn": "'"$provider_arn"'", "ClientID": "${jobs.audience}"}'`,
    '  fi',
  ];
}

function policyLines({ jobs }: SetupPlan, comments: DocumentComments): string[] {
  const document = makeTrustDocument(jobs, providerPlaceholder);
  const partComments = [
    comments.action,
    comments.audience,
    ...document.Statement.map((one) => comments.subject[one.Sid]),
  ];
  const json = JSON.stringify(document, null, 2).replaceAll("'", `'"'"'`);
  return [
    ...partComments.flatMap((comment) => (comment === undefined ? [] : commentLines(comment))),
    `trust_policy='${json.replaceAll(JSON.stringify(providerPlaceholder), `"'"$provider_arn"'"`)}'`,
  ];
}

function roleLines({ jobs, roleName, maxSessionDuration }: SetupPlan): string[] {
  const duration = maxSessionDuration === undefined ? '' : ` --max-session-duration ${maxSessionDuration}`;
  return [
    ...commentLines(
      'Updates an existing role of this name only if it already allows this project. The users of any other role would lose access.',
    ),
    `if role=$(aws iam get-role --role-name ${roleName} --output json 2>&1); then`,
    '  case $role in',
    `  *':project:${jobs.projectId}:'*)`,
    `    aws iam update-assume-role-policy --role-name ${roleName} --policy-document "$trust_policy"`,
    ...(duration === '' ? [] : [`    aws iam update-role --role-name ${roleName}${duration}`]),
    '    ;;',
    '  *)',
    `    echo "The role ${roleName} exists and does not allow this project. Nothing was changed in it. Run sem-aws-login setup again with another --role-name." >&2`,
    '    exit 1',
    '    ;;',
    '  esac',
    'else',
    '  case $role in',
    '  *NoSuchEntity*)',
    `    aws iam create-role --role-name ${roleName}${duration} \\`,
    '      --assume-role-policy-document "$trust_policy" --query Role.RoleId --output text >/dev/null',
    '    ;;',
    '  *)',
    `    printf '%s\\n' "$role" >&2`,
    '    exit 1',
    '    ;;',
    '  esac',
    'fi',
  ];
}

function permissionLines({ policies, roleName }: SetupPlan, comments: DocumentComments): string[] {
  if (policies.length === 0) return comments.policies === undefined ? [] : ['', ...commentLines(comments.policies)];
  return policies.map(
    ({ text }) => `aws iam attach-role-policy --role-name ${roleName} --policy-arn ${quoteForBash(text)}`,
  );
}
