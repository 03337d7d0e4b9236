import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalAws } from '../aws-simulator/aws.ts';
import type { Fault } from '../aws-simulator/fault.ts';
import type { TokenChanges } from '../aws-simulator/issuer.ts';
import type { Agent } from '../aws-simulator/job-environment.ts';
import type { JobDescription } from '../aws-simulator/semaphore-job.ts';
import { goodArguments, type Job, type Variables } from '../program/job-run.ts';

/** One mistake: what is run, where, and what its message must contain. */
export interface Mistake {
  /** What went wrong, as a heading. */
  readonly title: string;
  /** The arguments; the standard login if not given. */
  readonly args?: readonly string[];
  readonly job?: JobDescription;
  readonly agent?: Agent;
  readonly token?: TokenChanges;
  readonly environment?: Variables | ((job: Job, aws: LocalAws) => Variables);
  readonly faults?: readonly Fault[];
  /** Prepares the job's HOME. */
  readonly prepare?: (job: Job) => void;
  readonly exitCode: number;
  /** A line to paste that is in the message; undefined if nothing can be pasted. */
  readonly paste?: RegExp;
}

const role = goodArguments.slice(0, 2);
const always = { times: 'always' } as const;
/** Longer than a token lives, in seconds. */
const longAgo = -90_000;

