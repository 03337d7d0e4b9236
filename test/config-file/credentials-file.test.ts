import { expect, test } from 'vitest';
import { credentialKeysIn } from '../../src/config-file/find.ts';

test.each<readonly [what: string, text: string, profile: string, keys: readonly [string, number][]]>([
  [
    'static keys',
    '[default]\naws_access_key_id = A\naws_secret_access_key = s\nregion = x\n',
    'default',
    [
      ['aws_access_key_id', 2],
      ['aws_secret_access_key', 3],
    ],
  ],
  ['keys in any case', '[deploy]\nAWS_Access_Key_ID=A\n', 'deploy', [['aws_access_key_id', 2]]],
  ['a section with spaces', '[ deploy ]\nsource_profile = a\n', 'deploy', [['source_profile', 2]]],
  ['a section with the prefix', '[profile deploy]\nrole_arn = a\n', 'deploy', [['role_arn', 2]]],
  ['a section with a comment', '[deploy] # x\nsso_session = a\n', 'deploy', [['sso_session', 2]]],
  [
    'both of two sections',
    '[deploy]\nrole_arn = a\n[other]\nrole_arn = b\n[deploy]\ncredential_process = c\n',
    'deploy',
    [
      ['role_arn', 2],
      ['credential_process', 6],
    ],
  ],
  [
    'no key of other profiles',
    '[deploy-2]\naws_access_key_id = A\n[sso-session deploy]\nsso_region = x\n',
    'deploy',
    [],
  ],
  ['no key that is empty', '[default]\naws_access_key_id =\naws_secret_access_key = # later\n', 'default', []],
  [
    'no key in a comment or a nested block',
    '[default]\n#aws_access_key_id = A\ns3 =\n  aws_access_key_id = A\n',
    'default',
    [],
  ],
  ['no key that does not affect credentials', '[default]\nregion = x\noutput = json\n', 'default', []],
])('the credentials file’s keys for a profile: %s', (_, text, profile, keys) => {
  expect(credentialKeysIn(text, profile).map(({ name, line }) => [name, line])).toEqual(keys);
});
