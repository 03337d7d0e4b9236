import { parseRoleArn, type RoleArn, splitArn } from '../aws/arn.ts';
import { parseProfileName } from '../aws/names.ts';
import { parseRegion } from '../aws/region.ts';
import { Failure } from '../failure.ts';
import type { GivenValue } from '../failures/usage.ts';
import type { Environment } from '../world/world.ts';
import type { Option } from './option.ts';
import { parseChoice, parseSeconds } from './values.ts';

/** What the env file exports besides the regions. */
export type ExportForm = 'profile' | 'static' | 'none';

/** The shell that sources the env file. `bash` is any POSIX shell. */
export type Shell = 'bash' | 'powershell';

/** A role, and the profile that gives its credentials. */
export interface RequestedRole {
  readonly profile: string;
  readonly role: RoleArn;
}

/** The profile that AWS tools use when no other is named. */
export const defaultProfile = 'default';

/**
 * The options of a login, except those of its token and its sessions. Other commands share some of
 * them.
 */
export const loginOptions = [
  {
    name: 'role-arn',
    value: 'ARN',
    help: 'ARN of the IAM role to assume',
    parse: parseRoleArn,
    group: 'Common',
    commands: ['login', 'exec'],
  },
  {
    name: 'region',
    value: 'REGION',
    help: 'AWS region for STS and for the profile',
    parse: parseRegion,
    otherwise: 'AWS_REGION or AWS_DEFAULT_REGION',
    group: 'Common',
    commands: ['login', 'exec'],
  },
  {
    name: 'profile',
    value: 'NAME',
    help: 'profile name',
    parse: parseProfileName,
    default: defaultProfile,
    group: 'Common',
    commands: ['login', 'exec'],
  },
  {
    name: 'role',
    value: 'PROFILE=ARN',
    repeatable: true,
    help: 'one of several roles, each with its own profile',
    parse: parseNamedRole,
    group: 'Common',
    commands: ['login', 'exec'],
  },
  {
    name: 'export',
    value: 'WHAT',
    help: 'what the env file exports: profile, static or none; static exports session keys',
    parse: parseExportForm,
    default: 'profile',
    group: 'Profile and files',
    commands: ['login'],
  },
  {
    name: 'export',
    value: 'WHAT',
    help: 'what the command gets in its environment: profile or static; static sets session keys',
    parse: parseExportForm,
    default: 'profile',
    group: 'Profile and files',
    commands: ['exec'],
  },
  {
    name: 'shell',
    value: 'SHELL',
    help: 'syntax of the env file: bash or powershell',
    parse: (given) => parseChoice<Shell>(given, ['bash', 'powershell']),
    otherwise: 'powershell on Windows, otherwise bash',
    group: 'Profile and files',
    commands: ['login', 'logout'],
  },
  {
    name: 'shared-config',
    help: 'write to ~/.aws/config, on a self-hosted agent too',
    group: 'Profile and files',
    commands: ['login'],
  },
  {
    name: 'isolated',
    help: "write to a private copy of the config file, in the job's directory",
    group: 'Profile and files',
    commands: ['login'],
  },
  {
    name: 'overwrite-profile',
    help: 'replace a profile of the same name that another program wrote',
    group: 'Profile and files',
    commands: ['login'],
  },
  {
    name: 'no-verify',
    help: 'write the profile without a request to STS',
    group: 'Requests to AWS',
    commands: ['login', 'exec'],
  },
  {
    name: 'wait',
    value: 'SECONDS',
    help: 'keep retrying for SECONDS while STS denies access, for a new role',
    parse: (given) => 1000 * parseSeconds(given, 0, 600),
    default: '0',
    group: 'Requests to AWS',
    commands: ['login', 'exec'],
  },
  {
    name: 'timeout',
    value: 'SECONDS',
    help: 'time limit for all requests to STS',
    parse: (given) => 1000 * parseSeconds(given, 1, 900),
    default: '30',
    group: 'Requests to AWS',
    commands: ['login', 'exec', 'credentials', 'status'],
  },
  {
    name: 'quiet',
    help: 'print only warnings and errors',
    group: 'Common',
    commands: ['login', 'exec', 'logout'],
  },
] as const satisfies readonly Option[];

/** One of these options. */
export type LoginOption = (typeof loginOptions)[number];

/**
 * Returns the region that `--region` gives, else the one of the variables that every SDK reads,
 * with its source.
 */
export function regionOf([given]: readonly GivenValue[], environment: Environment): GivenValue | undefined {
  if (given !== undefined) return given;
  const variable = ['AWS_REGION', 'AWS_DEFAULT_REGION'].find((name) => environment[name]);
  if (variable === undefined) return undefined;
  const byVariable = { value: environment[variable] ?? '', source: variable };
  return { ...byVariable, value: parseRegion(byVariable) };
}

/** Returns the shell that is usual on a platform. */
export function usualShellOf(platform: NodeJS.Platform): Shell {
  return platform === 'win32' ? 'powershell' : 'bash';
}

function parseExportForm(given: GivenValue): ExportForm {
  return parseChoice<ExportForm>(given, ['profile', 'static', 'none']);
}

function parseNamedRole(given: GivenValue): RequestedRole {
  const { source } = given;
  const [, name, arn] = /^([^=]*)=(.*)$/s.exec(given.value) ?? [];
  // A role's name can contain "=".
  if (name === undefined || arn === undefined || name.startsWith('arn:'))
    throw new Failure({
      kind: 'value-invalid',
      ...given,
      problem: 'it has no "=" between the profile and the role',
      ...(splitArn(given.value) === undefined
        ? { remedy: 'write PROFILE=ARN, such as prod=arn:aws:iam::123456789012:role/deploy' }
        : { remedy: 'for a single role, the option is --role-arn', meant: given.value, option: 'role-arn' }),
    });
  return { profile: parseProfileName({ value: name, source }), role: parseRoleArn({ value: arn, source }) };
}
