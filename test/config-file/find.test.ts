import { describe, expect, test } from 'vitest';
import { locateProfile, managingJobOfProfile, sectionsPointingInto } from '../../src/config-file/find.ts';
import { isCredentialKey, isManagedKey } from '../../src/config-file/managed-section.ts';
import { readConfig } from '../../src/config-file/read.ts';

const comment = (job: string) => `# Managed by sem-aws-login for job ${job}; \`sem-aws-login logout\` removes it\n`;

describe('a profile’s location', () => {
  test.each<readonly [what: string, text: string, kind: string, line: number | undefined]>([
    ['nowhere', '[profile other]\n[sso-session default]\n', 'absent', undefined],
    ['in one section', '[profile other]\n[default]\n', 'found', 2],
    ['in the one with the prefix, after a bare one', '[default]\nregion = x\n[profile default]\n', 'found', 3],
    ['in two of the same spelling', '[default]\n[default]\n', 'ambiguous', 2],
    ['in two the wrong way round', '[profile default]\n[default]\n', 'ambiguous', 2],
    ['in two, the first of them spaced', '[ default ]\n[profile default]\n', 'ambiguous', 2],
    [
      'in two, the first of which also has other keys',
      '[default]\nregion = x\nrole_arn = y\n[profile default]\n',
      'ambiguous',
      4,
    ],
    ['in three', '[default]\n[profile default]\n[default]\n', 'ambiguous', 2],
    ['in two, the first of which affects credentials', '[default]\nrole_arn = x\n[profile default]\n', 'ambiguous', 3],
    ['in two, the first of which is ours', `${comment('j')}[default]\n[profile default]\n`, 'ambiguous', 3],
    ['in two, a hidden header after the first', '[default]\n[x] y\n[profile default]\n', 'ambiguous', 3],
  ])('%s', (_what, text, kind, line) => {
    const location = locateProfile(readConfig(text), 'default');
    const section =
      location.kind === 'found' ? location.section : location.kind === 'ambiguous' ? location.second : undefined;
    expect([location.kind, section?.line]).toEqual([kind, line]);
  });
});

describe('the job that manages a profile’s section', () => {
  test.each<readonly [text: string, job: string | undefined]>([
    ['', undefined],
    ['[default]\n', undefined],
    [`${comment('j')}[default]\n`, 'j'],
    [`${comment('a')}[default]\n${comment('b')}[default]\n`, 'b'],
    [`${comment('a')}[default]\n[default]\n`, undefined],
  ])('%j: %s', (text, job) => {
    expect(managingJobOfProfile(readConfig(text), 'default')).toBe(job);
  });
});

describe('the profiles that point into a directory', () => {
  const pointing = (text: string, directory = '/own/jobs/j') => sectionsPointingInto(readConfig(text), directory);

  test('are returned with their line and job', () => {
    const text = `[profile a]\nregion = x\nweb_identity_token_file = /own/jobs/j/token\nca_bundle = /own/jobs/j/ca\n`;
    expect(pointing(text)).toEqual([{ profile: 'a', job: undefined, line: 1 }]);
    expect(pointing(comment('j') + text)).toMatchObject([{ job: 'j', line: 2 }]);
  });

  test.each<readonly [what: string, text: string, directory: string | undefined]>([
    ['in a comment too, as boto3 reads it', '[default]\na = b # /own/jobs/j/x\n', undefined],
    ['with a backslash', '[default]\na = C:\\own\\token\n', 'C:\\own'],
    ['in UTF-8', '[default]\na = /j\xc3\xb6/token\n', '/jö'],
  ])('are found %s', (_what, text, directory) => {
    expect(pointing(text, directory)).toMatchObject([{ profile: 'default' }]);
  });

  test.each([
    ['one that points into a directory with a similar name', '[default]\na = /own/jobs/j2/token\n'],
    ['one that points to the directory itself', '[default]\na = /own/jobs/j\n'],
    ['a section of another kind', '[services a]\na = /own/jobs/j/token\n'],
  ])('do not include %s', (_what, text) => {
    expect(pointing(text)).toEqual([]);
  });
});

const written = ['role_arn', 'web_identity_token_file', 'role_session_name', 'credential_process'];
const beside = ['region', 'sts_regional_endpoints'];
const otherCredentialKeys = [
  'source_profile',
  'credential_source',
  'external_id',
  'mfa_serial',
  'duration_seconds',
  'login_session',
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'aws_security_token',
  'aws_account_id',
  'sso_session',
  'sso_account_id',
];

test.each([
  ['that we write and that affect credentials', written, true, true],
  ['that we write and that do not affect credentials', beside, true, false],
  ['of others that affect credentials', otherCredentialKeys, false, true],
  ['that do neither', ['output', 'endpoint_url', 'session_sso_', '', 'Role_arn'], false, false],
])('keys %s', (_what, names, managed, credential) => {
  for (const name of names) {
    expect([name, isManagedKey(name), isCredentialKey(name)]).toEqual([name, managed, credential]);
  }
});
