import { wrap } from '../text/wrap.ts';
import { type Command, commands, optionsByGroup } from './commands.ts';
import { helpWithDefault, type Option, variableOf } from './option.ts';

/** Options that every command has besides its own. They have no variables. */
const generalOptions = [
  ['-V, --version', 'output the version number'],
  ['-h, --help', 'display help for command'],
] as const;

type Rows = readonly (readonly [label: string, text: string])[];

/** Returns the help of the program: its commands. */
export function programHelp(): string {
  const rows: Rows = commands.map((command) => [usageOf(command), command.summary]);
  return [
    'Usage: sem-aws-login [options] [command]',
    '',
    "Logs a Semaphore job into AWS with the job's own OIDC token",
    ...sections([
      ['Options', generalOptions],
      ['Commands', rows],
    ]),
    '',
    'The flags of a command: sem-aws-login login --help',
    ...exampleLines(commands[0]),
  ].join('\n');
}

/** Returns the help of a command: its options by group, common ones first. */
export function commandHelp(command: Command): string {
  const groups = optionsByGroup(command.name).map(([group, options]) => [group, options.map(optionRow)] as const);
  return [
    `Usage: sem-aws-login ${command.name} [options]${command.operands === undefined ? '' : ` ${command.operands}`}`,
    '',
    ...wrap(command.summary, '', ''),
    ...sections([...groups, ['Help', generalOptions]]),
    '',
    'Every flag is also read from its variable.',
    ...exampleLines(command),
  ].join('\n');
}

function usageOf({ name, operands }: Command): string {
  return `${name} ${operands ?? '[options]'}`;
}

function optionRow(option: Option): Rows[number] {
  const usage = option.value === undefined ? `--${option.name}` : `--${option.name} <${option.value}>`;
  return [usage, `${helpWithDefault(option)} [${variableOf(option)}]`];
}

/** Tables under headings, all with the same width of the first column. */
function sections(tables: readonly (readonly [heading: string, rows: Rows])[]): string[] {
  const width = Math.max(...tables.flatMap(([, rows]) => rows.map(([label]) => label.length)));
  const indent = ' '.repeat(width + 4);
  return tables.flatMap(([heading, rows]) => [
    '',
    `${heading}:`,
    ...rows.flatMap(([label, text]) => wrap(text, `  ${label.padEnd(width)}  `, indent)),
  ]);
}

function exampleLines(command: Command | undefined): string[] {
  return ['', 'Example:', `  ${command?.example}`];
}
