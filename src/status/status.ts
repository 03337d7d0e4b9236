import { dirname } from 'node:path';
import { nameInResource, splitArn } from '../aws/arn.ts';
import { locateProfile } from '../config-file/find.ts';
import type { ConfigFile } from '../config-file/model.ts';
import type { AwsFiles } from '../doctor/aws-files.ts';
import type { JobRecord, Recipe, RecordedProfile } from '../login/job-record.ts';
import { mustChoose, shownLoginOf } from '../login/shown-login.ts';
import { isPlain, lastHopOf, loginIdOf } from '../sts/role-chain.ts';
import type { Environment } from '../world/world.ts';
import { type ClientUse, clientUsesOf, type LoginUse, loginUseOf } from './client-use.ts';
import { remedyOf } from './remedy.ts';
import { compareVariables, type ShellVariables } from './shell-variables.ts';
import { type LoginToken, type StatusState, stateOf } from './state.ts';

/** The facts of a login, read from disk. */
export interface JobLogin {
  readonly directory: string;
  readonly record: JobRecord;
  readonly token: LoginToken;
  /** Returns when the cached session of a profile expires; undefined if none is cached. */
  readonly sessionEnds: (recipe: Recipe) => Date | undefined;
}

export interface StatusInputs {
  /** Undefined outside a job. */
  readonly job: string | undefined;
  readonly login: JobLogin | undefined;
  readonly environment: Environment;
  readonly awsFiles: AwsFiles;
  /** Variables that name files of a login that has ended. */
  readonly leftoverVariables: readonly string[];
  readonly now: Date;
}

/** What this job is in AWS, as data. No secrets. */
export interface LoginStatus {
  readonly state: StatusState;
  readonly job: string | undefined;
  readonly now: Date;
  /** Those that this shell's config file has; if it has none, those of the latest login. */
  readonly roles: readonly StatusRole[];
  /** Other roles, which other shells of the job use. */
  readonly otherRoles: readonly StatusRole[];
  readonly token: LoginToken | undefined;
  /** When the exported session keys expire; undefined if none are exported. */
  readonly keysEnd: Date | undefined;
  readonly variables: ShellVariables | undefined;
  readonly leftoverVariables: readonly string[];
  readonly use: LoginUse | undefined;
  readonly clients: readonly ClientUse[];
  /** The command that fixes the state. */
  readonly remedy: string | undefined;
}

export interface StatusRole {
  readonly profile: string;
  readonly account: string;
  readonly roleName: string;
  readonly roleArn: string;
  /** ARNs of the roles before it in the chain. */
  readonly via: readonly string[];
  readonly sessionName: string;
  readonly region: string | undefined;
  readonly config: string;
  readonly isPrivateConfig: boolean;
  /** Whether the profile is in the config file as the login wrote it; undefined for a file that this shell does not use. */
  readonly profileState: 'written' | 'changed' | 'missing' | undefined;
  readonly usesCredentialProcess: boolean;
  /** Known only where this program requests the sessions (credential_process). */
  readonly sessionEnds: Date | undefined;
}

/** Returns the status of a job in this shell. */
export function makeLoginStatus(inputs: StatusInputs): LoginStatus {
  const { job, login, environment, awsFiles, leftoverVariables, now } = inputs;
  const files = { environment, config: awsFiles.config.file, credentials: awsFiles.credentials.file };
  const shown = login && shownLoginOf(login.record, awsFiles.config.path);
  const sources = { profiles: shown?.profiles ?? [], keys: shown?.exported?.keys };
  const use = shown && loginUseOf(files, sources, mustChoose(shown));
  const keysEnd = shown?.exported?.keys?.expires;
  const state = stateOf(login?.token, keysEnd, use, now);
  const role = (recorded: RecordedProfile) => login && statusRoleOf(recorded, login, awsFiles);
  const isShown = (one: RecordedProfile) => shown?.profiles.some((other) => isSameLogin(one, other)) === true;
  const others = login?.record.profiles.filter((one) => !isShown(one)) ?? [];
  return {
    state,
    job,
    now,
    roles: shown?.profiles.map(role).filter((one) => one !== undefined) ?? [],
    otherRoles: others
      .filter((one, index) => others.findIndex((other) => isSameLogin(one, other)) === index)
      .map(role)
      .filter((one) => one !== undefined),
    token: login?.token,
    keysEnd,
    variables: shown && compareVariables(shown.exported, environment),
    leftoverVariables: login === undefined ? leftoverVariables : [],
    use,
    clients: clientUsesOf(files, sources),
    remedy: remedyOf({ state, job, login: shown, files, leftoverVariables, configPath: awsFiles.config.path }),
  };
}

function isSameLogin(one: RecordedProfile, other: RecordedProfile): boolean {
  return one.profile === other.profile && loginIdOf(one.recipe.chain) === loginIdOf(other.recipe.chain);
}

function statusRoleOf(
  recorded: RecordedProfile,
  { directory, sessionEnds }: JobLogin,
  { config: shellConfig }: AwsFiles,
): StatusRole {
  const { profile, config, recipe } = recorded;
  const { chain, region } = recipe;
  const { roleArn, sessionName } = lastHopOf(chain);
  const { account = '', resource = '' } = splitArn(roleArn) ?? {};
  return {
    profile,
    account,
    roleName: nameInResource(resource),
    roleArn,
    via: [chain.first, ...chain.further].slice(0, -1).map((hop) => hop.roleArn),
    sessionName,
    region,
    config,
    isPrivateConfig: dirname(config) === directory,
    profileState: config === shellConfig.path ? profileStateIn(shellConfig.file, recorded) : undefined,
    usesCredentialProcess: !isPlain(chain),
    sessionEnds: isPlain(chain) ? undefined : sessionEnds(recipe),
  };
}

function profileStateIn(file: ConfigFile | undefined, { profile, undo }: RecordedProfile): StatusRole['profileState'] {
  const location = file === undefined ? undefined : locateProfile(file, profile);
  if (location === undefined || location.kind === 'absent') return 'missing';
  if (location.kind === 'ambiguous') return 'changed';
  const values = new Map(location.section.keys.map((key) => [key.name, key.raw]));
  return undo.keys.every(([name, value]) => values.get(name) === value) ? 'written' : 'changed';
}
