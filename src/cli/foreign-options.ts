/** What an option of another tool is here. */
export interface ForeignOption {
  readonly tool: string;
  /** Our option, without the dashes; undefined if none is needed. */
  readonly option?: string;
  /** A sentence without a full stop. */
  readonly why?: string;
}

const github = "GitHub's configure-aws-credentials action";
const awsCli = '"aws sts assume-role-with-web-identity"';
const keys = "A login needs the job's token only, not access keys";

/**
 * Options of other tools that log in to AWS, without dashes.
 * @see https://github.com/aws-actions/configure-aws-credentials/blob/main/action.yml
 */
const foreignOptions: Readonly<Record<string, ForeignOption>> = {
  'role-to-assume': { tool: github, option: 'role-arn' },
  'aws-region': { tool: github, option: 'region' },
  'role-session-name': { tool: github, option: 'session-name' },
  'role-duration-seconds': { tool: github, option: 'duration' },
  'role-external-id': { tool: github, option: 'external-id' },
  'aws-profile': { tool: github, option: 'profile' },
  'web-identity-token-file': { tool: github, option: 'token-file' },
  'inline-session-policy': { tool: github, option: 'session-policy', why: 'Its value is the path of a JSON file' },
  'managed-session-policies': { tool: github, option: 'session-policy-arn', why: 'Repeat it for each policy' },
  'role-chaining': { tool: github, why: 'To assume another role with the session, use --then-role-arn' },
  audience: { tool: github, why: "Semaphore sets the token's audience: it is the organization's URL" },
  'aws-access-key-id': { tool: github, why: keys },
  'aws-secret-access-key': { tool: github, why: keys },
  'aws-session-token': { tool: github, why: keys },
  'output-env-credentials': { tool: github, why: 'To export session keys, use --export static' },
  'unset-current-credentials': { tool: github, why: 'A login always unsets variables that take precedence over it' },
  'mask-aws-account-id': { tool: github, why: 'Semaphore does not mask values in a log' },
  'allowed-account-ids': { tool: github, why: "The role's ARN contains the account" },
  'duration-seconds': { tool: awsCli, option: 'duration' },
  'policy-arns': { tool: awsCli, option: 'session-policy-arn' },
  'web-identity-token': { tool: awsCli, why: 'The token is read from SEMAPHORE_OIDC_TOKEN' },
};

/** Returns what an option of another tool is here; `name` has no dashes. */
export function foreignOptionNamed(name: string): ForeignOption | undefined {
  return Object.hasOwn(foreignOptions, name) ? foreignOptions[name] : undefined;
}
