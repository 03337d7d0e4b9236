import { quoteForBash } from '../job/shell-quoting.ts';
import type { SetupFormat } from '../request/setup-request.ts';
import { roleArnOf, type SetupPlan } from '../setup/plan.ts';
import { readable } from './quote.ts';

/** What was written, who gets in by it, and what to do next; the last line is the login for the pipeline. */
export function setupReportLines(
  plan: SetupPlan,
  format: SetupFormat,
  out: string | undefined,
  policyLength: number,
): string[] {
  const where = out === undefined ? 'standard output' : readable(out);
  const { account, region, policies, roleName, jobs } = plan;
  return [
    `sem-aws-login: wrote ${plan.existingProvider ? '' : 'the identity provider and '}the role ${roleName} to ${where}`,
    ...trustedTexts(plan).map((text, index) => `  ${index === 0 ? 'lets in ' : '        '} ${text}`),
    `  may do   ${policies.length === 0 ? 'nothing yet: attach the policies that its jobs need' : policies.map((policy) => policy.text).join(', ')}`,
    `  next     ${nextText[format](out === undefined ? 'FILE' : quoteForBash(readable(out)), plan)}`,
    ...(jobs.repository === undefined
      ? ["  note     the project's repository was not named, so any that it has fits (--repo NAME)"]
      : []),
    ...(policyLength > longestPolicy
      ? [
          `  note     the trust policy has ${policyLength} characters: above ${longestPolicy} the account needs a higher quota`,
        ]
      : []),
    ...(account === undefined ? ["  note     ACCOUNT_ID stands for the account's number (--account-id)"] : []),
    'Then log in, in the prologue of the pipeline:',
    `  source "$(sem-aws-login --role-arn ${roleArnOf(plan)} --region ${region ?? 'REGION'})"`,
  ];
}

/** Characters of a role's trust policy without a higher quota, blanks not counted. */
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const longestPolicy = 2048;

/** Who is let in, a line each. */
function trustedTexts({ jobs }: SetupPlan): string[] {
  const { issuer, projectId, references, pullRequests } = jobs;
  return [
    ...references.map(({ kind, name, pattern }) =>
      pattern ? `${kind === 'branch' ? 'branches' : 'tags'} like ${readable(name)}` : `${kind} ${readable(name)}`,
    ),
    ...(pullRequests ? ["every pull request, forks' included"] : []),
    `of project ${projectId} of ${issuer.host}, and nobody else`,
  ];
}

const nextText: Readonly<Record<SetupFormat, (file: string, plan: SetupPlan) => string>> = {
  cloudformation: (file, { roleName }) =>
    `aws cloudformation deploy --capabilities CAPABILITY_NAMED_IAM --stack-name ${stackNameOf(roleName)} --template-file ${file}`,
  terraform: () => 'terraform apply',
  'aws-cli': (file) => `sh ${file}`,
  json: () => 'the members are the calls of IAM by name; the trust policy can be pasted into the console',
};

// A stack's name begins with a letter, and has letters, digits and dashes only.
function stackNameOf(roleName: string): string {
  const name = roleName.replace(/[^A-Za-z0-9-]+/g, '-');
  return /^[A-Za-z]/.test(name) ? name : `role-${name}`;
}
