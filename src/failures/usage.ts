/** Failures of the command line, of variables, and of a command that cannot run as given. */
export type UsageFailure =
  | UnknownFlag
  | UnknownCommand
  | FlagWithoutValue
  | UnexpectedArgument
  | UnreadableCommandLine
  | ValueInvalid
  | RoleMissing
  | FlagsConflict
  | ExportsNeedCapture
  | VariablesTakePrecedence
  | RegionForeign
  | EndpointInsecure
  | TokenOnCommandLine
  | HomeNeeded
  | CommandMissing
  | CommandNotStarted
  | SecretOnTerminal
  | ProgramPathUnwritable
  | SessionPolicyInvalid
  | FormatMissing
  | SetupIncomplete
  | JobWithoutReference;

/** How each of them ends the program. */
export const usageExitCodes = {
  'unknown-flag': 2,
  'unknown-command': 2,
  'flag-without-value': 2,
  'unexpected-argument': 2,
  usage: 2,
  'value-invalid': 2,
  'role-missing': 2,
  'flags-conflict': 2,
  'exports-need-capture': 2,
  'variables-take-precedence': 2,
  'region-foreign': 2,
  'endpoint-insecure': 2,
  'token-on-command-line': 2,
  'home-needed': 2,
  'command-missing': 2,
  'command-not-started': 2,
  'secret-on-terminal': 2,
  'program-path-unwritable': 2,
  'session-policy-invalid': 2,
  'format-missing': 2,
  'setup-incomplete': 2,
  'job-without-reference': 2,
} as const satisfies Record<UsageFailure['kind'], 2>;

/** The command has no such option; `suggestion` is the option that was most likely meant. */
interface UnknownFlag {
  readonly kind: 'unknown-flag';
  readonly flag: string;
  readonly suggestion: string | undefined;
  /** What all unknown options of the command line most likely mean. */
  readonly renames?: readonly Rename[];
  /** The other tool that has this option. */
  readonly tool?: string;
  /** A sentence about the other tool's option here, without a full stop. */
  readonly why?: string | undefined;
}

/** An option as it was given, and the one that was meant; with dashes. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/** There is no such command; `suggestion` is the command or option that was most likely meant. */
interface UnknownCommand {
  readonly kind: 'unknown-command';
  readonly command: string;
  readonly suggestion: string | undefined;
  readonly commands: readonly string[];
}

/** An option or variable has no value; `next` is the option that follows in place of the value. */
interface FlagWithoutValue {
  readonly kind: 'flag-without-value';
  readonly flag: string;
  readonly next: string | undefined;
}

/** An argument without an option, for a command that takes options only. */
interface UnexpectedArgument {
  readonly kind: 'unexpected-argument';
  readonly argument: string;
}

/** The command line is wrong in another way; `problem` is part of a sentence. */
interface UnreadableCommandLine {
  readonly kind: 'usage';
  readonly problem: string;
  /** An option to add, without dashes, and a value for it. */
  readonly add?: { readonly option: string; readonly value: string };
}

/** A value cannot be used; `problem` and `remedy` are sentences without a full stop. */
interface ValueInvalid {
  readonly kind: 'value-invalid';
  readonly source: string;
  readonly value: string;
  readonly problem: string;
  readonly remedy: string;
  /** The value that was most likely meant. */
  readonly meant?: string;
  /** The option that this value belongs to, without dashes, if it is another one. */
  readonly option?: string;
}

/** A login without a role: neither the option nor its variable is set. */
interface RoleMissing {
  readonly kind: 'role-missing';
}

/** Two options cannot be used together; `why` is a sentence without a full stop. */
interface FlagsConflict {
  readonly kind: 'flags-conflict';
  readonly flags: readonly [string, string];
  readonly why: string;
  /** Where a better fix exists than to leave one of the options out. */
  readonly remedy?: string;
}

/** The login must export variables, but no shell reads stdout; `line` is the command that works. */
interface ExportsNeedCapture {
  readonly kind: 'exports-need-capture';
  readonly why: string;
  readonly line: string;
}

/** With `--export none`, these variables take precedence over the profile. */
interface VariablesTakePrecedence {
  readonly kind: 'variables-take-precedence';
  readonly variables: readonly string[];
}

/** The region belongs to another partition than the role. */
interface RegionForeign {
  readonly kind: 'region-foreign';
  readonly roleArn: string;
  readonly partition: string;
  readonly region: GivenValue;
  readonly regionPartition: string;
  /** The regions of the role's partition. */
  readonly fitting: { readonly prefixes: readonly string[]; readonly example: string };
}

/** The STS endpoint in `variable` is plain http to another machine, so the token is not sent. */
interface EndpointInsecure {
  readonly kind: 'endpoint-insecure';
  readonly variable: string;
  readonly url: string;
}

/** An option contains a token instead of a variable's or file's name. The token is not kept here. */
interface TokenOnCommandLine {
  readonly kind: 'token-on-command-line';
  readonly flag: string;
}

/** `--shared-config` without HOME and AWS_CONFIG_FILE, so there is no shared config file. */
interface HomeNeeded {
  readonly kind: 'home-needed';
}

/** `exec` without a command to run. */
interface CommandMissing {
  readonly kind: 'command-missing';
}

/** The command of `exec` did not start; `reason` is the system's error code. */
interface CommandNotStarted {
  readonly kind: 'command-not-started';
  readonly command: string;
  readonly reason: string;
}

/** Keys were requested while stdout is a terminal. */
interface SecretOnTerminal {
  readonly kind: 'secret-on-terminal';
}

/** The path has a character that the SDKs do not all read the same way in `credential_process`. */
interface ProgramPathUnwritable {
  readonly kind: 'program-path-unwritable';
  readonly path: string;
}

/** The session policy's file cannot be used; `problem` is a sentence without a full stop. */
interface SessionPolicyInvalid {
  readonly kind: 'session-policy-invalid';
  readonly path: string;
  readonly problem: string;
}

/** `setup` without a format and without a role to compare with. */
interface FormatMissing {
  readonly kind: 'format-missing';
  readonly formats: readonly string[];
}

/** `setup` lacks facts; `token` says whether a job's token was available to take them from. */
interface SetupIncomplete {
  readonly kind: 'setup-incomplete';
  readonly missing: readonly SetupFact[];
  readonly token: boolean;
}

/** `setup` in a job that has neither a branch nor a tag; `refType` is the token's. */
interface JobWithoutReference {
  readonly kind: 'job-without-reference';
  readonly refType: string;
}

/** A value as it was given, and where: `--region`, or `SEM_AWS_LOGIN_REGION`. Messages quote both. */
export interface GivenValue {
  readonly value: string;
  readonly source: string;
}

/** What `setup` needs to know, from a token or from options. */
export type SetupFact = 'organization' | 'project' | 'reference' | 'account';
