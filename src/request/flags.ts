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
const tokenFlags: readonly Flag[] = [
  { name: 'token-env', value: 'NAME', help: 'the variable that holds the token (SEMAPHORE_OIDC_TOKEN)' },
  { name: 'token-file', value: 'PATH', help: 'a file that holds the token instead, used where it lies' },
];
const shell: Flag = { name: 'shell', value: 'SHELL', help: 'form of the env file: bash or powershell (by platform)' };
const timeout: Flag = { name: 'timeout', value: 'SECONDS', help: 'how long STS may take in all (30)' };
const quiet: Flag = { name: 'quiet', help: 'say nothing but warnings and failures' };

/** Every command with every flag. */
export const commandDeclarations: readonly CommandDeclaration[] = [
  {
    name: 'login',
    summary: 'logs this job into AWS; prints the path of a file to source (the default command)',
    flags: [
      roleArn,
      { name: 'region', value: 'REGION', help: 'region of STS and of the profile (AWS_REGION, AWS_DEFAULT_REGION)' },
      { name: 'profile', value: 'NAME', help: 'the profile to write (default)' },
      { name: 'session-name', value: 'NAME', help: 'name of the session in AWS logs (semaphore-job-<job id>)' },
      ...tokenFlags,
      { name: 'export', value: 'WHAT', help: 'what the env file exports: profile, static or none (profile)' },
      shell,
      { name: 'shared-config', help: 'write to ~/.aws/config on a self-hosted agent too' },
      { name: 'isolated', help: "write to a private copy of the config file, in this job's own directory" },
      { name: 'overwrite-profile', help: 'change a profile of that name that somebody else wrote' },
      { name: 'no-verify', help: 'write without asking STS first' },
      { name: 'wait', value: 'SECONDS', help: 'go on asking that long while STS refuses, for a role just made (0)' },
      timeout,
      quiet,
    ],
    example: 'source "$(sem-aws-login --role-arn arn:aws:iam::123456789012:role/deploy --region eu-west-1)"',
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
];
