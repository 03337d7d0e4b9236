import { quoteForBash } from '../text/shell-words.ts';
import { commentLines, type Reasons, reasonsOf } from './document-tree.ts';
import type { SetupPlan } from './plan.ts';
import { makeTrustDocument } from './trust-document.ts';

/** Stands for the provider's ARN while the policy is made; no JSON text holds it otherwise. */
const providerMark = '\u0000';

/**
 * A script of POSIX sh and the AWS CLI, version 1 or 2, that may be run again: what stands is used or brought up to date, and a role that
 * was not made for this project is left alone. Partition and account are those of the keys that it is run with.
 */
export function makeAwsCli(plan: SetupPlan): string {
  const reasons = reasonsOf(plan);
  return [
    '#!/bin/sh',
    ...commentLines(`${reasons.head} It can be run again; at its end it prints the role's ARN.`),
    'set -eu',
    "export AWS_PAGER=''",
    ...(plan.account === undefined ? [] : ['', ...accountLines(plan.account)]),
    '',
    ...providerLines(plan, reasons),
    '',
    ...policyLines(plan, reasons),
    '',
    ...roleLines(plan),
    ...permissionLines(plan, reasons),
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

function providerLines(plan: SetupPlan, reasons: Reasons): string[] {
  const { jobs, existingProvider } = plan;
  const arn = `OpenIDConnectProviderList[?ends_with(Arn, ':oidc-provider/${jobs.issuer.host}')].Arn`;
  return [
    ...commentLines(reasons.provider),
    'provider_arn=$(',
    '  aws iam list-open-id-connect-providers --output text \\',
    `    --query "${arn}"`,
    ')',
    'if [ -z "$provider_arn" ] || [ "$provider_arn" = None ]; then',
    ...(existingProvider ? missingProviderLines(plan) : newProviderLines(plan, reasons)),
    'else',
    ...audienceLines(plan, reasons),
    'fi',
  ];
}

function missingProviderLines({ jobs }: SetupPlan): string[] {
  return [
    `  echo "This account has no identity provider for ${jobs.issuer.url}: leave out --existing-provider." >&2`,
    '  exit 1',
  ];
}

function newProviderLines({ jobs, thumbprints }: SetupPlan, reasons: Reasons): string[] {
  const noThumbprints =
    reasons.thumbprints &&
    `${reasons.thumbprints} An AWS CLI from before November 2024 still demands one (--thumbprint).`;
  return [
    ...(noThumbprints === undefined ? [] : commentLines(noThumbprints, '  ')),
    '  provider_arn=$(',
    `    aws iam create-open-id-connect-provider --url ${jobs.issuer.url} \\`,
    // Version 1 of the CLI takes a bare URL for a page to be fetched.
    `      --client-id-list ${quoteForBash(JSON.stringify([jobs.audience]))} \\`,
    ...(thumbprints.length > 0 ? [`      --thumbprint-list ${thumbprints.join(' ')} \\`] : []),
    '      --query OpenIDConnectProviderArn --output text',
    '  )',
  ];
}

function audienceLines({ jobs }: SetupPlan, reasons: Reasons): string[] {
  return [
    ...commentLines(`${reasons.audience} A provider that was made for another one gets it too.`, '  '),
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

function policyLines({ jobs }: SetupPlan, reasons: Reasons): string[] {
  const document = makeTrustDocument(jobs, providerMark);
  const told = [reasons.action, reasons.audience, ...document.Statement.map((one) => reasons.subject[one.Sid])];
  const json = JSON.stringify(document, null, 2).replaceAll("'", `'"'"'`);
  return [
    ...told.flatMap((reason) => (reason === undefined ? [] : commentLines(reason))),
    `trust_policy='${json.replaceAll(JSON.stringify(providerMark), `"'"$provider_arn"'"`)}'`,
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

function permissionLines({ policies, roleName }: SetupPlan, reasons: Reasons): string[] {
  if (policies.length === 0) return reasons.policies === undefined ? [] : ['', ...commentLines(reasons.policies)];
  return policies.map(
    ({ text }) => `aws iam attach-role-policy --role-name ${roleName} --policy-arn ${quoteForBash(text)}`,
  );
}
