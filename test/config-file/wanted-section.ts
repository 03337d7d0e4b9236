import type { ManagedSection } from '../../src/config-file/managed-section.ts';

/** The profile of a plain role. */
export const webIdentity = (profile: string, job: string): ManagedSection => ({
  profile,
  job,
  keys: [
    ['role_arn', 'arn:aws:iam::123456789012:role/deploy'],
    ['web_identity_token_file', `/home/ci/.sem-aws-login/jobs/${job}/token`],
    ['role_session_name', `semaphore-job-${job}`],
    ['region', 'eu-central-1'],
    ['sts_regional_endpoints', 'regional'],
  ],
});

/** The profile of a login through `credential_process`. */
export const byProcess = (profile: string, job: string): ManagedSection => ({
  profile,
  job,
  keys: [
    ['credential_process', `/usr/local/bin/sem-aws-login credentials --profile ${profile}`],
    ['region', 'eu-central-1'],
  ],
});
