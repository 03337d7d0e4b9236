import { type Command, commands, optionsByGroup } from '../../../src/cli/commands.ts';
import { helpWithDefault, type Option, variableOf } from '../../../src/cli/option.ts';

/**
 * Returns docs/reference.md: every command with its flags and variables, from the declarations of
 * the command line.
 */
export function referencePage(): string {
  return `${[head, ...commands.map(commandText), tail].join('\n\n')}\n`;
}

const head = `# Every command, flag and variable

<!-- Made from the command line's own declaration by "npm run docs". -->

Every flag is also read from its variable; a flag wins. A switch's variable is \`1\` or \`0\`, anything else is refused. A list's variable
separates its values by commas. An unknown flag is refused, and a variable that is set but empty counts as not set. What a flag is
without being given stands in parentheses.`;

const tail = `## Variables that are read besides

| variable | what for |
|---|---|
| \`SEMAPHORE_OIDC_TOKEN\` | the job's token, unless \`--token-env\` or \`--token-file\` names another |
| \`SEMAPHORE_JOB_ID\` | names the session and the job's directory; without it the token's \`job_id\` or \`jti\` does |
| \`SEMAPHORE_AGENT_MACHINE_TYPE\` | begins with \`s1\` on self-hosted agents, where the config file is private to the job |
| \`SEMAPHORE_CACHE_BACKEND\`, \`SEMAPHORE_CACHE_AWS_PROFILE\` | whether Semaphore's \`cache\` will use the new role, for a warning |
| \`SEMAPHORE_GIT_REPO_SLUG\`, \`SEMAPHORE_GIT_PR_SLUG\` | whether a pull request comes from a fork, for explanations |
| \`AWS_REGION\`, \`AWS_DEFAULT_REGION\` | the region, where \`--region\` is not given |
| \`AWS_PAGER\`, \`AWS_ACCOUNT_ID\` | whether the env file [changes them](security.md#which-variables-the-env-file-changes) |
| \`AWS_CONFIG_FILE\`, \`AWS_SHARED_CREDENTIALS_FILE\` | where the files are, as for every AWS SDK |
| \`AWS_ENDPOINT_URL_STS\`, \`AWS_ENDPOINT_URL\`, \`AWS_IGNORE_CONFIGURED_ENDPOINT_URLS\` | another STS; plain http only on this machine |
| \`AWS_USE_FIPS_ENDPOINT\`, \`AWS_USE_DUALSTACK_ENDPOINT\` | which of AWS's endpoints |
| \`AWS_CA_BUNDLE\`, \`NODE_EXTRA_CA_CERTS\` | certificates to trust: instead of the built-in ones, and besides them |
| \`HTTPS_PROXY\`, \`NO_PROXY\` (or in lower case) | the way out; \`HTTP_PROXY\` is not used, since nothing goes out by plain http |
| \`SEM_AWS_LOGIN_HOME\` | another directory than \`~/.sem-aws-login\` for this program's own files |
| \`HOME\`, \`TMPDIR\` | where files go; without a HOME that can be written, they go under TMPDIR |
| \`NO_COLOR\`, \`FORCE_COLOR\` | no colours, or colours without a terminal too, in the headline of a failure and in \`doctor\`'s report |

\`AWS_ROLE_ARN\` is not read: a Kubernetes node may have set it for itself. \`NODE_OPTIONS\` has no power over the executable.

## Exit codes

| code | meaning |
|---|---|
| 0 | done |
| 1 | a bug in this program |
| 2 | the command line or a variable is wrong |
| 3 | no usable token |
| 4 | a file on this machine is in the way |
| 5 | AWS refused |
| 6 | AWS out of reach, or busy; trying again may help |
| 143 | ended by a signal; never 130, on which Semaphore ends the whole job |

\`exec\` gives its command's exit code, and 143 for the command's 130.`;

function commandText({ name, summary, operands, example }: Command): string {
  const options = optionsByGroup(name).flatMap(([, inGroup]) => inGroup);
  return `## \`${name}\`

${summary.charAt(0).toUpperCase()}${summary.slice(1)}.${operands === undefined ? '' : ` After the flags: \`${operands}\`.`}

| flag | variable | what it does |
|---|---|---|
${options.map(optionRow).join('\n')}

\`\`\`bash needs-aws
${example}
\`\`\``;
}

function optionRow(option: Option): string {
  const usage = option.value === undefined ? `--${option.name}` : `--${option.name} ${option.value}`;
  const help = `${helpWithDefault(option)}${option.repeatable ? '; may be repeated' : ''}`;
  return `| \`${usage}\` | \`${variableOf(option)}\` | ${help.replaceAll('|', '\\|')} |`;
}
