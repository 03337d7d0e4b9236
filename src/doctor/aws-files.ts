import { join } from 'node:path';
import { Failure, type FailureFacts } from '../failure.ts';
import { ownFileFailure } from '../job/own-file.ts';
import { homeVariableOf, ownRootsOf } from '../job/place.ts';
import { type ConfigFile, readConfig } from '../profile/config-file.ts';
import type { World } from '../world.ts';

/** A file as found: its path (undefined without a HOME), and what it says where it is there and can be read. */
export interface FoundFile {
  readonly path: string | undefined;
  readonly file: ConfigFile | undefined;
  readonly failure: FailureFacts | undefined;
}

/** The two files that every AWS SDK reads. */
export interface AwsFiles {
  readonly config: FoundFile;
  readonly credentials: FoundFile;
}

/** Reads both, at the places that the environment names. */
export function readAwsFiles(world: Pick<World, 'environment' | 'platform' | 'uid' | 'files'>): AwsFiles {
  const { environment, platform, files } = world;
  const home = environment[homeVariableOf(environment, platform)];
  const found = (variable: string, name: string): FoundFile => {
    const path = environment[variable] || (home ? join(home, '.aws', name) : undefined);
    if (path === undefined) return { path, file: undefined, failure: undefined };
    const failure = ownFileFailure({ value: path, source: variable }, ownRootsOf(world));
    if (failure !== undefined) return { path, file: undefined, failure };
    try {
      const text = files.read(path)?.text;
      return { path, file: text === undefined ? undefined : readConfig(text), failure: undefined };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { path, file: undefined, failure: error.facts };
    }
  };
  return {
    config: found('AWS_CONFIG_FILE', 'config'),
    credentials: found('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
  };
}

/** Whether the credentials file has a section for this profile, whose header there is the bare name. */
export function isInCredentials({ credentials }: AwsFiles, profile: string): boolean {
  return credentials.file?.sections.some(({ inner }) => inner.trim() === profile) === true;
}

/** The profile that the environment chooses, and the variable by which it does. */
export function chosenProfileOf(environment: World['environment']): { name: string; variable: string | undefined } {
  const variable = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'].find((name) => environment[name]);
  return { name: (variable && environment[variable]) || 'default', variable };
}
