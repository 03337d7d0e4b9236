import { parseArgs } from 'node:util';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import { usedColumnsOf } from '../text/wrap.ts';
import type { Environment, Output } from '../world/world.ts';
import { type Command, commands, type OptionsOf, optionsOf } from './commands.ts';
import { commandHelp, programHelp } from './help.ts';
import { type CommandName, type Option, variableOf } from './option.ts';
import { unknownCommand, unknownOption } from './unknown-words.ts';

/** What the command line requests: a text to print, or a command to run. */
export type Invocation = { readonly kind: 'print'; readonly text: string } | CommandInvocation;

/** A command with its options and operands. */
export type CommandInvocation = { [C in CommandName]: InvocationOf<C> }[CommandName];

/** An invocation of one command. */
export interface InvocationOf<C extends CommandName> {
  readonly kind: 'command';
  readonly name: C;
  readonly options: OptionsOf<C>;
  readonly operands: readonly string[];
}

/**
 * Reads the arguments after the program's name, and the variables. Help is as wide as `output`.
 * Throws `Failure` of the usage kinds.
 */
export function readCommandLine(
  argv: readonly string[],
  environment: Environment,
  version: string,
  output?: Pick<Output, 'stdoutColumns'>,
): Invocation {
  const [first, second] = argv;
  if (first === 'version') return { kind: 'print', text: `sem-aws-login ${version}` };
  if (first === 'help') return { kind: 'print', text: helpOf(helpSubjectOf(second), output) };
  const named = first === undefined || first.startsWith('-') ? undefined : commandNamed(first);
  const command = named ?? commandNamed('login');
  const options = optionsOf(command.name);
  const { tokens, operands } = splitArguments(named === undefined ? argv : argv.slice(1), command, options);
  const general = tokens.map(({ argument }) => generalArguments.get(argument)).find((name) => name !== undefined);
  if (general === 'version') return { kind: 'print', text: `sem-aws-login ${version}` };
  if (general === 'help') return { kind: 'print', text: helpOf(named, output) };
  const fromLine = valuesOnLine(tokens, argv, options);
  if (command.operands === undefined && operands[0] !== undefined)
    throw new Failure({ kind: 'unexpected-argument', argument: operands[0] });
  const given = Object.fromEntries(
    options.map((option) => [option.name, fromLine.get(option.name) ?? valuesInVariable(option, environment)]),
  );
  const values = Object.fromEntries(
    options.map((option) => [option.name, parsedValue(option, given[option.name] ?? [])]),
  );
  // The declarations that the values were read by also give their types.
  return { kind: 'command', name: command.name, options: { values, given }, operands } as CommandInvocation;
}

/** Returns the command that `help COMMAND` asks about. */
function helpSubjectOf(word: string | undefined): Command | undefined {
  return word === undefined || word.startsWith('-') || word === 'help' || word === 'version'
    ? undefined
    : commandNamed(word);
}

function helpOf(command: Command | undefined, output: Pick<Output, 'stdoutColumns'> | undefined): string {
  const columns = usedColumnsOf(output?.stdoutColumns);
  return command === undefined ? programHelp(columns) : commandHelp(command, columns);
}

function commandNamed(name: string): Command {
  const command = commands.find((one) => one.name === name);
  if (command === undefined) throw unknownCommand(name);
  return command;
}

// Whole arguments: "-exh" is a typing mistake, not a request for help, and must not end with exit code 0.
const generalArguments: ReadonlyMap<string, 'help' | 'version'> = new Map([
  ['-h', 'help'],
  ['--help', 'help'],
  ['-v', 'version'],
  ['-V', 'version'],
  ['--version', 'version'],
]);

interface OptionToken {
  readonly name: string;
  /** The argument as it was given. */
  readonly argument: string;
  readonly value: string | undefined;
  /** Whether the value is in the same argument: `--name=value`. */
  readonly isInline: boolean;
}

interface Arguments {
  readonly tokens: readonly OptionToken[];
  readonly operands: readonly string[];
}

function splitArguments(argv: readonly string[], command: Command, options: readonly Option[]): Arguments {
  const types = options.map(({ name, value }) => [name, { type: value === undefined ? 'boolean' : 'string' }] as const);
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: {
      ...Object.fromEntries(types),
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'V' },
    },
  });
  // Everything after the first operand belongs to the command that it names.
  const start = command.operands === undefined ? undefined : tokens.find(({ kind }) => kind !== 'option');
  const end = start?.index ?? argv.length;
  return {
    tokens: tokens.flatMap((token) =>
      token.kind === 'option' && token.index < end
        ? [
            {
              name: token.name,
              argument: token.rawName.startsWith('--') ? token.rawName : (argv[token.index] ?? ''),
              value: token.value,
              isInline: token.inlineValue ?? false,
            },
          ]
        : [],
    ),
    operands:
      start === undefined
        ? tokens.flatMap((token) => (token.kind === 'positional' ? [token.value] : []))
        : argv.slice(start.kind === 'positional' ? end : end + 1),
  };
}

/**
 * Returns each option's values on the line. Throws for unknown options and for missing or extra
 * values.
 */
function valuesOnLine(
  tokens: readonly OptionToken[],
  argv: readonly string[],
  options: readonly Option[],
): Map<string, readonly GivenValue[]> {
  const values = new Map<string, readonly GivenValue[]>();
  for (const token of tokens) {
    const option = options.find(({ name }) => name === token.name);
    if (option === undefined) throw unknownOption(token.argument, argv, options);
    const value = textOf(token, option);
    values.set(option.name, [...(option.repeatable ? (values.get(option.name) ?? []) : []), value]);
  }
  return values;
}

function textOf({ value, isInline }: OptionToken, option: Option): GivenValue {
  const source = `--${option.name}`;
  if (option.value !== undefined) {
    if (value === undefined) throw new Failure({ kind: 'flag-without-value', flag: source, next: undefined });
    return refuseMistaken({ value, source });
  }
  if (isInline) throw new Failure({ kind: 'usage', problem: `${source} is a switch and does not take a value` });
  return { value: '1', source };
}

function valuesInVariable(option: Option, environment: Environment): readonly GivenValue[] {
  const source = variableOf(option);
  const value = environment[source];
  // A pipeline's env block sets a variable to the empty string to unset it.
  if (value === undefined || value === '') return [];
  if (option.value === undefined) return [switchValue({ value, source })];
  return (option.repeatable ? value.split(',') : [value]).map((part) => refuseMistaken({ value: part, source }));
}

function switchValue(given: GivenValue): GivenValue {
  if (given.value === '1' || given.value === '0') return given;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'a switch is either on or off',
    remedy: 'set it to 1 or 0',
  });
}

/** Refuses what an unset variable leaves as the value: the next option, or nothing. */
function refuseMistaken(given: GivenValue): GivenValue {
  if (given.value.startsWith('--'))
    throw new Failure({ kind: 'flag-without-value', flag: given.source, next: given.value });
  if (given.value !== '') return given;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'it is empty: a variable of the pipeline that contains the value is probably not set',
    remedy: 'give a value, or leave the option out',
  });
}

function parsedValue(option: Option, given: readonly GivenValue[]): unknown {
  const parse = option.parse ?? (({ value }: GivenValue) => value);
  if (option.value === undefined) return given[0]?.value === '1';
  if (option.repeatable) return given.map(parse);
  const [one = option.default === undefined ? undefined : { value: option.default, source: `--${option.name}` }] =
    given;
  return one === undefined ? undefined : parse(one);
}
