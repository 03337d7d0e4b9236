/**
 * An environment with its files. `{token}` is the path of the token file, `{process}` of a program
 * that prints keys.
 */
export interface Combination {
  readonly name: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly credentials?: string;
}

/** Keys of users that the local STS knows, named after where the keys are stored. */
export const keysOf = (user: string) => ({
  id: `AKIA${user.toUpperCase().replaceAll('-', '')}`,
  secret: `secret-of-${user}`,
});

/** The ARN of a role that the tests' token can assume. */
export const roleArnOf = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

const staticKeysOf = (user: string) =>
  `aws_access_key_id = ${keysOf(user).id}\naws_secret_access_key = ${keysOf(user).secret}\n`;
const webIdentityIn = (session: string, more = '') =>
  `role_arn = ${roleArnOf('deploy')}\nweb_identity_token_file = {token}\nrole_session_name = ${session}\n${more}`;
const processIn = 'credential_process = {process}\n';

const keys = { AWS_ACCESS_KEY_ID: keysOf('environment').id, AWS_SECRET_ACCESS_KEY: keysOf('environment').secret };
const webIdentity = {
  AWS_ROLE_ARN: roleArnOf('deploy'),
  AWS_WEB_IDENTITY_TOKEN_FILE: '{token}',
  AWS_ROLE_SESSION_NAME: 'by-variables',
};
const defaults = `[default]\nregion = eu-west-1\n${webIdentityIn('by-default')}`;
const named = `[profile named]\nregion = eu-west-2\n${webIdentityIn('by-name')}`;
const regions = { AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-north-1' };

export const combinations: readonly Combination[] = [
  { name: 'nothing at all' },
  { name: 'only [default]', config: defaults },
  { name: 'only the web-identity variables, with both regions', environment: { ...webIdentity, ...regions } },
  { name: 'only keys in the environment', environment: { ...keys, AWS_REGION: 'eu-central-1' } },
  { name: 'keys against [default]', environment: keys, config: defaults },
  { name: 'keys against the web-identity variables', environment: { ...keys, ...webIdentity, ...regions } },
  { name: 'keys against AWS_PROFILE', environment: { ...keys, AWS_PROFILE: 'named' }, config: defaults + named },
  { name: 'the web-identity variables against [default]', environment: webIdentity, config: defaults },
  {
    name: 'the web-identity variables against AWS_PROFILE',
    environment: { ...webIdentity, AWS_PROFILE: 'named' },
    config: defaults + named,
  },
  { name: 'AWS_PROFILE alone', environment: { AWS_PROFILE: 'named' }, config: defaults + named },
  { name: 'AWS_DEFAULT_PROFILE alone', environment: { AWS_DEFAULT_PROFILE: 'named' }, config: defaults + named },
  {
    name: 'AWS_PROFILE and AWS_DEFAULT_PROFILE apart',
    environment: { AWS_PROFILE: 'named', AWS_DEFAULT_PROFILE: 'default' },
    config: defaults + named,
  },
  { name: 'AWS_PROFILE names nothing', environment: { AWS_PROFILE: 'gone' }, config: defaults },
  {
    name: 'AWS_PROFILE names nothing, with the web-identity variables',
    environment: { ...webIdentity, ...regions, AWS_PROFILE: 'gone' },
    config: defaults,
  },
  { name: 'AWS_PROFILE is empty', environment: { AWS_PROFILE: '' }, config: defaults },
  {
    name: 'static keys for [default] in the credentials file',
    config: defaults,
    credentials: `[default]\n${staticKeysOf('credentials-file')}`,
  },
  {
    name: 'static keys for [default] in the credentials file, with the web-identity variables',
    environment: { ...webIdentity, AWS_REGION: 'eu-central-1' },
    credentials: `[default]\n${staticKeysOf('credentials-file')}`,
  },
  {
    name: 'static keys in both files',
    config: `[default]\nregion = eu-west-1\n${staticKeysOf('config-file')}`,
    credentials: `[default]\n${staticKeysOf('credentials-file')}`,
  },
  { name: 'static keys in the config file', config: `[default]\nregion = eu-west-1\n${staticKeysOf('config-file')}` },
  {
    name: 'a profile of the credentials file only',
    environment: { AWS_PROFILE: 'stored', AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' },
    credentials: `[stored]\n${staticKeysOf('credentials-file')}`,
  },
  { name: 'a process', config: `[default]\nregion = eu-west-1\n${processIn}` },
  {
    name: 'a process against static keys of the credentials file',
    config: `[default]\nregion = eu-west-1\n${processIn}`,
    credentials: `[default]\n${staticKeysOf('credentials-file')}`,
  },
  {
    name: 'a console login without its cached session',
    config: `[default]\nregion = eu-west-1\nlogin_session = arn:aws:iam::123456789012:user/ada\n`,
  },
  {
    name: 'a chained role',
    config: `[default]\nregion = eu-west-1\nrole_arn = ${roleArnOf('chained')}\nsource_profile = named\nrole_session_name = by-chain\n${named}`,
  },
  {
    name: 'a chained role against the web-identity variables',
    environment: webIdentity,
    config: `[default]\nregion = eu-west-1\nrole_arn = ${roleArnOf('chained')}\nsource_profile = named\nrole_session_name = by-chain\n${named}`,
  },
  {
    name: 'a chained role whose source is missing',
    config: `[default]\nregion = eu-west-1\nrole_arn = ${roleArnOf('chained')}\nsource_profile = gone\n`,
  },
  {
    name: 'only AWS_ROLE_ARN of the three, with [default]',
    environment: { AWS_ROLE_ARN: roleArnOf('other') },
    config: defaults,
  },
  {
    name: 'only AWS_ROLE_SESSION_NAME of the three, with [default]',
    environment: { AWS_ROLE_SESSION_NAME: 'by-variables' },
    config: defaults,
  },
  {
    name: 'only AWS_WEB_IDENTITY_TOKEN_FILE of the three, with [default]',
    environment: { AWS_WEB_IDENTITY_TOKEN_FILE: '{token}' },
    config: defaults,
  },
  {
    name: 'an empty AWS_WEB_IDENTITY_TOKEN_FILE, with [default]',
    environment: { AWS_WEB_IDENTITY_TOKEN_FILE: '' },
    config: defaults,
  },
  {
    name: 'a role that names no source',
    config: `[default]\nregion = eu-west-1\nrole_arn = ${roleArnOf('chained')}\n`,
  },
  {
    name: 'a chained role whose source is missing, with keys in the environment',
    environment: { ...keys, AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' },
    config: `[default]\nrole_arn = ${roleArnOf('chained')}\nsource_profile = gone\n`,
  },
  {
    name: 'AWS_DEFAULT_PROFILE for static keys',
    environment: { AWS_DEFAULT_PROFILE: 'stored' },
    config: '[profile stored]\nregion = eu-west-2\n',
    credentials: `[stored]\n${staticKeysOf('credentials-file')}`,
  },
  {
    name: 'a key id without its secret',
    environment: { AWS_ACCESS_KEY_ID: keysOf('environment').id },
    config: defaults,
  },
  { name: 'a key twice', config: `${defaults}region = eu-west-3\n` },
  {
    name: 'a junk line, with the web-identity variables',
    environment: { ...webIdentity, ...regions },
    config: `${defaults}junk\n`,
  },
  {
    name: '[default] against [profile default]',
    config: `${defaults}[profile default]\nregion = eu-west-2\n${webIdentityIn('by-prefix')}`,
  },
  {
    name: 'a bare section in the config file',
    environment: { AWS_PROFILE: 'bare' },
    config: `[bare]\nregion = eu-west-1\n${webIdentityIn('by-bare')}`,
  },
  {
    name: 'a comment after the region',
    config: `[default]\nregion = eu-west-1 # here\n${webIdentityIn('by-default')}`,
  },
  { name: 'AWS_REGION against the profile', environment: { AWS_REGION: 'eu-central-1' }, config: defaults },
  {
    name: 'AWS_DEFAULT_REGION against the profile',
    environment: { AWS_DEFAULT_REGION: 'eu-north-1' },
    config: defaults,
  },
];
