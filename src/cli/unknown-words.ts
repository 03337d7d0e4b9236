import { Failure } from '../failure.ts';
import type { Rename } from '../failures/usage.ts';
import { suggestionFor } from '../text/suggestion.ts';
import { commands } from './commands.ts';
import { foreignOptionNamed } from './foreign-options.ts';
import type { Option } from './option.ts';

/** Options that every command has besides its own. */
const generalNames = ['help', 'version'];

/** What people call our commands. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['whoami', 'status'],
  ['run', 'exec'],
  ['init', 'setup'],
  ['configure', 'setup'],
  ['check', 'doctor'],
]);

/** Returns the failure for a word that is not a command. */
export function unknownCommand(word: string): Failure {
  const names = commands.map(({ name }) => name);
  const general = suggestionFor(word, generalNames);
  return new Failure({
    kind: 'unknown-command',
    command: word,
    suggestion:
      names.find((name) => name === otherNames.get(word)) ??
      suggestionFor(word, names) ??
      (general === undefined ? undefined : `--${general}`),
    commands: names,
  });
}

/**
 * Returns the failure for an option that a command does not have. Its renames are for all unknown
 * options among `argv`.
 */
export function unknownOption(argument: string, argv: readonly string[], options: readonly Option[]): Failure {
  const end = argv.indexOf('--');
  const words = (end < 0 ? argv : argv.slice(0, end)).map((word) => word.replace(/=.*$/s, ''));
  const renames = words.flatMap((from): Rename[] => {
    const to = from.startsWith('-') ? meantOption(from, options) : undefined;
    return to === undefined || to === from ? [] : [{ from, to }];
  });
  const foreign = foreignOptionNamed(argument.replace(/^-+/, ''));
  return new Failure({
    kind: 'unknown-flag',
    flag: argument,
    suggestion: meantOption(argument, options),
    renames,
    ...(foreign === undefined ? {} : { tool: foreign.tool, why: foreign.why }),
  });
}

function meantOption(argument: string, options: readonly Option[]): string | undefined {
  const names = [...options.map(({ name }) => name), ...generalNames];
  const given = argument.replace(/^-+/, '');
  const foreign = foreignOptionNamed(given);
  const name = foreign === undefined ? suggestionFor(given, names) : names.find((one) => one === foreign.option);
  return name === undefined ? undefined : `--${name}`;
}
