import { credentialsOptions } from './credentials-options.ts';
import { doctorOptions } from './doctor-options.ts';
import { loginOptions } from './login-options.ts';
import { type CommandName, type Option, type OptionOf, type Options, optionGroups } from './option.ts';
import { sessionOptions } from './session-options.ts';
import { setupOptions } from './setup-options.ts';
import { statusOptions } from './status-options.ts';
import { tokenOptions } from './token-options.ts';

/** A command, declared once: the command line, the help and the reference page are made from it. */
export interface Command {
  readonly name: CommandName;
  readonly summary: string;
  /** What can follow the options, in the help's notation. Without it, nothing can. */
  readonly operands?: string;
  /** Ends the command's help; works as pasted in a job. */
  readonly example: string;
}

/** Every command, in the help's order. */
export const commands: readonly Command[] = [
  {
    name: 'login',
    summary: 'Log this job in to AWS and print the path of a file to source (default command)',
    example: 'source "$(sem-aws-login --role-arn arn:aws:iam::123456789012:role/deploy --region eu-west-1)"',
  },
  {
    name: 'exec',
    summary: 'Log in, run one command, and remove the login when the command ends',
    operands: '-- COMMAND [ARGUMENT...]',
    example: 'sem-aws-login exec --role-arn arn:aws:iam::123456789012:role/deploy -- aws sts get-caller-identity',
  },
  {
    name: 'credentials',
    summary: 'Print the session keys of a profile, for credential_process or as an env file',
    example: 'sem-aws-login credentials --profile default --format env > aws.env',
  },
  {
    name: 'logout',
    summary: "Undo this job's logins and print the path of a file to source",
    example: 'source "$(sem-aws-login logout)"',
  },
  {
    name: 'status',
    summary: 'Show the role of this job, how long the login lasts, and whether AWS clients use it; changes nothing',
    example: 'sem-aws-login status',
  },
  {
    name: 'doctor',
    summary: 'Check everything that a login and the AWS clients of this job depend on; changes nothing',
    example: 'sem-aws-login doctor --role-arn arn:aws:iam::123456789012:role/deploy',
  },
  {
    name: 'setup',
    summary: 'Write the identity provider and the IAM role that trusts your jobs, for a tool that creates them',
    example: 'sem-aws-login setup --format cloudformation',
  },
];

// For the commands that ask AWS for a login; `doctor` shows these details with --verbose.
const debugOption = {
  name: 'debug',
  help: 'when AWS rejects a request, also show session, endpoint, attempts and times',
  group: 'Requests to AWS',
  commands: ['login', 'exec', 'credentials', 'status'],
} as const satisfies Option;

const options = [
  ...loginOptions,
  ...sessionOptions,
  ...credentialsOptions,
  ...statusOptions,
  ...doctorOptions,
  ...setupOptions,
  ...tokenOptions,
  debugOption,
];

/** An option that a command has. */
export type CommandOption<C extends CommandName> = OptionOf<(typeof options)[number], C>;

/** The name of an option, of one command or of any. */
export type OptionName<C extends CommandName = CommandName> = CommandOption<C>['name'];

/** The options of an invocation of a command. */
export type OptionsOf<C extends CommandName> = Options<CommandOption<C>>;

/** Returns the options that a command has. */
export function optionsOf(command: CommandName): readonly Option[] {
  return options.filter((option: Option) => option.commands.includes(command));
}

/** Returns the options that a command has, under the headings of its help. */
export function optionsByGroup(
  command: CommandName,
): readonly (readonly [group: string, options: readonly Option[]])[] {
  const own = optionsOf(command);
  return optionGroups
    .map((group) => [group, own.filter((option) => option.group === group)] as const)
    .filter(([, inGroup]) => inGroup.length > 0);
}
