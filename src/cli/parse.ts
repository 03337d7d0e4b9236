import { Command, CommanderError, Option } from 'commander';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import type { Environment } from '../world/world.ts';
import { type CommandDeclaration, commandDeclarations, type Flag, variableOf } from './flags.ts';

/** What the command line asks for. */
export type Invocation = { readonly kind: 'print'; readonly text: string } | CommandInvocation;

/** A command, its flags still unparsed. */
export interface CommandInvocation {
  readonly kind: 'command';
  readonly name: string;
  readonly options: RawOptions;
  readonly operands: readonly string[];
}

const allFlags = commandDeclarations.flatMap((declaration) => declaration.flags);

/** Flags that every command has beside its own. */
const generalFlags = ['help', 'version'];

/** Takes the arguments after the program's name. Throws `Failure` of the usage kinds. */
export function readCommandLine(argv: readonly string[], environment: Environment, version: string): Invocation {
  let printed = '';
  let invocation: Invocation | undefined;
  const program = new Command('sem-aws-login')
    .description("Logs a Semaphore job into AWS with the job's own OIDC token")
    .version(versionText(version))
    .helpCommand(false)
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText(
      'after',
      `\nThe flags of a command: sem-aws-login login --help\n\nExample:\n  ${commandDeclarations[0]?.example}`,
    )
    .configureOutput({
      writeOut: (text) => {
        printed += text;
      },
      writeErr: () => {},
    });
  refuseUnknownCommand(argv);
  const called = declarationOf(argv[0]) ?? declarationOf('login');
  for (const declaration of commandDeclarations) {
    // The flags of the others would be made for nothing, at every start.
    const flags = declaration === called ? declaration.flags : [];
    const command = addCommand(program, { ...declaration, flags }, (values, operands) => {
      const options = makeRawOptions(declaration.flags, values, environment);
      invocation = { kind: 'command', name: declaration.name, options, operands };
    });
    // Commander suggests a command's own flags only, and without a command's name these are those of "login".
    if (declaration === called) command.version(versionText(version));
  }
  try {
    program.parse(withoutStrayValues(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw failureOf(error, called?.flags ?? []);
  }
  return invocation ?? { kind: 'print', text: printed.trimEnd() };
}

/**
 * Commander knows `--flag=value` only where the flag takes one, and takes the whole for the flag's name otherwise: no suggestion would fit it.
 * Operands stay as they are.
 */
function withoutStrayValues(argv: readonly string[]): string[] {
  const end = firstOperandOf(argv);
  return argv.map((argument, index) => {
    const [, name = '', value] = /^--([^=]+)=(.*)$/s.exec(argument) ?? [];
    if (value === undefined || index >= end) return argument;
    const flag = allFlags.find((one) => one.name === name);
    if (flag !== undefined && flag.value === undefined)
      throw new Failure({ kind: 'usage', problem: `--${name} is a switch and takes no value` });
    return flag === undefined ? `--${name}` : argument;
  });
}

/** Where the arguments begin that are not this program's own: another command's, and what follows two dashes. */
function firstOperandOf(argv: readonly string[]): number {
  const takesOperands = commandDeclarations.some(({ name, operands }) => name === argv[0] && operands !== undefined);
  for (let index = 1; index < argv.length; index++) {
    const argument = argv[index] ?? '';
    if (argument === '--' || (takesOperands && !argument.startsWith('-'))) return index;
    const flag = allFlags.find(({ name }) => argument === `--${name}`);
    if (flag?.value !== undefined) index++;
  }
  return argv.length;
}

function addCommand(
  program: Command,
  declaration: CommandDeclaration,
  act: (values: CommandLineValues, operands: readonly string[]) => void,
): Command {
  const command = program
    .command(declaration.name, { isDefault: declaration.name === 'login' })
    .summary(declaration.summary)
    .description(declaration.summary)
    .addHelpText('after', `\nEvery flag is also read from its variable.\n\nExample:\n  ${declaration.example}`);
  // What stands after the operand is the operand's own, dashes or not.
  if (declaration.operands !== undefined) command.argument(declaration.operands).passThroughOptions();
  for (const flag of declaration.flags) command.addOption(makeOption(flag));
  command.allowExcessArguments().action(() => {
    act(valuesByName(command), command.args);
    const [argument] = command.args;
    if (argument !== undefined && declaration.operands === undefined)
      throw new Failure({ kind: 'unexpected-argument', argument });
  });
  return command;
}

function declarationOf(name: string | undefined): CommandDeclaration | undefined {
  return commandDeclarations.find((declaration) => declaration.name === name);
}

function versionText(version: string): string {
  return `sem-aws-login ${version}`;
}

function makeOption(flag: Flag): Option {
  const usage = flag.value === undefined ? `--${flag.name}` : `--${flag.name} <${flag.value}>`;
  const option = new Option(usage, `${flag.help} [${variableOf(flag)}]`);
  // Commander reads "--no-verify" as the negative of a flag "--verify", which does not exist here.
  option.negate = false;
  if (flag.repeatable) option.argParser((value: string, former: readonly string[] = []) => [...former, value]);
  return option;
}

function valuesByName(command: Command): CommandLineValues {
  const values: CommandLineValues = command.opts();
  return Object.fromEntries(command.options.map((option) => [option.name(), values[option.attributeName()]]));
}

function refuseUnknownCommand(argv: readonly string[]): void {
  const [first] = argv;
  if (first === undefined || first.startsWith('-')) return;
  const names = commandDeclarations.map((declaration) => declaration.name);
  if (names.includes(first)) return;
  throw new Failure({
    kind: 'unknown-command',
    command: first,
    suggestion: likestOf(names, first) ?? likestOf(generalFlags, first)?.replace(/^/, '--'),
    commands: names,
  });
}

function likestOf(names: readonly string[], word: string): string | undefined {
  const likeness = (name: string) => [...name].filter((_, index) => word.startsWith(name.slice(0, index + 1))).length;
  const [likest] = names.toSorted((one, other) => likeness(other) - likeness(one));
  return likest !== undefined && likeness(likest) >= 2 ? likest : undefined;
}

/** The flag that is meant for certain, where Commander sees none: it takes capitals for other letters, and has no short flags to suggest. */
function sameFlag(given: string, flags: readonly Flag[]): string | undefined {
  if (given === '-v') return '--version';
  return [...generalFlags, ...flags.map(({ name }) => name)]
    .map((name) => `--${name}`)
    .find((flag) => flag === given.toLowerCase());
}

// Commander's codes are its interface, its messages are not: only the flag and the suggestion are taken out of them.
function failureOf(error: CommanderError, flags: readonly Flag[]): Failure {
  const flag = /'(?<flag>[^']+)'/.exec(error.message)?.groups?.['flag'] ?? '';
  switch (error.code) {
    case 'commander.unknownOption':
      return new Failure({
        kind: 'unknown-flag',
        flag,
        suggestion:
          sameFlag(flag, flags) ?? /Did you mean (?:one of )?(?<name>--[\w-]+)/.exec(error.message)?.groups?.['name'],
      });
    case 'commander.optionMissingArgument':
      return new Failure({ kind: 'flag-without-value', flag: flag.split(' ')[0] ?? flag, next: undefined });
    default:
      return new Failure({ kind: 'usage', problem: error.message });
  }
}

