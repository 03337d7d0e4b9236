import { isRoleName } from '../aws/arn.ts';
import { commands, optionsOf } from '../cli/commands.ts';
import type { FactsOf } from '../failure.ts';
import type { UsageFailure } from '../failures/usage.ts';
import type { Explanation, Paste } from '../text/explanation.ts';
import { joinWords, printable, quote } from '../text/quote.ts';
import { quoteForBash } from '../text/shell-words.ts';
import { commandOf, type GivenLine, lineToPaste, stepToRun, type WordsFor } from './given-line.ts';

type CommandLineKind =
  | 'unknown-flag'
  | 'unknown-command'
  | 'flag-without-value'
  | 'unexpected-argument'
  | 'usage'
  | 'value-invalid'
  | 'role-missing'
  | 'flags-conflict';

/** Command lines, and variables that replace them, that cannot be read. */
export const commandLineFailures = {
  'unknown-flag': unknownOptionText,
  'unknown-command': unknownCommandText,
  'flag-without-value': ({ flag, next }, given) => ({
    headline: `The value of ${flag} is missing`,
    cause: `${next === undefined ? 'The command line ends after the option' : `The option ${quote(next)} follows instead`}. Most likely a variable that contains the value is not set.`,
    remedies: [`Set the variable, and write it in quotes: ${flag.startsWith('--') ? `${flag} ` : `${flag}=`}"$NAME"`],
    steps: withPlaceholder(flag, given),
  }),
  'unexpected-argument': unexpectedArgumentText,
  usage: ({ problem, add }, given) => ({
    headline: `Invalid command line: ${printable(problem)}`,
    cause: 'The help shows the form of each option.',
    remedies: [],
    steps: [...correctedStep(given, add === undefined ? {} : { [add.option]: add.value }), seeOptions(given)],
  }),
  'value-invalid': invalidValueText,
  'role-missing': (_facts, given) => ({
    headline: 'No role is given',
    cause:
      'Neither --role-arn nor SEM_AWS_LOGIN_ROLE_ARN is set. AWS_ROLE_ARN is not read, since a cluster can set it for its own use.',
    remedies: [],
    steps: [
      ...stepToRun(given, "Add the role's ARN", { set: { 'role-arn': 'arn:aws:iam::123456789012:role/NAME' } }),
      {
        intro: 'If there is no role yet, write one in a job with:',
        lines: ['sem-aws-login setup --format cloudformation'],
      },
    ],
  }),
  'flags-conflict': conflictText,
} satisfies WordsFor<Extract<UsageFailure, { kind: CommandLineKind }>>;

function unknownOptionText(facts: FactsOf<'unknown-flag'>, given: GivenLine | undefined): Explanation {
  const { flag, suggestion, renames = [], tool } = facts;
  const line = given && { ...given, argv: given.argv.map((word) => renamed(word, renames)) };
  const isGeneral = suggestion === '--help' || suggestion === '--version';
  const corrected = isGeneral ? [runInstead(`sem-aws-login ${suggestion}`)] : correctedStep(line);
  return {
    headline: `Unknown option ${quote(flag)}`,
    cause: unknownOptionCause(facts),
    remedies: suggestion !== undefined && given === undefined ? [`Write ${suggestion}`] : [],
    steps: [
      ...(suggestion === undefined && tool === undefined ? [] : corrected),
      ...(suggestion === undefined ? [seeOptions(given)] : []),
    ],
  };
}

function unknownOptionCause({ suggestion, tool, why }: FactsOf<'unknown-flag'>): string {
  if (tool === undefined)
    return suggestion === undefined
      ? 'This command has no option with a similar name.'
      : `Did you mean "${suggestion}"?`;
  const known = suggestion === undefined ? '' : ` Here it is ${suggestion}.`;
  return `It is an option of ${tool}.${known}${why === undefined ? '' : ` ${why}.`}`;
}

