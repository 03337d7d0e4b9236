import { type ClientView, isRefusedByPython, type ProfileKeys } from './inputs.ts';
import type { CredentialSource } from './source.ts';

/** The chosen profile, and the variable that names it; undefined for the default profile. */
export interface ChosenProfile {
  readonly name: string;
  readonly variable: string | undefined;
}

/** Looks for credentials in one place. Returns undefined if the client continues with the next place. */
export type CredentialProvider = (view: ClientView, chosen: ChosenProfile) => CredentialSource | undefined;

/** Keys in the environment, in the usual variables or in `more` pairs. */
export function environmentKeys(...more: readonly (readonly [id: string, secret: string])[]): CredentialProvider {
  const pairs = [['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const, ...more];
  return ({ environment }) =>
    pairs.some(([id, secret]) => environment[id] && environment[secret]) ? { kind: 'environment-keys' } : undefined;
}

/** In Python, a key id without its secret is an error. */
export const environmentKeysById: CredentialProvider = ({ environment }) => {
  if (!environment['AWS_ACCESS_KEY_ID']) return undefined;
  if (environment['AWS_SECRET_ACCESS_KEY']) return { kind: 'environment-keys' };
  return { kind: 'error', problem: 'keys-incomplete', subject: 'AWS_SECRET_ACCESS_KEY' };
};

/** The web-identity variables, if role and token file are both set. */
export const environmentWebIdentity: CredentialProvider = ({ environment }) => {
  const roleArn = environment['AWS_ROLE_ARN'];
  const tokenFile = environment['AWS_WEB_IDENTITY_TOKEN_FILE'];
  if (!roleArn || !tokenFile) return undefined;
  const sessionName = environment['AWS_ROLE_SESSION_NAME'] || undefined;
  return { kind: 'web-identity', from: 'environment', profile: undefined, roleArn, tokenFile, sessionName };
};

/** In Go, a token file in the environment without a role is an error. */
export const environmentTokenFile: CredentialProvider = (view, chosen) => {
  if (!view.environment['AWS_WEB_IDENTITY_TOKEN_FILE']) return undefined;
  return environmentWebIdentity(view, chosen) ?? { kind: 'error', problem: 'role-missing', subject: 'AWS_ROLE_ARN' };
};

/** In Python, role, token file and session name each come from the environment, or else from the profile. */
export const mixedWebIdentity: CredentialProvider = (view, chosen) => {
  const { environment } = view;
  const profile = view.profile(chosen.name);
  const tokenFile = environment['AWS_WEB_IDENTITY_TOKEN_FILE'] ?? profile?.get('web_identity_token_file');
  if (!tokenFile) return undefined;
  const roleArn = environment['AWS_ROLE_ARN'] ?? profile?.get('role_arn');
  if (!roleArn) return { kind: 'error', problem: 'role-missing', subject: chosen.name };
  const sessionName = (environment['AWS_ROLE_SESSION_NAME'] ?? profile?.get('role_session_name')) || undefined;
  const pure = [environmentWebIdentity(view, chosen), webIdentityIn(profile, chosen.name)].find(
    (one) =>
      one?.kind === 'web-identity' &&
      one.roleArn === roleArn &&
      one.tokenFile === tokenFile &&
      one.sessionName === sessionName,
  );
  return pure ?? { kind: 'web-identity', from: 'mixed', profile: chosen.name, roleArn, tokenFile, sessionName };
};

/** A role with a token file in the chosen profile. */
export function profileWebIdentity(where: 'config' | 'both'): CredentialProvider {
  return (view, { name }) =>
    webIdentityIn(where === 'config' ? view.profileIn('config', name) : view.profile(name), name);
}

function webIdentityIn(profile: ProfileKeys | undefined, name: string): CredentialSource | undefined {
  const roleArn = profile?.get('role_arn');
  const tokenFile = profile?.get('web_identity_token_file');
  if (!roleArn || !tokenFile) return undefined;
  const sessionName = profile?.get('role_session_name') || undefined;
  return { kind: 'web-identity', from: 'profile', profile: name, roleArn, tokenFile, sessionName };
}

/** A role in the chosen profile, assumed with the credentials of another profile or of the machine. */
export const profileRole: CredentialProvider = (view, { name }) => {
  const profile = view.profile(name);
  const source = profile?.get('source_profile') ?? profile?.get('credential_source');
  if (profile === undefined || !profile.get('role_arn') || !source) return undefined;
  if (!profile.has('source_profile')) return assumedRole(profile, name, source);
  if (view.profile(source) === undefined) return { kind: 'error', problem: 'source-profile-missing', subject: source };
  return assumedRole(profile, name, `profile "${source}"`);
};

/** Like `profileRole`, but a role without a source is an error. */
export const profileRoleWithSource: CredentialProvider = (view, chosen) => {
  const profile = view.profile(chosen.name);
  const alone = profile?.get('role_arn') && !profile.has('web_identity_token_file');
  return (
    profileRole(view, chosen) ??
    (alone ? { kind: 'error', problem: 'source-missing', subject: chosen.name } : undefined)
  );
};

/** A role in the chosen profile, assumed with static keys of the same profile. */
export const profileRoleByOwnKeys: CredentialProvider = (view, { name }) => {
  const profile = view.profile(name);
  const keys = profile?.get('aws_access_key_id') && profile.get('aws_secret_access_key');
  return profile?.get('role_arn') && keys ? assumedRole(profile, name, 'its own static keys') : undefined;
};

function assumedRole(profile: ProfileKeys, name: string, source: string): CredentialSource {
  const sessionName = profile.get('role_session_name') || undefined;
  return { kind: 'role', profile: name, roleArn: profile.get('role_arn') ?? '', sessionName, with: source };
}

/** Static keys of the chosen profile in one file. */
export function profileKeys(file: 'config' | 'credentials'): CredentialProvider {
  return (view, { name }) => {
    const profile = view.profileIn(file, name);
    const whole = profile?.get('aws_access_key_id') && profile.get('aws_secret_access_key');
    return whole ? { kind: 'profile-keys', profile: name, file } : undefined;
  };
}

/** The `credential_process` of the chosen profile. */
export const profileProcess: CredentialProvider = (view, { name }) =>
  view.profile(name)?.get('credential_process') ? { kind: 'process', profile: name } : undefined;

/** IAM Identity Center, in the chosen profile. */
export const profileSso: CredentialProvider = (view, { name }) => {
  const profile = view.profile(name);
  return profile?.get('sso_session') || profile?.get('sso_start_url') ? { kind: 'sso', profile: name } : undefined;
};

/** The console session that `aws login` stored for the chosen profile. */
export const profileLoginSession: CredentialProvider = (view, { name }) =>
  view.profile(name)?.get('login_session') ? { kind: 'login-session', profile: name } : undefined;

/** The endpoint of the container, or of the instance unless it is disabled. */
export const machine: CredentialProvider = ({ environment }) => {
  const container =
    environment['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] || environment['AWS_CONTAINER_CREDENTIALS_FULL_URI'];
  if (container) return { kind: 'machine', by: 'container' };
  if (environment['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return undefined;
  return { kind: 'machine', by: 'instance' };
};

/** An error if a variable names a profile that neither file has. */
export const missingProfile: CredentialProvider = (view, { name, variable }) =>
  variable !== undefined && view.profile(name) === undefined
    ? { kind: 'error', problem: name === '' ? 'profile-empty' : 'profile-missing', subject: name }
    : undefined;

/** An error if Python's clients reject one of the files. */
export const pythonFileError: CredentialProvider = ({ config, credentials }) => {
  const files = [
    ['config', config],
    ['credentials', credentials],
  ] as const;
  const refused = files.find(([, file]) => isRefusedByPython(file));
  return refused && { kind: 'error', problem: 'file-unreadable', subject: refused[0] };
};

/** In Go, a contradictory profile is an error even if the environment has credentials. */
export const goProfileError: CredentialProvider = (view, chosen) => {
  const profile = view.profile(chosen.name);
  if (profile === undefined) return undefined;
  const sourceKeys = ['credential_source', 'source_profile', 'credential_process', 'web_identity_token_file'];
  if (sourceKeys.filter((key) => profile.get(key)).length > 1)
    return { kind: 'error', problem: 'contradiction', subject: chosen.name };
  if (profile.get('web_identity_token_file') && !profile.get('role_arn'))
    return { kind: 'error', problem: 'role-missing', subject: chosen.name };
  const role = profileRole(view, chosen);
  return role?.kind === 'error' ? role : undefined;
};

/** Skips a provider if a variable chooses a profile. */
export function unlessProfileChosen(provider: CredentialProvider): CredentialProvider {
  return (view, chosen) => (chosen.variable === undefined ? provider(view, chosen) : undefined);
}

/** Lets one provider read a profile variable that the client's other providers do not read. */
export function byProfileVariable(variable: string, provider: CredentialProvider): CredentialProvider {
  return (view, chosen) => {
    const name = chosen.variable === undefined ? view.environment[variable] : undefined;
    return provider(view, name === undefined ? chosen : { name, variable });
  };
}
