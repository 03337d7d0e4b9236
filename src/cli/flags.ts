/** A flag as declared once: the command line, `SEM_AWS_LOGIN_<FLAG>`, the help and the documentation are made from it. */
export interface Flag {
  /** Without the dashes: `role-arn`. */
  readonly name: string;
  /** What stands for its value in the help; a flag without one is a switch. */
  readonly value?: string;
  /** May be given several times; in its variable, separated by commas. */
  readonly repeatable?: true;
  readonly help: string;
}

/** A command as declared once, for the same purposes. */
export interface CommandDeclaration {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** What may stand after the flags, in the help's notation; nothing may where this is absent. */
  readonly operands?: string;
  /** Ends the command's help; works as pasted in a job. */
  readonly example: string;
}

/** The variable that a flag is also read from. */
export function variableOf(flag: Flag): string {
  return `SEM_AWS_LOGIN_${flag.name.toUpperCase().replaceAll('-', '_')}`;
}

const roleArn: Flag = { name: 'role-arn', value: 'ARN', help: 'the role to log in as' };
const region: Flag = {
  name: 'region',
  value: 'REGION',
  help: 'region of STS and of the profile (AWS_REGION, AWS_DEFAULT_REGION)',
};
const profile: Flag = { name: 'profile', value: 'NAME', help: 'the profile to write (default)' };
const sessionName: Flag = {
  name: 'session-name',
  value: 'NAME',
  help: 'name of the session in AWS logs (semaphore-job-<job id>)',
};
const tokenFlags: readonly Flag[] = [
  { name: 'token-env', value: 'NAME', help: 'the variable that holds the token (SEMAPHORE_OIDC_TOKEN)' },
  { name: 'token-file', value: 'PATH', help: 'a file that holds the token instead, used where it lies' },
];
const shell: Flag = { name: 'shell', value: 'SHELL', help: 'form of the env file: bash or powershell (by platform)' };
const noVerify: Flag = { name: 'no-verify', help: 'write without asking STS first' };
const wait: Flag = {
  name: 'wait',
  value: 'SECONDS',
  help: 'go on asking that long while STS refuses, for a role just made (0)',
};
const timeout: Flag = { name: 'timeout', value: 'SECONDS', help: 'how long STS may take in all (30)' };
const quiet: Flag = { name: 'quiet', help: 'say nothing but warnings and failures' };

/** What a plain session by the job's token does not have. */
const sessionFlags: readonly Flag[] = [
  { name: 'role', value: 'PROFILE=ARN', repeatable: true, help: 'one of several roles, each with its profile' },
  { name: 'then-role-arn', value: 'ARN', repeatable: true, help: 'a role to go on to from the one before, in order' },
  { name: 'external-id', value: 'ID', help: 'external id that the last role of a chain asks for' },
  { name: 'source-identity', value: 'NAME', help: 'who the first chained role notes as the source' },
  { name: 'session-tag', value: 'KEY=VALUE', repeatable: true, help: 'a tag of the chained session' },
  { name: 'transitive-tag', value: 'KEY', repeatable: true, help: 'a tag that goes on along the chain' },
  { name: 'duration', value: 'SECONDS', help: 'how long a session lives, 900 to 43200 (3600)' },
  { name: 'session-policy', value: 'FILE', help: 'JSON policy that narrows the session' },
  {
    name: 'session-policy-arn',
    value: 'ARN',
    repeatable: true,
    help: 'a managed policy that narrows the session, up to 10',
  },
];

