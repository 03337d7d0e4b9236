import { quoteForBash } from '../text/shell-words.ts';
import { commentLines, commentsOf, type DocumentComments } from './comments.ts';
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
    ...commentLines(`${comments.head} It can be run again; at its end it prints the role's ARN.`),
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
    '# Keys of another account would make all of this in the wrong place.',
    'account=$(aws sts get-caller-identity --query Account --output text)',
    `if [ "$account" != ${account} ]; then`,
    `  echo "These keys are of account $account, not of ${account}: nothing was done." >&2`,
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
    `  echo "This account has no identity provider for ${jobs.issuer.url}: leave out --existing-provider." >&2`,
    '  exit 1',
  ];
}

function newProviderLines({ jobs, thumbprints }: SetupPlan, comments: DocumentComments): string[] {
  const noThumbprints =
    comments.thumbprints &&
    `${comments.thumbprints} An AWS CLI from before November 2024 still demands one (--thumbprint).`;
  return [
    ...(noThumbprints === undefined ? [] : commentLines(noThumbprints, '  ')),
    '  provider_arn=$(',
    `    aws iam create-open-id-connect-provider --url ${jobs.issuer.url} \\`,
    // The AWS CLI 1 would fetch a bare URL.
    `      --client-id-list ${quoteForBash(JSON.stringify([jobs.audience]))} \\`,
    ...(thumbprints.length > 0 ? [`      --thumbprint-list ${thumbprints.join(' ')} \\`] : []),
    '      --query OpenIDConnectProviderArn --output text',
    '  )',
  ];
}

function audienceLines({ jobs }: SetupPlan, comments: DocumentComments): string[] {
  return [
    ...commentLines(`${comments.audience} A provider that was made for another one gets it too.`, '  '),
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
      'A role of this name that lets this project in already is brought up to date. Any other one serves somebody else, who would be locked out.',
    ),
    `if standing=$(aws iam get-role --role-name ${roleName} --output json 2>&1); then`,
    '  case $standing in',
    `  *':project:${jobs.projectId}:'*)`,
    `    aws iam update-assume-role-policy --role-name ${roleName} --policy-document "$trust_policy"`,
    ...(duration === '' ? [] : [`    aws iam update-role --role-name ${roleName}${duration}`]),
    '    ;;',
    '  *)',
    `    echo "The role ${roleName} stands already and does not let this project in: take another --role-name." >&2`,
    '    exit 1',
    '    ;;',
    '  esac',
    'else',
    '  case $standing in',
    '  *NoSuchEntity*)',
    `    aws iam create-role --role-name ${roleName}${duration} \\`,
    '      --assume-role-policy-document "$trust_policy" --query Role.RoleId --output text >/dev/null',
    '    ;;',
    '  *)',
    `    printf '%s\\n' "$standing" >&2`,
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