/** The mistakes of the page, in its order, by chapter. */
export const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
  'The command line': [
    { title: 'No role', args: [], exitCode: 2 },
    { title: 'A misspelt option', args: ['--rol-arn', role[1] ?? ''], exitCode: 2 },
    { title: 'A misspelt command', args: ['lgoin', ...goodArguments], exitCode: 2 },
    { title: 'Quotes inside the value', args: ['--role-arn', `"${role[1]}"`, '--region', 'eu-west-1'], exitCode: 2 },
    { title: 'The name of a role instead of its ARN', args: ['--role-arn', 'deploy'], exitCode: 2 },
    { title: 'A user instead of a role', args: ['--role-arn', 'arn:aws:iam::123456789012:user/ann'], exitCode: 2 },
    {
      title: 'A session instead of a role',
      args: ['--role-arn', 'arn:aws:sts::123456789012:assumed-role/deploy/me'],
      exitCode: 2,
    },
    { title: 'A variable that is not set', args: ['--role-arn', '', '--region', 'eu-west-1'], exitCode: 2 },
    { title: 'The value was forgotten', args: ['--role-arn', '--region', 'eu-west-1'], exitCode: 2 },
    { title: 'A region that is one letter off', args: [...role, '--region', 'eu-wst-1'], exitCode: 2 },
    { title: 'An availability zone instead of a region', args: [...role, '--region', 'eu-west-1a'], exitCode: 2 },
    {
      title: 'A region of another partition',
      args: [...role, '--region', 'cn-north-1'],
      environment: { AWS_ENDPOINT_URL_STS: undefined },
      exitCode: 2,
    },
    {
      title: 'The option names of another CI system',
      args: ['--role-to-assume', role[1] ?? '', '--aws-region', 'eu-west-1'],
      exitCode: 2,
    },
    { title: 'A session that is too short', args: [...goodArguments, '--duration', '60'], exitCode: 2 },
    {
      title: 'A session name with a character that STS refuses',
      args: [...goodArguments, '--session-name', 'web/deploy'],
      exitCode: 2,
    },
    {
      title: 'A profile name that a config file cannot have',
      args: [...goodArguments, '--profile', 'a]b'],
      exitCode: 2,
    },
    { title: 'An argument too many', args: [...goodArguments, 'production'], exitCode: 2 },
    { title: 'exec without a command', args: ['exec', ...goodArguments], exitCode: 2 },
    {
      title: 'exec of a program that does not exist',
      args: ['exec', ...goodArguments, '--', 'terrafrom', 'apply'],
      exitCode: 2,
    },
    {
      title: 'A session policy that is not JSON',
      args: [...goodArguments, '--session-policy', '{"Version": '],
      exitCode: 2,
    },
    { title: 'whoami', args: ['whoami'], exitCode: 2 },
  ],
  'The token': [
    { title: 'The project has no OIDC token', environment: { SEMAPHORE_OIDC_TOKEN: undefined }, exitCode: 3 },
    {
      title: 'Outside a job',
      environment: {
        SEMAPHORE_OIDC_TOKEN: undefined,
        SEMAPHORE_JOB_ID: undefined,
        SEMAPHORE: undefined,
        CI: undefined,
      },
      exitCode: 3,
    },
    { title: 'The token has expired', token: { issuedIn: longAgo }, exitCode: 5 },
    { title: 'The variable holds something else', environment: { SEMAPHORE_OIDC_TOKEN: 'changeme' }, exitCode: 3 },
    {
      title: 'The token variable of --token-env does not exist',
      args: [...goodArguments, '--token-env', 'ID_TOKEN'],
      exitCode: 3,
    },
  ],
  'AWS refuses': [
    {
      title: 'The trust policy does not name this branch',
      job: { ref: 'refs/heads/feature', branch: 'feature' },
      exitCode: 5,
    },
    { title: 'A pull request', job: 'pull-request', exitCode: 5 },
    { title: "A fork's pull request", job: 'fork-pull-request', exitCode: 5 },
    { title: 'A tag', job: 'tag', exitCode: 5 },
    { title: 'A debug session of the project', job: 'debug-project', exitCode: 5 },
    {
      title: 'A role that does not exist',
      args: ['--role-arn', 'arn:aws:iam::123456789012:role/depoy', '--region', 'eu-west-1'],
      exitCode: 5,
    },
    {
      title: 'The account has no identity provider',
      args: ['--role-arn', 'arn:aws:iam::999999999999:role/deploy', '--region', 'eu-west-1'],
      exitCode: 5,
    },
    { title: 'The provider has another audience', token: { claims: { aud: 'https://example.com' } }, exitCode: 5 },
    {
      title: 'The job waited in the queue for longer than its token lives',
      faults: [{ kind: 'error', name: 'ExpiredTokenException', ...always }],
      exitCode: 5,
    },
    {
      title: 'A session that is longer than the role allows',
      args: [...goodArguments, '--duration', '7200'],
      exitCode: 5,
    },
    {
      title: 'A session policy that is too large',
      faults: [{ kind: 'error', name: 'PackedPolicyTooLarge', ...always }],
      exitCode: 5,
    },
    {
      title: 'STS is not active in the region',
      faults: [{ kind: 'error', name: 'RegionDisabledException', ...always }],
      exitCode: 5,
    },
  ],
  'AWS cannot answer': [
    {
      title: 'AWS cannot fetch the keys of the organization',
      args: [...goodArguments, '--timeout', '1'],
      faults: [{ kind: 'error', name: 'InvalidIdentityToken', ...always }],
      exitCode: 6,
    },
    {
      title: 'Too many requests',
      args: [...goodArguments, '--timeout', '1'],
      faults: [{ kind: 'error', name: 'Throttling', ...always }],
      exitCode: 6,
    },
    {
      title: 'STS never answers',
      args: [...goodArguments, '--timeout', '1'],
      faults: [{ kind: 'hang', ...always }],
      exitCode: 6,
    },
    {
      title: 'The name of the endpoint does not resolve',
      environment: { AWS_ENDPOINT_URL_STS: 'https://sts.nowhere.invalid' },
      exitCode: 6,
    },
    {
      title: 'A proxy or login page answers',
      args: [...goodArguments, '--timeout', '1'],
      faults: [{ kind: 'body', status: 200, contentType: 'text/html', body: '<html>Please sign in</html>', ...always }],
      exitCode: 6,
    },
    {
      title: 'A certificate that is not trusted',
      environment: (_, aws) => ({ AWS_ENDPOINT_URL_STS: aws.tlsUrl }),
      exitCode: 6,
    },
  ],
  'Files and variables': [
    {
      title: 'The profile exists already',
      prepare: (job) =>
        void job.write(
          '.aws/config',
          '[default]\nrole_arn = arn:aws:iam::123456789012:role/other\nsource_profile = base\n',
        ),
      exitCode: 4,
    },
    {
      title: 'Static keys in the credentials file',
      prepare: (job) =>
        void job.write(
          '.aws/credentials',
          '[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = example\n',
          0o600,
        ),
      exitCode: 4,
    },
    {
      title: 'A config file that is a directory',
      prepare: (job) => void mkdirSync(join(job.home, '.aws/config'), { recursive: true }),
      exitCode: 4,
    },
    {
      title: 'A session policy file that does not exist',
      args: [...goodArguments, '--session-policy', 'policy.json'],
      exitCode: 2,
    },
  ],
  'Setup and doctor': [
    {
      title: 'setup outside a job',
      args: ['setup', '--format', 'terraform', '--account-id', '123456789012'],
      environment: {
        SEMAPHORE_OIDC_TOKEN: undefined,
        SEMAPHORE_JOB_ID: undefined,
        SEMAPHORE: undefined,
        CI: undefined,
      },
      exitCode: 2,
    },
    { title: 'setup without a format', args: ['setup'], exitCode: 2 },
    { title: 'A trust policy file that does not exist', args: ['doctor', '--trust-policy', 'trust.json'], exitCode: 4 },
  ],
};
