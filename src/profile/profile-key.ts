const managedKeys = [
  'role_arn',
  'web_identity_token_file',
  'role_session_name',
  'region',
  'sts_regional_endpoints',
  'credential_process',
] as const;

/** The keys that we write into a profile. */
export type ManagedKey = (typeof managedKeys)[number];

/** Whether a key, in lower case, is one that we may have written. */
export function isManagedKey(name: string): name is ManagedKey {
  return managedKeys.some((key) => key === name);
}

// Each is a way to credentials of its own, or changes whose credentials a role's keys give.
const rivalKeys: ReadonlySet<string> = new Set([
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

/** Whether a key, in lower case, decides about credentials, so that it may not stand beside ours unless we wrote it. */
export function isCredentialKey(name: string): boolean {
  return rivalKeys.has(name) || name.startsWith('sso_');
}
