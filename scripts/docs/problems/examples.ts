import { setupFormats } from '../../../src/cli/setup-options.ts';
import type { GivenLine } from '../../../src/explain/given-line.ts';
import type { FactsOf, FailureFacts, FailureKind } from '../../../src/failure.ts';
import { askedByBranch, busy, refusals, unreachables } from './aws-examples.ts';

/** Realistic cases of every kind of failure. The table does not compile while a kind is missing. */
type Examples = {
  readonly [K in FailureKind]: readonly [Cases<K>, ...Cases<K>[]];
};

type Cases<K extends FailureKind> = Omit<FactsOf<K>, 'kind'>;

const now = new Date('2026-11-22T20:15:00Z');
const config = '/home/semaphore/.aws/config';

export const examples: Examples = {
  'unknown-flag': [
    { flag: '--regin', suggestion: '--region', renames: [{ from: '--regin', to: '--region' }] },
    {
      flag: '--role-to-assume',
      suggestion: '--role-arn',
      renames: [
        { from: '--role-to-assume', to: '--role-arn' },
        { from: '--aws-region', to: '--region' },
      ],
      tool: "GitHub's configure-aws-credentials action",
    },
  ],
  'unknown-command': [{ command: 'logn', suggestion: 'login', commands: ['login', 'logout'] }],
  'flag-without-value': [{ flag: '--role-arn', next: '--region' }],
  'unexpected-argument': [{ argument: 'eu-west-1' }],
  usage: [{ problem: '--quiet is a switch and does not take a value' }],
  'value-invalid': [
    {
      source: '--region',
      value: 'eu-west-1a',
      problem: 'it is an availability zone, not a region',
      remedy: 'give the region, "eu-west-1"',
      meant: 'eu-west-1',
    },
    {
      source: 'AWS_REGION',
      value: 'eu-wets-1',
      problem: 'AWS has no region with this name',
      remedy: 'did you mean "eu-west-1"?',
      meant: 'eu-west-1',
    },
  ],
  'role-missing': [{}],
  'flags-conflict': [
    { flags: ['--isolated', '--shared-config'], why: 'a config file is either private to the job or shared' },
  ],
  'exports-need-capture': [
    {
      why: 'on a self-hosted agent the profile goes to a private config file, since other jobs share HOME',
      line: 'source "$(sem-aws-login --role-arn arn:aws:iam::123456789012:role/deploy)"',
    },
  ],
  'variables-take-precedence': [{ variables: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] }],
  'region-foreign': [
    {
      roleArn: 'arn:aws-cn:iam::123456789012:role/deploy',
      partition: 'aws-cn',
      region: { value: 'eu-west-1', source: 'AWS_REGION' },
      regionPartition: 'aws',
      fitting: { prefixes: ['cn-'], example: 'cn-northwest-1' },
    },
  ],
  'endpoint-insecure': [{ variable: 'AWS_ENDPOINT_URL', url: 'http://localstack:4566' }],
  'token-on-command-line': [{ flag: '--token-env' }],
  'home-needed': [{}],
  'command-missing': [{}],
  'command-not-started': [{ command: 'terrafrom', reason: 'ENOENT' }],
  'secret-on-terminal': [{}],
  'program-path-unwritable': [{ path: '/opt/$tools/sem-aws-login' }],
  'session-policy-invalid': [{ path: 'policy.json', problem: 'it is not JSON' }],
  'profile-unknown': [{ profile: 'prod', directory: '/home/semaphore/.sem-aws-login/jobs/2f8a7c9e' }],
  'format-missing': [{ formats: setupFormats }],
  'setup-incomplete': [
    { missing: ['organization', 'project', 'reference'], token: false },
    { missing: ['account'], token: true },
  ],
  'job-without-reference': [{ refType: 'pull-request' }, { refType: '' }],
  'token-without-subject': [{ subject: undefined }],
  'file-exists': [{ path: 'infra/semaphore.yaml' }],
  'role-unreadable': [{ source: 'role.json', fault: { kind: 'not-a-policy', line: 1, column: 1 } }],
  'setup-differs': [
    { differences: ['trust policy', 'attached policies'], misjudged: 1 },
    { differences: ['maximum session duration'], misjudged: 0 },
  ],
  'token-missing': [
    { variable: 'SEMAPHORE_OIDC_TOKEN', inJob: true },
    { variable: 'SEMAPHORE_OIDC_TOKEN', inJob: false },
  ],
  'token-malformed': [{ source: 'SEMAPHORE_OIDC_TOKEN', problem: 'it has 1 part between dots, and a JWT has 3' }],
  'token-file-newline': [{ path: '/run/secrets/token' }],
  'token-file-unusable': [{ path: '/run/secrets/token', code: 'ENOENT' }],
  'token-expired': [{ expired: new Date('2026-11-22T18:00:00Z'), now }],
  'token-not-yet-valid': [{ validFrom: new Date('2026-11-22T20:45:00Z'), now }],
  'file-unusable': [
    { path: config, operation: 'read', code: 'EACCES' },
    { path: config, operation: 'write', code: 'ENOSPC' },
    { path: config, operation: 'write', code: 'EBUSY' },
  ],
  'file-unsafe': [{ path: '/home/semaphore/.sem-aws-login', reason: 'foreign-owner' }],
  'file-too-large': [{ path: config, megabytes: 8 }],
  'file-not-replaceable': [
    { path: config, loss: 'access-list' },
    { path: config, loss: 'foreign-owner' },
    { path: config, loss: 'hard-links' },
  ],
  'stdout-unusable': [{ code: 'ENOSPC' }],
  'file-locked': [{ path: config, lock: config.replace(/config$/, '.config.sem-aws-login-lock'), seconds: 60 }],
  'lock-not-a-directory': [
    { path: config, lock: config.replace(/config$/, '.config.sem-aws-login-lock'), found: 'file' },
  ],
  'file-contested': [{ path: config }],
  'profile-not-ours': [{ path: config, profile: 'default', line: 4 }],
  'profile-unreadable': [
    { path: config, profile: 'default', problem: 'key-twice', line: 7, lineText: 'region = eu-west-1' },
  ],
  'profile-value-unwritable': [{ path: config, profile: 'default', key: 'web_identity_token_file' }],
  'static-keys': [{ path: '/home/semaphore/.aws/credentials', profile: 'default', line: 2 }],
  'ca-bundle-unusable': [
    { variable: 'AWS_CA_BUNDLE', path: '/etc/ssl/proxy.pem', problem: { code: 'ENOENT' } },
    { variable: 'NODE_EXTRA_CA_CERTS', path: '/etc/ssl/proxy.crt', problem: 'der' },
    { variable: 'AWS_CA_BUNDLE', path: '/dev/fd/63', problem: 'not-a-file' },
  ],
  'sts-refused': refusals,
  'chain-refused': [
    {
      refusal: {
        code: 'AccessDenied',
        status: 403,
        message:
          'User: arn:aws:sts::123456789012:assumed-role/deploy/semaphore-job-1 is not authorized to perform: sts:AssumeRole',
        requestId: undefined,
      },
      by: 'arn:aws:sts::123456789012:assumed-role/deploy/semaphore-job-1',
      context: { ...askedByBranch, roleArn: 'arn:aws:iam::210987654321:role/audit' },
    },
  ],
  'sts-busy': busy,
  'sts-unreachable': unreachables,
  'session-not-requested': [
    { assumedRoleArn: 'arn:aws:sts::999999999999:assumed-role/admin/other', context: askedByBranch },
  ],
};

