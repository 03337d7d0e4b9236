import type { ByteText } from '../text/byte-text.ts';

export interface ManagedSection {
  /** `[A-Za-z0-9_-]{1,64}`. */
  readonly profile: string;
  /** `[A-Za-z0-9-]{1,64}`. */
  readonly job: string;
  /** In the order of their lines; values are ordinary strings. */
  readonly keys: readonly (readonly [ManagedKey, string])[];
}

const profileName = /^[A-Za-z0-9_-]{1,64}$/;
const jobName = /^[A-Za-z0-9-]{1,64}$/;
const managedComment = /^# Managed by sem-aws-login for job ([A-Za-z0-9-]{1,64});/;

export function isNameable({ profile, job }: ManagedSection): boolean {
  // JavaScript's SDK ignores the whole file for a profile named __proto__.
  return profileName.test(profile) && profile !== '__proto__' && jobName.test(job);
}

/** Returns the comment that marks a section as this job's, directly above its header. */
export function makeManagedComment(job: string): ByteText {
  return `# Managed by sem-aws-login for job ${job}; \`sem-aws-login logout\` removes it`;
}

/**
 * Returns the job that a managed comment, from `start` to `end`, names; undefined for other lines.
 */
export function managingJobOf(text: ByteText, start: number, end: number): string | undefined {
  return managedComment.exec(text.slice(start, end))?.[1];
}

const managedKeys = [
  'role_arn',
  'web_identity_token_file',
  'role_session_name',
  'region',
  'sts_regional_endpoints',
  'credential_process',
] as const;

export type ManagedKey = (typeof managedKeys)[number];

/** Whether a login can have written a key, in lower case. */
export function isManagedKey(name: string): name is ManagedKey {
  return managedKeys.some((key) => key === name);
}

// Each gives credentials, or changes which credentials a role's keys give.
const credentialKeys: ReadonlySet<string> = new Set([
  'role_arn',
  'web_identity_token_file',
  'role_session_name',
  'source_profile',
  'credential_source',
  'external_id',
  'mfa_serial',
  'duration_seconds',
  'credential_process',
  'login_session',
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_security_token',
  'aws_account_id',
]);

/**
 * Whether a key, in lower case, affects credentials, so that it cannot stay beside a login's keys.
 */
export function isCredentialKey(name: string): boolean {
  return credentialKeys.has(name) || name.startsWith('sso_');
}
