import { doctorJson, doctorReportLines } from '../../../src/doctor/report.ts';
import { checkTrustPolicy } from '../../../src/doctor/trust-policy.ts';
import { EXAMPLES, policyAround } from '../../../test/trust/published-policies.ts';
import { loginOfMain } from '../../../test/trust/semaphore-policy.ts';
import { findings } from './findings.ts';

/**
 * Returns docs/doctor.md: the report, its meaning and its JSON, worded by the program's own code.
 */
export function doctorPage(): string {
  return `${[head, checks(), exitCodes, policies(), winners, json()].join('\n\n')}\n`;
}

const head = `# doctor

<!-- Made from the program's own words by "npm run docs". -->

\`sem-aws-login doctor\` checks everything that a login and the AWS clients of a job depend on. It
changes nothing. The report shows problems first, then warnings, each with what to do. The checks that
passed are in one line, and \`--verbose\` shows them in full.

\`\`\`bash needs-aws
sem-aws-login doctor
\`\`\`

A job whose token file was deleted:

\`\`\`
${sampleReport()}
\`\`\`

\`--role-arn\` also requests a session of that role from STS. \`--trust-policy FILE\` (\`-\` for standard
input) checks a role's trust policy against the job's token. The file is the policy itself or the
answer of \`aws iam get-role\`. Outside a job, pass the audience and the subject. Then doctor checks only
the policy:

\`\`\`bash needs-aws
aws iam get-role --role-name deploy | sem-aws-login doctor --trust-policy - --aud https://acme.semaphoreci.com \\
  --sub org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:repo:web:ref_type:branch:ref:refs/heads/main
\`\`\`

\`--claims FILE\` takes all claims of a token as JSON, not the token.`;

function sampleReport(): string {
  const sample = [
    findings['token-good'],
    findings['sts-reachable'],
    findings['clock-right'],
    findings['config-good'],
    findings['token-file-gone'],
    findings['no-leftovers'],
    findings['cache-uses-default'],
    findings['clients-agree'],
  ];
  return doctorReportLines(sample).join('\n');
}

function checks(): string {
  const rows = Object.values(findings).map(
    ({ check, status, facts, text }) => `| ${check} | ${status} | \`${facts.kind}\` | ${cell(text.headline)} |`,
  );
  return `## Findings

\`failure\` is any failure of [problems.md](problems.md), in the check where it occurred. \`context\` and
\`policy-decision\` can be ok, warn or fail. Semaphore's variables mark a fork; the token does not.

| check | status | kind | example |
|---|---|---|---|
${rows.join('\n')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

const exitCodes = `## Exit code

0, or that of the first problem in the report: 3 for the token, 4 for files, 5 if AWS denies access or
would deny it, 6 if it cannot be reached. Warnings do not count. Wrong usage is 2, without a report.`;

const shown = [
  'Classic, later: a trailing slash in the audience',
  'Classic, latest: trailing commas, and "or" meant where a policy says "and"',
  'today, by a pattern: trailing commas, and the URL asked for where the organization’s name belongs',
];

// Without the summary and the headline that a long report repeats.
function policyReportEnd([headline, ...rest]: readonly string[]): number {
  const again = rest.lastIndexOf(headline ?? '');
  return again < 0 ? -1 : again + 1;
}

function policies(): string {
  const sections = EXAMPLES.filter(({ name }) => shown.includes(name)).map(({ name, condition }) => {
    const report = doctorReportLines([checkTrustPolicy(policyAround(condition), 'trust.json', loginOfMain())]);
    return `### ${name.charAt(0).toUpperCase()}${name.slice(1)}\n\n\`\`\`\n${condition}\n\`\`\`\n\n\`\`\`\n${report.slice(0, policyReportEnd(report)).join('\n')}\n\`\`\``;
  });
  return `## Published examples

Semaphore's guide has shown these conditions over the years. Each is part of a policy that is otherwise
correct, from its fifth line on. The job is on branch main of organization acme.

${sections.join('\n\n')}`;
}

const winners = `## Which credentials a client uses

AWS clients look for credentials in different orders, so clients in the same job can use different
credentials. The check \`clients\` shows for each client which source it uses, which others it finds, and
its region. Tests compare the rules for the AWS CLI 2, boto3, JavaScript v3, Ruby and Go v2 (Terraform)
with the real clients, in about forty combinations of variables and files. Only these clients decide
the result. \`--verbose\` also shows the clients whose rules come from their documentation and source.
The orders:

| | first | then | then | region |
|---|---|---|---|---|
| AWS CLI | keys in variables | the web-identity variables, completed from the profile | the profile | \`AWS_REGION\`, \`AWS_DEFAULT_REGION\`, profile |
| boto3 | the same | the same; \`AWS_DEFAULT_PROFILE\` takes precedence over \`AWS_PROFILE\` | the same | \`AWS_DEFAULT_REGION\`, profile |
| JavaScript v3 | \`AWS_PROFILE\`, or keys in variables | the profile | the web-identity variables | \`AWS_REGION\`, profile |
| Ruby | keys in variables | the web-identity variables | the profile | \`AWS_REGION\`, \`AWS_DEFAULT_REGION\`, profile |
| Go v2 | keys in variables | the web-identity variables | the profile, its static keys first | \`AWS_REGION\`, \`AWS_DEFAULT_REGION\`, profile |

A login with \`--duration\`, a session policy or a role chain uses \`credential_process\`. Some clients do
not support it: restic and others that use the MinIO client library, s3cmd, async-aws and object_store
(Polars). For them, add \`--export static\`, whose keys are not renewed, or log in without these options.`;

function json(): string {
  const { 'issuer-lacks-key': example } = findings;
  return `## The report as JSON

\`--json\` prints one object on standard output. \`schema\` is the version of its format: in
\`sem-aws-login doctor 1\`, members and kinds are only added. \`exitCode\` is the program's. \`findings\`
has all findings in the order of the checks:

| member | content |
|---|---|
| \`check\` | the check's name, as in the table above; a check may have several findings, or none |
| \`status\` | \`ok\`, \`warn\` or \`fail\` |
| \`exitCode\` | 0, or the program's exit code if this is the first problem |
| \`kind\` | the kind of finding, as in the table above |
| \`headline\`, \`cause\` | the words of the report; \`cause\` may be empty |
| \`known\` | labels and values, such as the expected and the actual value of a condition |
| \`paste\` | lines to copy, such as commands or a condition |
| \`remedies\` | what to do, one step each |
| \`details\` | the parts of a finding that has several, each with \`headline\`, \`cause\`, \`known\`, \`paste\` and \`remedies\` |
| \`data\` | the facts, by \`kind\`: the claims, the evaluation of a policy, the choice of each client |

It never contains the token or a key.

\`\`\`json
${doctorJson([example], example.exitCode)}
\`\`\``;
}
