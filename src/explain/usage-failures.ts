import type { FactsOf } from '../failure.ts';
import type { SetupFact, UsageFailure } from '../failures/usage.ts';
import type { Explanation } from '../text/explanation.ts';
import { joinWords, printable, quote } from '../text/quote.ts';
import { quoteForBash } from '../text/shell-words.ts';
import { commandLineFailures } from './command-line-failures.ts';
import { commandPlaceholder, type GivenLine, givenValue, lineToPaste, stepToRun, type WordsFor } from './given-line.ts';

/** The command line, variables that replace it, and commands that cannot run as given. */
export const usageFailures = {
  ...commandLineFailures,
  'exports-need-capture': ({ why, line }, given) => ({
    headline: 'The login would have no effect when run like this',
    cause: `${sentence(why)}, so the job needs exported variables. A program cannot export variables into the shell that started it.`,
    paste: { intro: 'Run it as a command of its own:', lines: [lineToPaste(given) ?? line] },
    remedies: [],
  }),
  'variables-take-precedence': ({ variables }, given) => ({
    headline: `${joinWords(variables)} would take precedence over the login`,
    cause:
      'With --export none the environment is not changed, and AWS clients use these variables instead of the profile.',
    remedies: [],
    steps: [
      { intro: 'Unset them first:', lines: [`unset ${variables.join(' ')}`] },
      ...(givenValue(given, 'export') === undefined
        ? [{ intro: 'Or let the login unset them:', lines: ['unset SEM_AWS_LOGIN_EXPORT'] }]
        : stepToRun(given, 'Or let the login unset them, without --export none', { drop: ['export'] })),
    ],
  }),
  'region-foreign': foreignRegionText,
  'endpoint-insecure': ({ variable, url }) => ({
    headline: `The token is not sent to ${quote(url)}, which is not encrypted`,
    cause: `${variable} is an http address of another machine. Often it is left over from a local emulator.`,
    remedies: [`Unset ${variable}, or set it to an https address.`],
    steps: [{ intro: 'To use the endpoint of AWS:', lines: [`unset ${variable}`] }],
  }),
  'token-on-command-line': ({ flag }, given) => ({
    headline: `${flag} contains a token instead of the name of its variable or file`,
    cause: 'Every process on the machine can read a command line.',
    remedies: ['Give the name of the variable, without "$": --token-env SEMAPHORE_OIDC_TOKEN'],
    steps: flag.startsWith('--')
      ? stepToRun(given, 'SEMAPHORE_OIDC_TOKEN is the default, so this is enough', {
          drop: ['token-env', 'token-file'],
        })
      : [{ intro: 'SEMAPHORE_OIDC_TOKEN is the default, so this is enough:', lines: [`unset ${flag}`] }],
  }),
  'home-needed': (_facts, given) => ({
    headline: 'There is no HOME for a shared config file',
    cause: 'Neither HOME nor AWS_CONFIG_FILE is set, and --shared-config writes to the file that they specify.',
    remedies: [],
    steps: stepToRun(given, 'With a private config file under TMPDIR', { drop: ['shared-config'] }),
  }),
  'command-missing': (_facts, given) => ({
    headline: 'There is no command to run',
    cause: '"exec" runs one command with the login in its environment, and the command line has none.',
    remedies: [],
    steps: [{ intro: 'Write the command after "--":', lines: [execLine(given, 'aws sts get-caller-identity')] }],
  }),
  'command-not-started': ({ command, reason }, given) => ({
    headline: `The command ${quote(command)} cannot be started (${printable(reason)})`,
    cause:
      reason === 'ENOENT'
        ? 'No directory in PATH contains it, or its interpreter does not exist.'
        : 'It exists, but this user is not allowed to run it, or it is made for another system.',
    remedies: [],
    steps: [
      { intro: 'To see what the shell runs under this name:', lines: [`type ${quoteForBash(printable(command))}`] },
      {
        intro: 'A function, an alias or several commands need a shell:',
        lines: [execLine(given, "bash -c 'aws s3 ls && aws sts get-caller-identity'")],
      },
    ],
  }),
  'secret-on-terminal': (_facts, given) => ({
    headline: 'Keys are not printed on a terminal',
    cause: "A terminal's output ends up in the job's log, which does not mask keys.",
    remedies: [],
    steps: [
      {
        intro: 'Write them to a file, or to a pipe:',
        lines: [`${lineToPaste(given) ?? 'sem-aws-login credentials --format env'} > aws.env`],
      },
    ],
  }),
  'program-path-unwritable': ({ path }) => ({
    headline: `A profile cannot contain the path ${quote(path)} of the program`,
    cause: 'AWS SDKs split that line in different ways, and at least one gives a character of the path a meaning.',
    remedies: ['Use paths of letters, digits, spaces and @%+=:,._- for the program and SEM_AWS_LOGIN_HOME.'],
  }),
  'session-policy-invalid': invalidPolicyText,
  'format-missing': ({ formats }, given) => ({
    headline: 'No format is given for the provider and the role',
    cause: `The formats are ${joinWords(formats)}.`,
    remedies: [],
    steps: [
      ...formats.slice(0, 1).flatMap((format) => stepToRun(given, 'Add a format', { set: { format } })),
      ...stepToRun(given, 'Or compare with an existing role', { set: { check: 'role.json' }, drop: ['out'] }),
    ],
  }),
  'setup-incomplete': incompleteSetupText,
  'job-without-reference': ({ refType }, given) => ({
    headline:
      refType === 'pull-request'
        ? "This job's reference is a pull request's, which no later job has again"
        : 'This job has no branch and no tag to allow',
    cause:
      refType === 'pull-request'
        ? 'Each push creates a new merge commit, so a role can allow this one commit or all pull requests.'
        : `The type of its reference is ${quote(refType)}. A debug session of a project has none.`,
    remedies: [],
    steps: [
      ...stepToRun(given, 'To allow a branch', { set: { branch: 'main' } }),
      ...stepToRun(given, 'To allow all tags that begin with v', { set: { tag: 'v*' } }),
      ...stepToRun(given, 'To allow all pull requests, including those from forks', { set: { 'pull-requests': true } }),
    ],
  }),
} satisfies WordsFor<UsageFailure>;

