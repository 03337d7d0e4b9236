import { wrap } from '../text/wrap.ts';
import { type Command, commands, optionsByGroup } from './commands.ts';
import { helpTextOf, type Option, variableOf } from './option.ts';

/** Options that every command has besides its own. They have no variables. */
const generalOptions = [
  ['-h, --help', 'print this help'],
  ['-v, --version', 'print the version'],
] as const;

type Rows = readonly (readonly [label: string, text: string])[];

/** Returns the help of the program: its commands. Wraps at `columns`, except examples. */
export function programHelp(columns: number): string {
  const rows: Rows = commands.map(({ name, summary }) => [name, summary]);
  return [
    'Usage: sem-aws-login [command] [options]',
    '',
    ...wrap("Logs a Semaphore job in to AWS with the job's own OIDC token.", '', '', columns),
    ...sections(
      [
        ['Commands', rows],
        ['Help', [...generalOptions, ['help <command>', 'print the options of a command']]],
      ],
      columns,
    ),
    ...exampleLines(commands[0]),
  ].join('\n');
}

/** Returns the help of a command: its options by group, common ones first. Wraps at `columns`, except the example. */
export function commandHelp(command: Command, columns: number): string {
  const groups = optionsByGroup(command.name).map(([group, options]) => [group, options.map(optionRow)] as const);
  return [
    `Usage: sem-aws-login ${command.name} [options]${command.operands === undefined ? '' : ` ${command.operands}`}`,
    '',
    ...wrap(`${command.summary}.`, '', '', columns),
    ...sections([...groups, ['Help', generalOptions]], columns),
    '',
    ...wrap('The variable in brackets sets the same option. The command line takes precedence.', '', '', columns),
    ...exampleLines(command),
  ].join('\n');
}

function optionRow(option: Option): Rows[number] {
  const usage = option.value === undefined ? `--${option.name}` : `--${option.name} <${option.value}>`;
  return [usage, `${helpTextOf(option)} [${variableOf(option)}]`];
}

/** Tables under headings, all with the same width of the first column. */
function sections(tables: readonly (readonly [heading: string, rows: Rows])[], columns: number): string[] {
  const width = Math.max(...tables.flatMap(([, rows]) => rows.map(([label]) => label.length)));
  const indent = ' '.repeat(width + 4);
  return tables.flatMap(([heading, rows]) => [
    '',
    `${heading}:`,
    ...rows.flatMap(([label, text]) => wrap(text, `  ${label.padEnd(width)}  `, indent, columns)),
  ]);
}

function exampleLines(command: Command | undefined): string[] {
  return ['', 'Example:', `  ${command?.example}`];
}