function renamed(word: string, renames: readonly { readonly from: string; readonly to: string }[]): string {
  const [name = ''] = /^[^=]*/.exec(word) ?? [];
  const to = renames.find(({ from }) => from === name)?.to;
  return to === undefined ? word : `${to}${word.slice(name.length)}`;
}

function unknownCommandText(facts: FactsOf<'unknown-command'>, given: GivenLine | undefined): Explanation {
  const { command, suggestion, commands: names } = facts;
  const headline = `Unknown command ${quote(command)}`;
  const all = `The commands are ${joinWords(names)}.`;
  const rest = given?.argv.slice(1) ?? [];
  if (command === 'whoami')
    return {
      headline,
      cause: all,
      remedies: [],
      steps: [
        { intro: "To see this job's login:", lines: ['sem-aws-login status'] },
        { intro: 'To ask AWS which identity its clients use:', lines: ['aws sts get-caller-identity'] },
      ],
    };
  if (command.startsWith('arn:'))
    return {
      headline,
      cause: "A role's ARN follows the option --role-arn.",
      remedies: [],
      steps: correctedStep(given && { ...given, argv: ['--role-arn', command, ...rest] }),
    };
  if (suggestion === undefined)
    return {
      headline,
      cause: `${all} Without a command, the options are those of "login".`,
      remedies: [],
      steps: [{ intro: 'To see the commands:', lines: ['sem-aws-login --help'] }],
    };
  const isCommand = names.includes(suggestion);
  return {
    headline,
    cause: `Did you mean "${suggestion}"? ${all}`,
    remedies: given === undefined ? [`Write ${suggestion}`] : [],
    steps: isCommand
      ? correctedStep(given && { ...given, argv: [suggestion, ...rest] })
      : [runInstead(`sem-aws-login ${suggestion}`)],
  };
}

function unexpectedArgumentText(
  { argument }: FactsOf<'unexpected-argument'>,
  given: GivenLine | undefined,
): Explanation {
  const headline = `Unexpected argument ${quote(argument)}`;
  if (argument.startsWith('arn:'))
    return {
      headline,
      cause: "A role's ARN follows the option --role-arn.",
      remedies: [],
      steps: [...correctedStep(given, { 'role-arn': argument }), seeOptions(given)],
    };
  if (commands.some(({ name }) => name === argument))
    return {
      headline,
      cause: 'The command comes before its options.',
      remedies: [],
      steps: [
        ...correctedStep(given && { ...given, argv: [argument, ...given.argv.filter((word) => word !== argument)] }),
        { intro: 'To see the options:', lines: [`sem-aws-login ${argument} --help`] },
      ],
    };
  return {
    headline,
    cause: 'This command takes options only. A value that contains a space must be quoted.',
    remedies: ['If the argument belongs to the value before it, write both in one pair of quotes.'],
    steps: [...stepToRunIfKnown(given, 'If it is not needed'), seeOptions(given)],
  };
}

function invalidValueText(facts: FactsOf<'value-invalid'>, given: GivenLine | undefined): Explanation {
  const { source, value, problem, remedy, meant } = facts;
  // Both texts can contain parts of the value.
  const advice = printable(sentence(remedy), 400);
  const step = meant === undefined ? undefined : lineWithMeant({ ...facts, meant }, given);
  const headline = `The value ${quote(value)} of ${source} cannot be used`;
  const isShort = headline.length <= 65;
  return {
    headline: isShort ? headline : `The value of ${source} cannot be used`,
    cause: `${sentence(printable(problem, 400))}.`,
    known: isShort ? [] : [['value', printable(value)]],
    remedies: step === undefined ? [advice] : [],
    steps: step === undefined ? stepsWithoutMeant(facts, given) : [stepTo(advice, step)],
  };
}

function stepTo(advice: string, line: string): Paste {
  if (/[:.;]/.test(advice)) return runInstead(line);
  return { intro: advice.endsWith('?') ? advice : `${advice}:`, lines: [line] };
}

