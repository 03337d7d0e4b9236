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

\`sem-aws-login doctor\` looks at everything that a login and the AWS tools of a job depend on, and changes nothing. It prints a line for each
check: \`ok\`, \`warn\` (worth a look) or \`fail\`, with a remedy beneath what is not ok.

\`\`\`bash needs-aws
sem-aws-login doctor
\`\`\`

With \`--role-arn\` it also asks STS for that role, once more writing nothing. With \`--trust-policy FILE\` (\`-\` for standard input) it holds a
role's trust policy against the job's token: the document itself, or the answer of \`aws iam get-role\`. Outside a job, say what to hold it
against; then nothing else is looked at:

\`\`\`bash needs-aws
aws iam get-role --role-name deploy | sem-aws-login doctor --trust-policy - --aud https://acme.semaphoreci.com \\
  --sub org:acme:project:936a5312-a3b8-4921-8b3f-2cec8baac574:repo:web:ref_type:branch:ref:refs/heads/main
\`\`\`

\`--claims FILE\` takes a token's whole claims as JSON (not the token).`;

function checks(): string {
  const rows = Object.values(findings).map(
    ({ check, status, facts, text }) => `| ${check} | ${status} | \`${facts.kind}\` | ${cell(text.headline)} |`,
  );
  return `## What it finds

\`failure\` stands for any failure of [problems.md](problems.md), under whatever check it came up in; \`context\` and \`policy-decision\` are ok, warn
or fail by what they tell. A fork is told by Semaphore's variables alone: nothing in a token marks one.

| check | status | kind | for example |
|---|---|---|---|
${rows.join('\n')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

const exitCodes = `## Exit code

0, or that of the first failure in the report's order: 3 for the token, 4 for files, 5 where AWS refuses or would, 6 where it is out of
reach. Warnings do not count. What was asked wrongly is 2, without a report.`;

const shown = [
  'Classic, later: a trailing slash in the audience',
  'Classic, latest: trailing commas, and "or" meant where a policy says "and"',
  'today, by a pattern: trailing commas, and the URL asked for where the organization’s name belongs',
];

function policies(): string {
  const sections = EXAMPLES.filter(({ name }) => shown.includes(name)).map(({ name, condition }) => {
    const report = doctorReportLines([checkTrustPolicy(policyAround(condition), 'trust.json', loginOfMain())]);
    return `### ${name.charAt(0).toUpperCase()}${name.slice(1)}\n\n\`\`\`\n${condition}\n\`\`\`\n\n\`\`\`\n${report.slice(0, -1).join('\n')}\n\`\`\``;
  });
  return `## What it says of the published examples

Semaphore's guide has shown these conditions over the years. Each stands here within a policy that is right otherwise (so its first line is
the fifth of the file), and is held against a job on the branch main of the organization acme.

${sections.join('\n\n')}`;
}

const winners = `## Who would win

AWS clients look for credentials in different orders, so that one environment can make them different people. \`clients\` says for each which
source it would take, what it thereby passes over, and which region it would use. The rules for the AWS CLI 2, boto3, JavaScript v3, Ruby and
Go v2 (which Terraform is made with) are held against the real clients in forty combinations of variables and files; those marked "From
documentation" are not. Where they part ways most often:

| | first | then | then | region |
|---|---|---|---|---|
| AWS CLI | keys in variables | the web-identity variables, filled up from the profile | the profile | \`AWS_REGION\`, \`AWS_DEFAULT_REGION\`, profile |
| boto3 | the same | the same; \`AWS_DEFAULT_PROFILE\` goes before \`AWS_PROFILE\` | the same | \`AWS_DEFAULT_REGION\`, profile |
| JavaScript v3 | \`AWS_PROFILE\`, or keys in variables | the profile | the web-identity variables | \`AWS_REGION\`, profile |
| Ruby | keys in variables | the web-identity variables | the profile | \`AWS_REGION\`, \`AWS_DEFAULT_REGION\`, profile |
| Go v2 | keys in variables | the web-identity variables | the profile, its static keys first | \`AWS_REGION\`, \`AWS_DEFAULT_REGION\`, profile |`;

function json(): string {
  const { 'issuer-lacks-key': example } = findings;
  return `## The report as JSON

\`--json\` prints one object on standard output. \`schema\` names its form; as long as it says \`sem-aws-login doctor 1\`, members and kinds are only
ever added. \`exitCode\` is the program's. \`findings\` come in the report's order, each with

| member | what it is |
|---|---|
| \`check\` | the check's name, as in the table above; a check may have several findings, or none |
| \`status\` | \`ok\`, \`warn\` or \`fail\` |
| \`exitCode\` | 0, or what the program ends with if this is the first failure |
| \`kind\` | what was found, as in the table above |
| \`headline\`, \`cause\` | the words of the report; \`cause\` may be empty |
| \`known\` | labels and values, such as what a policy wants and what the token has |
| \`paste\` | lines to copy, such as a condition |
| \`remedies\` | what to do, one step each |
| \`details\` | where a finding is made of several things: each with \`headline\`, \`cause\`, \`known\`, \`paste\` and \`remedies\` |
| \`data\` | the facts behind the words, by \`kind\`: the claims, the decision on a policy with its trace, each client's choice |

The token and keys are never in it.

\`\`\`json
${doctorJson([example], example.exitCode)}
\`\`\``;
}
