import type { GivenValue } from '../failures/usage.ts';

/** The commands of the program. `login` is the default. */
export type CommandName = 'login' | 'exec' | 'credentials' | 'logout' | 'status' | 'doctor' | 'setup';

/** The headings that the help lists options under, in this order. */
export const optionGroups = [
  'Common',
  'Trust policy',
  'Allowed jobs',
  'Role and provider',
  'Profile and files',
  'Session',
  'Role chain',
  'Token',
  'Requests to AWS',
] as const;

/**
 * An option, declared once: the command line, the variable, the help and the reference page follow.
 * Two options can share a name if no command has both.
 */
export interface Option {
  /** Without the dashes: `role-arn`. */
  readonly name: string;
  /** The placeholder of its value in the help. An option without one is a switch. */
  readonly value?: string;
  /** Can be given several times. Its variable separates the values by commas. */
  readonly repeatable?: true;
  readonly help: string;
  /**
   * Checks and converts one value; throws `value-invalid`. Without a parser, the value stays text.
   */
  readonly parse?: (given: GivenValue) => unknown;
  /** The value that applies when none is given, as a user would write it. */
  readonly default?: string;
  /**
   * Describes in the help what applies when none is given and the value is known at run time only.
   */
  readonly otherwise?: string;
  readonly group: (typeof optionGroups)[number];
  readonly commands: readonly CommandName[];
}

/** The options among `O` that a command has. */
export type OptionOf<O extends Option, C extends CommandName> = O extends unknown
  ? C extends O['commands'][number]
    ? O
    : never
  : never;

/** The option among `O` with this name. */
export type Named<O extends Option, N extends O['name']> = Extract<O, { readonly name: N }>;

type Parsed<O> = O extends { readonly parse: (given: GivenValue) => infer T } ? T : string;

/** The type of an option's value, after its parser and its default. */
export type ValueOf<O extends Option> = O extends { readonly value: string }
  ? O extends { readonly repeatable: true }
    ? readonly Parsed<O>[]
    : O extends { readonly default: string }
      ? Parsed<O>
      : Parsed<O> | undefined
  : boolean;

/** The values of options by name. */
export type ValuesOf<O extends Option> = { readonly [N in O['name']]: ValueOf<Named<O, N>> };

/** The options of an invocation. */
export interface Options<O extends Option> {
  readonly values: ValuesOf<O>;
  /** Values as they were given, with their source; empty for an option that was not given. */
  readonly given: Readonly<Record<O['name'], readonly GivenValue[]>>;
}

/** Returns the variable that an option is also read from. */
export function variableOf(option: Option): string {
  return `SEM_AWS_LOGIN_${option.name.toUpperCase().replaceAll('-', '_')}`;
}

/** Returns an option's help, with its default and whether it is repeatable in parentheses. */
export function helpTextOf({ help, default: value, otherwise, repeatable }: Option): string {
  const details = [...defaultText(value, otherwise), ...(repeatable ? ['repeatable'] : [])];
  return details.length === 0 ? help : `${help} (${details.join('; ')})`;
}

// Quoted unless it is a number: 'profile name (default: "default")'.
function defaultText(value: string | undefined, otherwise: string | undefined): string[] {
  const text = value === undefined || /^\d+$/.test(value) ? (value ?? otherwise) : `"${value}"`;
  return text === undefined ? [] : [`default: ${text}`];
}