const login = ['--role-arn', 'arn:aws:iam::123456789012:role/deploy', '--region', 'eu-west-1', '--session-name', 'web'];
const credentials = ['credentials', '--profile', 'prod', '--format', 'env'];
const setup = ['setup', '--format', 'cloudformation', '--role-name', 'deploy'];
const exec = ['exec', ...login, '--', 'aws', 's3', 'ls'];
const [roleOption = '', role = ''] = login;

/** The command lines of the failures that a login with the usual options does not have. */
const otherLines: Readonly<Partial<Record<FailureKind, readonly string[]>>> = {
  'unknown-flag': [roleOption, role, '--regin', 'eu-west-1'],
  'unknown-command': ['logn', ...login],
  'flag-without-value': ['--role-arn', '--region', 'eu-west-1'],
  'unexpected-argument': [roleOption, role, 'eu-west-1'],
  usage: [roleOption, role, '--quiet=1'],
  'value-invalid': [roleOption, role, '--region', 'eu-west-1a'],
  'role-missing': ['--region', 'eu-west-1'],
  'flags-conflict': [...login, '--isolated', '--shared-config'],
  'region-foreign': ['--role-arn', 'arn:aws-cn:iam::123456789012:role/deploy'],
  'token-on-command-line': [...login, '--token-env', 'eyJhbGciOiJSUzI1NiJ9.e30.x'],
  'command-missing': ['exec', ...login],
  'command-not-started': exec,
  'secret-on-terminal': credentials,
  'profile-unknown': credentials,
  'format-missing': ['setup', '--role-name', 'deploy'],
  'setup-incomplete': setup,
  'job-without-reference': setup,
  'token-without-subject': setup,
  'file-exists': [...setup, '--out', 'infra/semaphore.yaml'],
  'role-unreadable': ['setup', '--role-name', 'deploy', '--check', 'role.json'],
  'setup-differs': ['setup', '--role-name', 'deploy', '--check', 'role.json'],
  'token-file-newline': [...login, '--token-file', '/run/secrets/token'],
  'token-file-unusable': [...login, '--token-file', '/run/secrets/token'],
  'session-policy-invalid': [...login, '--session-policy', 'policy.json'],
  'file-not-replaceable': [...login, '--shared-config'],
  'home-needed': [...login, '--shared-config'],
  'variables-take-precedence': [...login, '--export', 'none'],
  'chain-refused': [...login, '--then-role-arn', 'arn:aws:iam::210987654321:role/audit'],
};

/** Returns the command line of an example. */
export function lineOf(facts: FailureFacts): GivenLine {
  const needsPolicy = 'refusal' in facts && /Policy/.test(facts.refusal.code);
  const needsDuration = 'refusal' in facts && facts.refusal.message.includes('DurationSeconds');
  const more = [
    ...(needsPolicy ? ['--session-policy', 'policy.json'] : []),
    ...(needsDuration ? ['--duration', '43200'] : []),
  ];
  if ('tool' in facts) return { argv: ['--role-to-assume', role, '--aws-region', 'eu-west-1'], shell: 'bash' };
  return { argv: otherLines[facts.kind] ?? [...login, ...more], shell: 'bash' };
}
