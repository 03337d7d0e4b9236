import type { ManagedSection } from '../profile/profile-edit.ts';

/** What a plain web-identity profile says. */
export interface WebIdentityProfile {
  readonly roleArn: string;
  readonly tokenFile: string;
  readonly sessionName: string;
  readonly region: string | undefined;
}

/** Keys in the order in which they are written. */
export function webIdentityKeys({
  roleArn,
  tokenFile,
  sessionName,
  region,
}: WebIdentityProfile): ManagedSection['keys'] {
  return [
    ['role_arn', roleArn],
    ['web_identity_token_file', tokenFile],
    ['role_session_name', sessionName],
    ...(region === undefined ? [] : ([['region', region]] as const)),
    // Old boto3, Go v1 and JavaScript v2 would ask the one global endpoint otherwise.
    ['sts_regional_endpoints', 'regional'],
  ];
}

/** What a profile says that asks this program for its keys: for what no web-identity profile can say. */
export function processKeys(command: string, region: string | undefined): ManagedSection['keys'] {
  return [['credential_process', command], ...(region === undefined ? [] : ([['region', region]] as const))];
}