function invalidPolicyText(
  { path, problem }: FactsOf<'session-policy-invalid'>,
  given: GivenLine | undefined,
): Explanation {
  const managed = {
    drop: ['session-policy'],
    set: { 'session-policy-arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
  };
  const steps = stepToRun(given, 'Or use a managed policy', managed);
  if (path.trimStart().startsWith('{'))
    return {
      headline: 'The value of --session-policy is not a path',
      cause: 'It is a policy. The option takes the path of a file that contains the policy.',
      remedies: [],
      steps: [...stepToRun(given, 'Write it to a file', { set: { 'session-policy': 'policy.json' } }), ...steps],
    };
  return {
    headline: `The session policy ${quote(path)} cannot be used`,
    cause: `${sentence(problem)}.`,
    remedies: ['Fix the file.'],
    steps,
  };
}

function foreignRegionText(facts: FactsOf<'region-foreign'>, given: GivenLine | undefined): Explanation {
  const { roleArn, partition, region, regionPartition, fitting } = facts;
  const prefixes = joinWords(fitting.prefixes.map(quote), 'or');
  return {
    headline: `The role is in the partition ${quote(partition)}, the region ${quote(region.value)} in ${quote(regionPartition)}`,
    cause: `Partitions share no accounts and no sessions. The STS of a region of another partition does not know the role. The region comes from ${region.source}.`,
    known: [['role', printable(roleArn, 400)]],
    remedies: [`A region of the role's partition begins with ${prefixes}.`],
    steps: [
      ...stepToRun(given, 'Use a region of that partition', { set: { region: fitting.example } }),
      ...stepToRun(given, 'Or, if the region is right, a role there', {
        set: { 'role-arn': `arn:${regionPartition}:iam::123456789012:role/NAME` },
        drop: ['role', 'then-role-arn'],
      }),
    ],
  };
}

function incompleteSetupText(
  { missing, token }: FactsOf<'setup-incomplete'>,
  given: GivenLine | undefined,
): Explanation {
  return {
    headline: `${sentence(joinWords(missing.map((fact) => factText[fact].name)))} ${missing.length > 1 ? 'are' : 'is'} not known`,
    cause:
      missing.includes('account') && missing.length === 1
        ? "The trust policy contains the provider's account, and only the JSON format cannot leave it to AWS."
        : token
          ? "This job's token describes its own organization and project only, and the options name others."
          : 'Outside a Semaphore job there is no token to read them from.',
    remedies: missing.map((fact) => factText[fact].remedy),
    steps: stepToRun(given, 'For example, with your own values', {
      set: Object.fromEntries(missing.map((fact) => factText[fact].example)),
    }),
  };
}

function execLine(given: GivenLine | undefined, command: string): string {
  const line = lineToPaste(given) ?? `sem-aws-login exec -- ${commandPlaceholder}`;
  return `${line.slice(0, -commandPlaceholder.length)}${command}`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface FactText {
  readonly name: string;
  readonly remedy: string;
  readonly example: readonly [option: string, value: string];
}

const factText: Readonly<Record<SetupFact, FactText>> = {
  organization: {
    name: 'the organization',
    remedy: 'Give its URL, --issuer https://acme.semaphoreci.com, or its name there, --org acme',
    example: ['org', 'acme'],
  },
  project: {
    name: 'the project',
    remedy: 'Give its ID, a UUID: --project-id (SEMAPHORE_PROJECT_ID in its jobs, or "sem get project NAME")',
    example: ['project-id', '00000000-0000-0000-0000-000000000000'],
  },
  reference: {
    name: 'the branch or tag',
    remedy: 'Give at least one of --branch main, --tag "v*", --pull-requests',
    example: ['branch', 'main'],
  },
  account: {
    name: 'the AWS account',
    remedy: 'Give its number: --account-id 123456789012',
    example: ['account-id', '123456789012'],
  },
};
