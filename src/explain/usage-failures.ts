import type { FactsOf } from '../failure.ts';
import type { SetupFact, UsageFailure } from '../failures/usage.ts';
import type { Explanation } from '../text/explanation.ts';
import { joinWords, printable, quote } from '../text/quote.ts';
import type { WordsFor } from './given-line.ts';

const seeHelp = 'See "sem-aws-login --help", and "sem-aws-login login --help" for the login\'s flags.';

/** The command line, and variables that replace it. */
export const usageFailures = {
  'unknown-flag': ({ flag, suggestion }) => ({
    headline: `The flag ${quote(flag)} is not known`,
    cause: suggestion === undefined ? 'No flag has a name like it.' : `Did you mean "${suggestion}"?`,
    remedies: [suggestion === undefined ? seeHelp : `Write "${suggestion}", or leave it out.`],
  }),
  'unknown-command': ({ command, suggestion, commands }) => ({
    headline: `The command ${quote(command)} is not known`,
    cause:
      suggestion === undefined
        ? `There are ${joinWords(commands)}.`
        : `Did you mean "${suggestion}"? There are ${joinWords(commands)}.`,
    remedies: ['Without a command, the flags are those of "login": sem-aws-login --role-arn ARN'],
  }),
  'flag-without-value': ({ flag, next }) => ({
    headline: `The value of ${flag} is missing`,
    cause:
      next === undefined
        ? 'The command line ends after it, most likely because a variable that should hold the value is not set.'
        : `The flag ${quote(next)} stands in its place, most likely because a variable that should hold the value is not set.`,
    remedies: [`Set the variable, and write it in quotes: ${flag.startsWith('--') ? `${flag} ` : `${flag}=`}"$NAME"`],
  }),
  'unexpected-argument': ({ argument }) => ({
    headline: `The argument ${quote(argument)} has no place here`,
    cause: 'This command takes flags only; a value with a blank in it falls apart unless it is quoted.',
    remedies: [seeHelp],
  }),
  usage: ({ problem }) => ({
    headline: `The command line cannot be read: ${printable(problem)}`,
    cause: 'Something in it is not in the form that the help shows.',
    remedies: [seeHelp],
  }),
  'value-invalid': ({ source, value, problem, remedy }) => ({
    headline: `The value ${quote(value)} of ${source} cannot be used`,
    // Both texts can contain parts of the value.
    cause: `${sentence(printable(problem, 400))}.`,
    remedies: [printable(sentence(remedy), 400)],
  }),
  'role-missing': () => ({
    headline: 'No role is given',
    cause:
      'Neither --role-arn nor SEM_AWS_LOGIN_ROLE_ARN is set. AWS_ROLE_ARN is not read, since a cluster may have set it for itself.',
    remedies: ['Add --role-arn arn:aws:iam::123456789012:role/NAME'],
  }),
  'flags-conflict': ({ flags, why, remedy }) => ({
    headline: `${flags[0]} and ${flags[1]} exclude each other`,
    cause: `${sentence(why)}.`,
    remedies: [remedy ?? 'Leave one of them out; a variable SEM_AWS_LOGIN_… may have set one of them.'],
  }),
  'exports-need-capture': ({ why, line }) => ({
    headline: 'The login would have no effect when run like this',
    cause: `${sentence(why)}, so the job needs exported variables, and a program cannot export into the shell that started it.`,
    paste: { intro: 'Run it like this, as a command of its own, with the flags that you gave:', lines: [line] },
    remedies: [],
  }),
  'variables-take-precedence': ({ variables }) => ({
    headline: `${joinWords(variables)} would outrank the login`,
    cause:
      'With --export none the environment stays as it is, and AWS tools would take these variables before the profile.',
    remedies: [`Unset them first: unset ${variables.join(' ')}`, 'Or leave out --export none.'],
  }),
  'region-foreign': regionForeignText,
  'endpoint-insecure': ({ variable, url }) => ({
    headline: `The token is not sent to ${quote(url)}, which is not encrypted`,
    cause: `${variable} names a plain http address of another machine; a local emulator may have left it set.`,
    remedies: [`Unset ${variable}, or give an https address.`],
  }),
  'token-on-command-line': ({ flag }) => ({
    headline: `${flag} holds a token, where the name of its place belongs`,
    cause: 'What stands on a command line can be seen by every process on the machine.',
    remedies: ['Name the variable without "$": --token-env SEMAPHORE_OIDC_TOKEN'],
  }),
  'home-needed': () => ({
    headline: 'There is no HOME to hold a shared config file',
    cause: 'Neither HOME nor AWS_CONFIG_FILE is set, and --shared-config asks for the file that they name.',
    remedies: ['Leave out --shared-config; the login then keeps a private config file under TMPDIR.'],
  }),
  'command-missing': () => ({
    headline: 'There is no command to run',
    cause: '"exec" runs one command with the login in its environment, and none stands on the command line.',
    remedies: ['Write it after two dashes: sem-aws-login exec --role-arn ARN -- aws s3 ls'],
  }),
  'command-not-started': ({ command, reason }) => ({
    headline: `The command ${quote(command)} cannot be started (${printable(reason)})`,
    cause:
      reason === 'ENOENT'
        ? 'No directory on PATH has it, or the interpreter that it names is not there.'
        : 'It is there, but may not be run, or is made for another system.',
    remedies: ['Check its name and its mode; a shell function or alias needs a shell: -- bash -c "…"'],
  }),
  'secret-on-terminal': () => ({
    headline: 'Keys are not printed on a terminal',
    cause: "What stands on a terminal ends up in the job's log, which masks nothing.",
    remedies: ['Send it to a file or a pipe: sem-aws-login credentials --profile NAME --format env > FILE'],
  }),
  'program-path-unwritable': ({ path }) => ({
    headline: `A profile cannot name the program by ${quote(path)}`,
    cause: 'AWS SDKs split that line each in its own way, and a character in the path means something to one of them.',
    remedies: ['Put the program and SEM_AWS_LOGIN_HOME where the path has letters, digits, blanks and @%+=:,._- only.'],
  }),
  'session-policy-invalid': ({ path, problem }) => ({
    headline: `The session policy ${quote(path)} cannot be used`,
    cause: `${sentence(problem)}.`,
    remedies: ['Mend the file, or name managed policies instead with --session-policy-arn.'],
  }),
  'format-missing': ({ formats }) => ({
    headline: 'No format is given for the provider and the role',
    cause: `There are ${joinWords(formats)}.`,
    remedies: [`Add one: --format ${formats[0]}`, 'Or compare with a role that stands: --check ROLE.json'],
  }),
  'setup-incomplete': ({ missing, token }) => ({
    headline: `${sentence(joinWords(missing.map((fact) => factText[fact].name)))} ${missing.length > 1 ? 'are' : 'is'} not known`,
    cause:
      missing.includes('account') && missing.length === 1
        ? "The trust policy names the provider's account, and only JSON cannot leave that to AWS."
        : token
          ? "This job's token does not tell for what the flags name; it tells of its own organization and project only."
          : 'Outside a job there is no token that could tell, and whoever may log in is not for guessing.',
    remedies: missing.map((fact) => factText[fact].remedy),
  }),
  'job-without-reference': ({ refType }) => ({
    headline:
      refType === 'pull-request'
        ? "This job's reference is a pull request's, which no later job has again"
        : 'This job has no branch and no tag to let in',
    cause:
      refType === 'pull-request'
        ? 'It is a merge commit, new at every push, so that a role could let in this commit or all pull requests.'
        : `Its reference is of the type ${quote(refType)}; a debug session of a project has none at all.`,
    remedies: [
      'Say who is to be let in: --branch main, --tag "v*"',
      'Or, knowing that it includes those of forks: --pull-requests',
    ],
  }),
} satisfies WordsFor<UsageFailure>;

