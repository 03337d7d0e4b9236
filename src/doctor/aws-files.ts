import { join } from 'node:path';
import type { ConfigFile } from '../config-file/model.ts';
import { readConfig } from '../config-file/read.ts';
import type { FailureFacts } from '../failure.ts';
import { homeVariableOf, privateFileFailure, privateRootsOf } from '../login/paths.ts';
import { printable, quote } from '../text/quote.ts';
import { quoteForBash } from '../text/shell-words.ts';
import type { Environment, World } from '../world/world.ts';
import { type FindingText, failureIn } from './finding.ts';

/** A file of the AWS SDKs: its path (undefined without HOME), and its content if it exists and can be read. */
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

/** Reads both files, at the paths that the environment sets. */
export function readAwsFiles(world: Pick<World, 'environment' | 'platform' | 'uid' | 'files'>): AwsFiles {
  const { environment, platform, files } = world;
  const home = environment[homeVariableOf(environment, platform)];
  const found = (variable: string, name: string): FoundFile => {
    const path = environment[variable] || (home ? join(home, '.aws', name) : undefined);
    if (path === undefined) return { path, file: undefined, failure: undefined };
    const failure = privateFileFailure({ value: path, source: variable }, privateRootsOf(world));
    if (failure !== undefined) return { path, file: undefined, failure };
    try {
      const text = files.read(path);
      return { path, file: text === undefined ? undefined : readConfig(text), failure: undefined };
    } catch (error) {
      return { path, file: undefined, failure: failureIn(error) };
    }
  };
  return {
    config: found('AWS_CONFIG_FILE', 'config'),
    credentials: found('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
  };
}

/** Whether the credentials file has a section for this profile. Its header is the name alone. */
export function isInCredentials({ credentials }: AwsFiles, profile: string): boolean {
  return credentials.file?.sections.some(({ headerText }) => headerText.trim() === profile) === true;
}

/** Returns the profile that the environment chooses, and the variable that names it. */
export function chosenProfileOf(environment: Environment): { name: string; variable: string | undefined } {
  const variable = ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE'].find((name) => environment[name]);
  return { name: (variable && environment[variable]) || 'default', variable };
}

/** Returns the text for a file with secrets that every user of this machine can read. */
export function openToAllText({
  path,
  holds,
}: {
  readonly path: string;
  readonly holds: 'keys' | 'a token';
}): FindingText {
  return {
    headline: `All users of this machine can read ${holds} in ${quote(path)}`,
    cause: 'They can use AWS as this job does.',
    steps: [{ intro: 'Allow only this user to read the file:', lines: [`chmod 600 ${quoteForBash(printable(path))}`] }],
  };
}
