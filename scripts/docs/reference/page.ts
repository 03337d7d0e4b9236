import { type Command, commands, optionsByGroup } from '../../../src/cli/commands.ts';
import { helpTextOf, type Option, variableOf } from '../../../src/cli/option.ts';

/**
 * Returns docs/reference.md: every command with its flags and variables, from the declarations of
 * the command line.
 */
export function referencePage(): string {
  return `${[head, ...commands.map(commandText), tail].join('\n\n')}\n`;
}

const head = `# Commands, options and variables

<!-- Made from the command line's own declaration by "npm run docs". -->

Every option can also be set by its variable. An option on the command line takes precedence. A switch's variable is \`1\` or \`0\`; any
other value is an error. The variable of a repeatable option separates its values by commas. An unknown option is an error. An empty
variable counts as not set.`;

const tail = `## Other variables

| variable | used for |
|---|---|
| \`SEMAPHORE_OIDC_TOKEN\` | the job's token, unless \`--token-env\` or \`--token-file\` is given |
| \`SEMAPHORE_JOB_ID\` | the name of the session and of the job's directory; default: the token's \`job_id\` or \`jti\` |
| \`SEMAPHORE_AGENT_MACHINE_TYPE\` | begins with \`s1\` on self-hosted agents, where the config file is private to the job |
| \`SEMAPHORE_CACHE_BACKEND\`, \`SEMAPHORE_CACHE_AWS_PROFILE\` | whether Semaphore's \`cache\` will use the new role, for a warning |
| \`SEMAPHORE_GIT_REPO_SLUG\`, \`SEMAPHORE_GIT_PR_SLUG\` | whether a pull request comes from a fork, for error messages |
| \`AWS_REGION\`, \`AWS_DEFAULT_REGION\` | the region, if \`--region\` is not given |
| \`AWS_PAGER\`, \`AWS_ACCOUNT_ID\` | whether the env file [changes them](security.md#which-variables-the-env-file-changes) |
| \`AWS_CONFIG_FILE\`, \`AWS_SHARED_CREDENTIALS_FILE\` | paths of the AWS files, as for every AWS SDK |
| \`AWS_ENDPOINT_URL_STS\`, \`AWS_ENDPOINT_URL\`, \`AWS_IGNORE_CONFIGURED_ENDPOINT_URLS\` | another STS endpoint; plain http on this machine only |
| \`AWS_USE_FIPS_ENDPOINT\`, \`AWS_USE_DUALSTACK_ENDPOINT\` | which of the AWS endpoints |
| \`AWS_CA_BUNDLE\`, \`NODE_EXTRA_CA_CERTS\` | certificates to trust: the first replaces the built-in ones, the second adds to them |
| \`HTTPS_PROXY\`, \`NO_PROXY\` (or in lower case) | the proxy; \`HTTP_PROXY\` is not used, since every request uses https |
| \`SEM_AWS_LOGIN_HOME\` | directory for this program's own files; default: \`~/.sem-aws-login\` |
| \`HOME\`, \`TMPDIR\` | where files are written: under TMPDIR if HOME is not writable |
| \`NO_COLOR\`, \`FORCE_COLOR\` | no colors, or colors without a terminal, in the headline of an error and in the report of \`doctor\` |

\`AWS_ROLE_ARN\` is not read, since a Kubernetes cluster can set it for its own use. \`NODE_OPTIONS\` does not affect the executable.

## Exit codes

| code | meaning |
|---|---|
| 0 | success |
| 1 | a bug in this program |
| 2 | the command line or a variable is wrong |
| 3 | no usable token; for \`status\`: not logged in, or not every AWS client of this shell uses the login |
| 4 | a file on this machine prevents it |
| 5 | AWS rejected the request |
| 6 | AWS is unreachable or busy; a retry can help |
| 143 | ended by a signal; never 130, which makes Semaphore stop the whole job |

\`exec\` returns the exit code of its command, and 143 instead of 130.`;

function commandText({ name, summary, operands, example }: Command): string {
  const options = optionsByGroup(name).flatMap(([, inGroup]) => inGroup);
  return `## \`${name}\`

${summary}.${operands === undefined ? '' : ` After the options: \`${operands}\`.`}

| option | variable | what it does |
|---|---|---|
${options.map(optionRow).join('\n')}

\`\`\`bash needs-aws
${example}
\`\`\``;
}

function optionRow(option: Option): string {
  const usage = option.value === undefined ? `--${option.name}` : `--${option.name} ${option.value}`;
  return `| \`${usage}\` | \`${variableOf(option)}\` | ${helpTextOf(option).replaceAll('|', '\\|')} |`;
}