function regionForeignText(facts: FactsOf<'region-foreign'>): Explanation {
  const { roleArn, partition, region, regionPartition, fitting } = facts;
  const prefixes = joinWords(fitting.prefixes.map(quote), 'or');
  return {
    headline: `The role is in the partition ${quote(partition)}, and the region ${quote(region.value)} of ${region.source} in ${quote(regionPartition)}`,
    cause: 'Partitions have neither accounts nor sessions in common, so the STS of that region knows no such role.',
    known: [['role', printable(roleArn, 400)]],
    remedies: [
      `Give a region of the role's own partition, one that begins with ${prefixes}, such as ${quote(fitting.example)}.${region.source === '--region' ? '' : ` The flag --region goes before ${region.source}.`}`,
      `Or, if the region is right, the ARN of a role there: arn:${regionPartition}:iam::ACCOUNT:role/NAME`,
    ],
  };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const factText: Readonly<Record<SetupFact, { readonly name: string; readonly remedy: string }>> = {
  organization: {
    name: 'the organization',
    remedy: 'Give its URL, --issuer https://acme.semaphoreci.com, or its name there, --org acme',
  },
  project: {
    name: 'the project',
    remedy: 'Give its id, a UUID: --project-id (SEMAPHORE_PROJECT_ID in its jobs, or "sem get project NAME")',
  },
  reference: { name: 'the branch or tag', remedy: 'Give at least one of --branch main, --tag "v*", --pull-requests' },
  account: { name: 'the AWS account', remedy: 'Give its number: --account-id 123456789012' },
};