/** Returns how to find a value that nothing on the command line gives. */
function stepsWithoutMeant({ source, value }: FactsOf<'value-invalid'>, given: GivenLine | undefined): Paste[] {
  if (value === '') return withPlaceholder(source, given);
  if (!source.endsWith('role-arn') || !isRoleName(value)) return [];
  const lookUp = `aws iam get-role --role-name ${quoteForBash(value)} --query Role.Arn --output text`;
  return [{ intro: 'To find the ARN, where you have access to the account:', lines: [lookUp] }];
}

/** Returns the command line, or the assignment of a variable, with the value that was meant. */
function lineWithMeant(
  { source, value, meant, option }: FactsOf<'value-invalid'> & { readonly meant: string },
  given: GivenLine | undefined,
): string | undefined {
  const name = source.replace(/^--/, '');
  if (option !== undefined) return lineToPaste(given, { set: { [option]: meant }, drop: [name] });
  if (!source.startsWith('--')) {
    const line = `export ${source}=${quoteForBash(meant)}`;
    return printable(line, 4000) === line ? line : undefined;
  }
  if (given === undefined) return undefined;
  const argv = given.argv.map((word) =>
    word === value || (value !== '' && word.endsWith(`=${value}`))
      ? `${word.slice(0, word.length - value.length)}${meant}`
      : word,
  );
  const isOnLine = argv.some((word, index) => word !== given.argv[index]);
  return lineToPaste({ ...given, argv }, isOnLine ? {} : { set: { [name]: meant } });
}

function withPlaceholder(flag: string, given: GivenLine | undefined): Paste[] {
  const option = optionsOf(commandOf(given)).find(({ name }) => `--${name}` === flag);
  if (given === undefined || option === undefined) return [];
  const argv = given.argv.filter((word) => word !== flag);
  return stepToRunIfKnown({ ...given, argv }, 'Or give the value', { [option.name]: option.value ?? '' });
}

function runInstead(line: string): Paste {
  return { intro: 'Run this instead:', lines: [line] };
}

function correctedStep(given: GivenLine | undefined, set: Readonly<Record<string, string>> = {}): Paste[] {
  return stepToRunIfKnown(given, 'Run this instead', set);
}

function stepToRunIfKnown(given: GivenLine | undefined, intro: string, set: Readonly<Record<string, string>> = {}) {
  const line = lineToPaste(given, { set });
  return line === undefined ? [] : [{ intro: `${intro}:`, lines: [line] }];
}

function conflictText({ flags, why, remedy }: FactsOf<'flags-conflict'>, given: GivenLine | undefined): Explanation {
  const steps = flags.flatMap((flag) => stepWithout(flag, given));
  const variable = steps.length < 2 ? ' A variable SEM_AWS_LOGIN_… can also set an option.' : '';
  const areArns = flags.every((flag) => flag.startsWith('arn:'));
  return {
    headline: areArns ? 'These roles cannot be used together' : `${flags[0]} and ${flags[1]} cannot be used together`,
    cause: `${sentence(why)}.`,
    known: areArns ? flags.map((flag) => ['role', printable(flag)] as const) : [],
    remedies: [remedy ?? `Use only one of them.${variable}`],
    steps: remedy === undefined ? steps : [],
  };
}

// A conflict can also name a variable, or a state that no option sets.
function stepWithout(flag: string, given: GivenLine | undefined): Paste[] {
  const [, name] = /^--([a-z-]+)/.exec(flag) ?? [];
  if (name !== undefined && given?.argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`)))
    return stepToRun(given, `Without --${name}`, { drop: [name] });
  return /^[A-Z_]+$/.test(flag) ? [{ intro: `Without ${flag}:`, lines: [`unset ${flag}`] }] : [];
}

function seeOptions(given: GivenLine | undefined): Paste {
  return { intro: 'To see the options:', lines: [`sem-aws-login ${commandOf(given)} --help`] };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