/** Every command with every flag. */
export const commandDeclarations: readonly CommandDeclaration[] = [
  {
    name: 'login',
    summary: 'logs this job into AWS; prints the path of a file to source (the default command)',
    flags: [
      roleArn,
      region,
      profile,
      sessionName,
      ...tokenFlags,
      { name: 'export', value: 'WHAT', help: 'what the env file exports: profile, static or none (profile)' },
      shell,
      { name: 'shared-config', help: 'write to ~/.aws/config on a self-hosted agent too' },
      { name: 'isolated', help: "write to a private copy of the config file, in this job's own directory" },
      { name: 'overwrite-profile', help: 'change a profile of that name that somebody else wrote' },
      noVerify,
      wait,
      timeout,
      quiet,
      ...sessionFlags,
    ],
    example: 'source "$(sem-aws-login --role-arn arn:aws:iam::123456789012:role/deploy --region eu-west-1)"',
  },
  {
    name: 'exec',
    summary: 'runs one command with the login in its environment, and nothing of it left afterwards',
    operands: '[command...]',
    flags: [
      roleArn,
      region,
      profile,
      sessionName,
      ...tokenFlags,
      { name: 'export', value: 'WHAT', help: 'what the command finds in its environment: profile or static (profile)' },
      noVerify,
      wait,
      timeout,
      quiet,
      ...sessionFlags,
    ],
    example: 'sem-aws-login exec --role-arn arn:aws:iam::123456789012:role/deploy -- aws sts get-caller-identity',
  },
  {
    name: 'credentials',
    summary: "prints the keys of a profile of this job's, for AWS's credential_process or as an env file",
    flags: [
      { name: 'profile', value: 'NAME', help: 'the profile (default)' },
      { name: 'format', value: 'FORMAT', help: "process, AWS's own, or env, lines of NAME=VALUE (process)" },
      { name: 'job-directory', value: 'PATH', help: "where the login wrote, as in the profile (by the job's id)" },
      ...tokenFlags,
      timeout,
    ],
    example: 'sem-aws-login credentials --profile default --format env > aws.env',
  },
  {
    name: 'logout',
    summary: "undoes what this job's logins wrote, nothing else; prints the path of a file to source",
    flags: [...tokenFlags, shell, quiet],
    example: 'source "$(sem-aws-login logout)"',
  },
  {
    name: 'doctor',
    summary: 'looks at everything that a login and the AWS tools of this job depend on; changes nothing',
    flags: [
      { ...roleArn, help: 'also ask STS for this role, and write nothing' },
      { name: 'region', value: 'REGION', help: 'region of STS (AWS_REGION, AWS_DEFAULT_REGION)' },
      ...tokenFlags,
      { name: 'trust-policy', value: 'FILE', help: 'hold this trust policy against the token; "-" for standard input' },
      {
        name: 'sub',
        value: 'SUBJECT',
        help: "outside a job: the subject to hold the policy against, or another job's",
      },
      { name: 'aud', value: 'AUDIENCE', help: 'outside a job: the audience, which is the issuer too' },
      { name: 'claims', value: 'FILE', help: "outside a job: a token's claims as JSON" },
      { name: 'json', help: 'the report as JSON' },
      { name: 'timeout', value: 'SECONDS', help: 'how long each question to the network may take (10)' },
    ],
    example: 'sem-aws-login doctor --role-arn arn:aws:iam::123456789012:role/deploy',
  },
  {
    name: 'setup',
    summary: "writes the identity provider and the role that let these jobs in, from the job's token or from flags",
    flags: [
      { name: 'format', value: 'FORMAT', help: 'cloudformation, terraform, aws-cli or json' },
      { name: 'out', value: 'FILE', help: 'a new file to write to, instead of standard output' },
      { name: 'check', value: 'ROLE.json', help: 'compare with what "aws iam get-role" printed ("-": standard input)' },
      { name: 'issuer', value: 'URL', help: "the organization's URL (the token's issuer)" },
      { name: 'org', value: 'NAME', help: "the organization's name on semaphoreci.com, instead of its URL" },
      { name: 'project-id', value: 'UUID', help: "the project's id (the token's)" },
      { name: 'repo', value: 'NAME', help: "the repository's name without its owner (the token's; any, without one)" },
      { name: 'branch', value: 'NAME', repeatable: true, help: "a branch to let in, or with * a pattern (this job's)" },
      { name: 'tag', value: 'NAME', repeatable: true, help: "a tag to let in, or with * a pattern (this job's)" },
      { name: 'pull-requests', help: "let in pull requests, which includes forks'" },
      { name: 'account-id', value: 'ID', help: 'the AWS account; json needs it, aws-cli then refuses any other' },
      { name: 'role-name', value: 'NAME', help: 'the role to make (semaphore-<repository>)' },
      { name: 'existing-provider', help: 'use the provider that the account has for this URL' },
      {
        name: 'thumbprint',
        value: 'SHA1',
        repeatable: true,
        help: 'CA of an issuer whose certificate AWS cannot check',
      },
      { name: 'permissions-policy-arn', value: 'ARN', repeatable: true, help: 'a managed policy to attach (none)' },
      {
        name: 'max-session-duration',
        value: 'SECONDS',
        help: "the role's longest session, 3600 to 43200 (AWS's: 3600)",
      },
      { name: 'session-tags', help: 'allow sts:TagSession (where the token carries tags)' },
      { name: 'region', value: 'REGION', help: "region of the login line; its partition is the role's (AWS_REGION)" },
      ...tokenFlags,
    ],
    example: 'sem-aws-login setup --format cloudformation',
  },
];