/** What was given for a command's flags, on the command line or in `SEM_AWS_LOGIN_<FLAG>`; the command line wins. Still unparsed. */
export interface RawOptions {
  text(name: string): GivenValue | undefined;
  /** A flag's value through its parser; undefined where the flag was not given. */
  parsed<T>(name: string, parse: (given: GivenValue) => T): T | undefined;
  list(name: string): readonly GivenValue[];
  switch(name: string): boolean;
}

/** Values from the command line by flag name: text, texts of a repeatable flag, or true for a switch. */
export type CommandLineValues = Readonly<Record<string, string | readonly string[] | true | undefined>>;

/** Joins both sources. Throws `value-invalid` for an empty value, for a variable of a switch that is neither "1" nor "0", and `flag-without-value`. */
function makeRawOptions(flags: readonly Flag[], commandLine: CommandLineValues, environment: Environment): RawOptions {
  const given = new Map(flags.map((flag) => [flag.name, valuesOf(flag, commandLine[flag.name], environment)]));
  const valuesFor = (name: string): readonly GivenValue[] => given.get(name) ?? [];
  return {
    text: (name) => valuesFor(name)[0],
    parsed: (name, parse) => {
      const [given] = valuesFor(name);
      return given === undefined ? undefined : parse(given);
    },
    list: valuesFor,
    switch: (name) => valuesFor(name)[0]?.value === '1',
  };
}

function valuesOf(flag: Flag, fromLine: CommandLineValues[string], environment: Environment): readonly GivenValue[] {
  if (fromLine !== undefined) {
    const source = `--${flag.name}`;
    if (fromLine === true) return [{ value: '1', source }];
    return [fromLine].flat().map((value) => notMistaken({ value, source }));
  }
  const source = variableOf(flag);
  const value = environment[source];
  // A variable that stands empty in a pipeline's env block means "not set" there.
  if (value === undefined || value === '') return [];
  if (flag.value === undefined) return [switchValue({ value, source })];
  return (flag.repeatable ? value.split(',') : [value]).map((part) => notMistaken({ value: part, source }));
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

function notMistaken(given: GivenValue): GivenValue {
  if (given.value.startsWith('--'))
    throw new Failure({ kind: 'flag-without-value', flag: given.source, next: given.value });
  if (given.value !== '') return given;
  throw new Failure({
    kind: 'value-invalid',
    ...given,
    problem: 'it is empty: a variable of the pipeline that should hold it is probably not set',
    remedy: 'give a value or leave the flag out',
  });
}
