import { join } from 'node:path';
import type { ConfigFile } from '../config-file/model.ts';
import { Failure } from '../failure.ts';
import { keysHashOf } from '../login/exported-variables.ts';
import { type JobRecord, readJobRecord } from '../login/job-record.ts';
import { firstLoginLine, repeatedLoginLine } from '../login/login-line.ts';
import { type JobIdentity, privateRootsOf, shellConfigOf } from '../login/paths.ts';
import { shownLoginOf } from '../login/shown-login.ts';
import type { World } from '../world/world.ts';

/** The job and its login, as far as they are known. */
export interface JobLogin {
  /** The job's name; undefined outside a job. */
  readonly job: string | undefined;
  /** Whether the keys in the environment are those of the login (--export static). */
  readonly ownsKeys: boolean;
  /** Returns the command that logs the job in, or repeats its login. */
  readonly line: () => string;
  /** Returns the command that repeats the login of one profile with keys in the environment. */
  readonly staticLine: (profile: string) => string;
}

/** Reads the job's login. `given` is for the first login of a job. */
export function readJobLogin(
  job: JobIdentity | undefined,
  given: { readonly roleArn: string | undefined; readonly region: string | undefined },
  world: Pick<World, 'environment' | 'platform' | 'uid' | 'files'>,
): JobLogin {
  const record = job && recordOf(job.name, world);
  const login = record && shownLoginOf(record, shellConfigOf(world));
  const hash = keysHashOf(world.environment);
  const ownsKeys = record?.environments.some(({ keys }) => keys !== undefined && keys.hash === hash) === true;
  const line = () =>
    login === undefined ? firstLoginLine(given, world.environment) : repeatedLoginLine(login, job?.name);
  const staticLine = (name: string) => {
    const only = login?.profiles.find(({ profile }) => profile === name);
    const more = ['--export', 'static'];
    return only === undefined
      ? firstLoginLine(given, world.environment, ...more)
      : repeatedLoginLine({ profiles: [only], exported: undefined }, job?.name, ...more);
  };
  return { job: job?.name, ownsKeys, line, staticLine };
}

function recordOf(
  job: string,
  world: Pick<World, 'environment' | 'platform' | 'uid' | 'files'>,
): JobRecord | undefined {
  try {
    const directories = privateRootsOf(world).map((root) => join(root, 'jobs', job));
    return directories.map((directory) => readJobRecord(directory, world.files)).find((record) => record !== undefined);
  } catch (error) {
    // The leftovers check reports a directory that cannot be read.
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** A profile that a login of this job wrote. */
export interface OwnProfile {
  readonly name: string;
  readonly roleArn: string | undefined;
  readonly sessionName: string | undefined;
  readonly usesCredentialProcess: boolean;
}

/** Returns the profiles that logins of this job wrote into a config file. */
export function ownProfilesIn(config: ConfigFile | undefined, job: string | undefined): OwnProfile[] {
  const own = config?.sections.filter(({ managed }) => managed !== undefined && managed.job === job) ?? [];
  return own.map(({ name, keys }) => {
    const value = (key: string) => keys.find((one) => one.name === key)?.value;
    return {
      name,
      roleArn: value('role_arn'),
      sessionName: value('role_session_name'),
      usesCredentialProcess: value('credential_process') !== undefined,
    };
  });
}
