import { commands, optionsOf } from '../cli/commands.ts';
import type { Shell } from '../cli/login-options.ts';
import type { CommandName } from '../cli/option.ts';
import type { Explanation, Paste } from '../text/explanation.ts';
import { printable } from '../text/quote.ts';
import { quoteForBash, quoteForPowerShell } from '../text/shell-words.ts';

/** The command line that failed, from which a message makes the line to run instead. */
export interface GivenLine {
  /** The arguments after the program's name. */
  readonly argv: readonly string[];
  readonly shell: Shell;
}

/** A table of words for a union of facts: each function gets the facts of its own kind, and the command line. */
export type WordsFor<F extends { readonly kind: string }> = {
  readonly [One in F as One['kind']]: (facts: One, given: GivenLine | undefined) => Explanation;
};

/** What to change in a command line. Names are those of options, without the dashes. */
export interface LineChanges {
  /** Another command; it keeps the options that it has too. */
  readonly command?: CommandName;
  /** Values to give instead of the existing ones, or in addition if the option can be repeated; `true` for a switch. */
  readonly set?: Readonly<Record<string, string | true>>;
  readonly drop?: readonly string[];
}

/**
 * Returns the given command line with changes, as a line that works as pasted. Undefined where there is none: the command
 * lacks an option that is to be set, or a value cannot be printed as it is.
 */
export function lineToPaste(given: GivenLine | undefined, changes: LineChanges = {}): string | undefined {
  if (given === undefined) return undefined;
  const command = changes.command ?? commandOf(given);
  const { set = {}, drop = [] } = changes;
  const options = optionsOf(command);
  if (Object.keys(set).some((name) => !options.some((option) => option.name === name))) return undefined;
  const kept = givenWords(given).filter(({ name }) => {
    const option = options.find((one) => one.name === name);
    return option !== undefined && !drop.includes(name) && (option.repeatable === true || !(name in set));
  });
  const added = Object.entries(set).flatMap(([name, value]) => (value === true ? [`--${name}`] : [`--${name}`, value]));
  const quoted = given.shell === 'powershell' ? quoteForPowerShellIfNeeded : quoteForBash;
  const line = [
    'sem-aws-login',
    ...(command === 'login' ? [] : [command]),
    ...[...kept.flatMap((word) => word.words), ...added].map(quoted),
    // The user's command can hold a secret that the shell has put there.
    ...(command === 'exec' ? ['--', commandPlaceholder] : []),
  ].join(' ');
  const whole = command === 'login' || command === 'logout' ? sourced(line, given.shell) : line;
  return printable(whole, 4000) === whole ? whole : undefined;
}

/** Stands for the command of `exec`. */
export const commandPlaceholder = 'COMMAND';

/**
 * Returns a step that runs the given line with changes, in words where the line is not known or cannot be printed; none for
 * a command without these options. `intro` has no final mark.
 */
export function stepToRun(given: GivenLine | undefined, intro: string, changes: LineChanges): Paste[] {
  const line = lineToPaste(given, changes);
  if (line !== undefined) return [{ intro: `${intro}:`, lines: [line] }];
  const { set = {}, command = commandOf(given) } = changes;
  const names: readonly string[] = optionsOf(command).map(({ name }) => name);
  if (Object.keys(set).some((name) => !names.includes(name))) return [];
  return [{ intro: `${intro}${changesText(changes)}`, lines: [] }];
}

/** Returns the command of the given line. */
export function commandOf(given: GivenLine | undefined): CommandName {
  return namedCommand(given) ?? 'login';
}

function namedCommand(given: GivenLine | undefined): CommandName | undefined {
  return commands.find(({ name }) => name === given?.argv[0])?.name;
}

/** Returns the value of an option on the given line. */
export function givenValue(given: GivenLine | undefined, name: string): string | undefined {
  return given && givenWords(given).findLast((word) => word.name === name)?.words[1];
}

function changesText({ command, set = {} }: LineChanges): string {
  const added = Object.entries(set).map(([name, value]) => `--${name}${value === true ? '' : ` ${printable(value)}`}`);
  const words = [...(command === undefined ? [] : ['sem-aws-login', command]), ...added];
  return words.length === 0 ? '.' : `: ${words.join(' ')}`;
}

function sourced(line: string, shell: Shell): string {
  return shell === 'powershell' ? `. (${line})` : `source "$(${line})"`;
}

interface OptionWords {
  readonly name: string;
  /** `--name`, and the value if it has one. */
  readonly words: readonly string[];
}

// More lenient than the command line's own reader, which rejects the lines that failures are about.
function givenWords(given: GivenLine): OptionWords[] {
  const options = optionsOf(commandOf(given));
  const end = given.argv.indexOf('--');
  const argv = end < 0 ? given.argv : given.argv.slice(0, end);
  return argv.flatMap((argument, index): OptionWords[] => {
    const [, name = '', inline] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    const option = options.find((one) => one.name === name);
    if (option === undefined) return [];
    if (option.value === undefined) return [{ name, words: [`--${name}`] }];
    const value = inline ?? argv[index + 1];
    return value === undefined ? [] : [{ name, words: [`--${name}`, value] }];
  });
}

function quoteForPowerShellIfNeeded(word: string): string {
  return /^[\w./:=+-]+$/.test(word) ? word : quoteForPowerShell(word);
}
