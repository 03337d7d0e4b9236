import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LoginRequest, parseLoginRequest } from '../../src/cli/login-request.ts';
import { type JobRecord, readJobRecord } from '../../src/login/job-record.ts';
import { type LoginPaths, loginPathsOf } from '../../src/login/paths.ts';
import { type LoginProfile, webIdentityKeys } from '../../src/login/plan.ts';
import { makePlainHop } from '../../src/sts/role-chain.ts';
import type { Environment, Files } from '../../src/world/world.ts';
import { makeScratch, makeTestDisk } from '../adapters/scratch.ts';
import { invocationOf } from '../cli/invocation.ts';

/** Paths of a login on a hosted agent, for pure functions: no file exists there. */
export const paths: LoginPaths = {
  isolation: undefined,
  directory: '/own/jobs/j1',
  jobs: '/own/jobs',
  config: '/home/me/.aws/config',
  userConfig: '/home/me/.aws/config',
  configVariable: undefined,
  currentConfig: undefined,
  credentials: undefined,
};

export const roleArn = 'arn:aws:iam::123456789012:role/deploy';

/** A temporary HOME, and the disk as the program sees it. */
export interface ScratchHome {
  readonly home: string;
  /** The default config file; it does not exist at first. */
  readonly config: string;
  readonly jobs: string;
  readonly files: Files;
  /** Returns the paths of a login of this job. */
  paths(job: string, isolated?: boolean, environment?: Environment): LoginPaths;
  /** Writes a file and returns its path. */
  put(path: string, text: string): string;
  text(path: string): string;
  record(job: string): JobRecord | undefined;
}

/** Makes a HOME for the running test, removed after it. */
export function makeScratchHome(): ScratchHome {
  const scratch = makeScratch();
  const home = join(scratch, 'home');
  const own = join(scratch, 'own');
  mkdirSync(home);
  const files = makeTestDisk(scratch);
  return {
    home,
    config: join(home, '.aws', 'config'),
    jobs: join(own, 'jobs'),
    files,
    paths: (job, isolated, environment = {}) =>
      loginPathsOf(
        {
          environment: { HOME: home, SEM_AWS_LOGIN_HOME: own, ...environment },
          platform: 'linux',
          uid: undefined,
          files,
        },
        job,
        { isolated },
      ),
    put: (path, text) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, 'latin1');
      return path;
    },
    text: (path) => readFileSync(path, 'latin1'),
    record: (job) => readJobRecord(join(own, 'jobs', job), files),
  };
}

/** A plain role's profile, as a login of this job writes it. */
export function profileOf(job: string, profile = 'default', region: string | undefined = 'eu-west-1'): LoginProfile {
  const tokenFile = `/jobs/${job}/token`;
  const sessionName = `semaphore-job-${job}`;
  return {
    profile,
    keys: webIdentityKeys({ roleArn, tokenFile, sessionName, region }),
    recipe: { chain: { first: makePlainHop(roleArn, sessionName), further: [] }, tokenFile, region },
  };
}

/** Returns the section that `profileOf` makes, with its comment. */
export function sectionOf(job: string, header = '[default]'): string {
  return [
    `# Managed by sem-aws-login for job ${job}; \`sem-aws-login logout\` removes it`,
    header,
    `role_arn = ${roleArn}`,
    `web_identity_token_file = /jobs/${job}/token`,
    `role_session_name = semaphore-job-${job}`,
    'region = eu-west-1',
    'sts_regional_endpoints = regional',
    '',
  ].join('\n');
}

/** Returns the request for these arguments. */
export function loginRequestOf(argv: readonly string[], environment: Environment = {}): LoginRequest {
  const words = argv.includes('--role') ? argv : ['--role-arn', roleArn, ...argv];
  return parseLoginRequest(invocationOf('login', words, environment).options, environment, 'linux');
}
