import { describe, expect, test } from 'vitest';
import { makeManagedComment } from '../../src/config-file/managed-section.ts';
import { readConfig } from '../../src/config-file/read.ts';
import { checkClients } from '../../src/doctor/clients.ts';

const job = '2f8a7c9e-5a3d-4c1b-9c59-0d7c1f3b7e11';
const role = 'arn:aws:iam::123456789012:role/deploy';
const section = `[default]\nrole_arn = ${role}\nweb_identity_token_file = /token\nrole_session_name = s\nregion = eu-west-1\n`;
const login = `${makeManagedComment(job)}\n${section}`;
const variables = { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: '/token', AWS_ROLE_SESSION_NAME: 's' };

const comment = makeManagedComment(job);
const processLogin = `${comment}\n[default]\ncredential_process = /p\nregion = eu-west-1\n`;
const twoRoles = ['a', 'b'].map((name) => `${comment}\n${section.replace('default', `profile ${name}`)}`).join('');
const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
const keyLines = 'aws_access_key_id = a\naws_secret_access_key = b\nregion = eu-west-1\n';

const kindOf = (environment: Record<string, string>, config?: string, credentials?: string) => {
  const found = (text: string | undefined) => ({
    path: '/x',
    file: text === undefined ? undefined : readConfig(text),
    failure: undefined,
  });
  const files = { config: found(config), credentials: found(credentials) };
  const jobLogin = { job, ownsKeys: false, line: () => 'login', staticLine: () => 'login' };
  const findings = checkClients({ AWS_EC2_METADATA_DISABLED: 'true', ...environment }, files, jobLogin);
  return findings.map(({ facts }) => facts.kind).join(' ');
};

describe('which credentials the clients take', () => {
  test.each([
    ['the login, by variables and by its profile', variables, login, 'clients-agree'],
    ['the login, by its profile alone', {}, login, 'clients-agree'],
    ['a profile that no login wrote', {}, section, 'clients-agree'],
    ['AWS_REGION alone, which boto3 does not read', { AWS_REGION: 'eu-west-2' }, login, 'clients-regions'],
    ['keys before the login', keys, login, 'clients-outrank'],
    ['another session name for some', { ...variables, AWS_ROLE_SESSION_NAME: 't' }, login, 'clients-differ'],
    ['keys before a login with credential_process', keys, processLogin, 'clients-outrank'],
    ['keys without a login', keys, undefined, 'clients-static-keys'],
    ['keys beside a profile that no login wrote', keys, section, 'clients-static-keys'],
    ['static keys in the config file', {}, `[default]\n${keyLines}`, 'clients-static-keys'],
    ['a console login', {}, '[default]\nlogin_session = arn\nregion = eu-west-1\n', 'clients-console-login'],
    ['a login with credential_process', {}, processLogin, 'clients-agree clients-no-process'],
    ['credential_process of another program', {}, '[default]\ncredential_process = /p\n', 'clients-agree'],
    ['two roles, of which none is chosen', {}, twoRoles, 'clients-choose-profile'],
    ['two roles, of which one is chosen', { AWS_PROFILE: 'b' }, twoRoles, 'clients-agree'],
    ['two roles, of which one is the default', {}, login + twoRoles, 'clients-agree'],
    ['two roles, and keys before them', keys, twoRoles, 'clients-outrank'],
    ['no credentials', {}, undefined, 'clients-nobody'],
    ['a profile that does not exist', { AWS_PROFILE: 'gone' }, login, 'clients-fail'],
    ['a region with a comment after it', {}, login.replace('eu-west-1', 'eu-west-1 # note'), 'clients-fail'],
  ])('%s', (_, environment, config, kind) => {
    expect(kindOf(environment, config)).toBe(kind);
  });

  test('static keys beside the login, which some clients take first', () => {
    expect(kindOf({}, login, '[default]\naws_access_key_id = a\naws_secret_access_key = b\n')).toBe('clients-differ');
  });
});
