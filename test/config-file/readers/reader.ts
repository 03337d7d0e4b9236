import { join } from 'node:path';
import { externalDataInterceptor, loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import { isInstalled } from '../../real-clients/client.ts';
import { builtGoProgram } from '../../real-clients/go-program.ts';
import { skipped } from '../../skips.ts';
import { LineServer } from './line-server.ts';

/** The profiles that a reader finds in a config file, each with its keys. */
export type Reading = { readonly [profile: string]: { readonly [key: string]: unknown } } | 'refused';

/** An AWS SDK's own reader of the config file. */
export interface Reader {
  readonly name: string;
  /** Reads a file, given as byte text. Go's reads only the given profiles. */
  read(text: string, profiles: readonly string[]): Promise<Reading>;
  end(): void;
}

const programOf = (file: string): string => join(import.meta.dirname, file);

let files = 0;

const smithy: Reader = {
  name: 'JavaScript v3',
  async read(text) {
    // It throws at these names, and then continues as if the file were empty.
    if (/\[(?:profile )?__proto__\]/.test(text)) return 'refused';
    files++;
    const path = `/nowhere/config-${files}`;
    externalDataInterceptor.interceptFile(path, Buffer.from(text, 'latin1').toString());
    externalDataInterceptor.interceptFile('/nowhere/credentials', '');
    const { configFile } = await loadSharedConfigFiles({ configFilepath: path, filepath: '/nowhere/credentials' });
    delete externalDataInterceptor.getFileRecord()[path];
    return Object.fromEntries(Object.entries(configFile).map(([name, keys]) => [name, { ...keys }]));
  },
  end() {},
};

const serverReader = (name: string, server: LineServer): Reader => ({
  name,
  async read(text, profiles) {
    const answer: unknown = JSON.parse(
      await server.ask([Buffer.from(text, 'latin1').toString('base64'), ...profiles].join(' ')),
    );
    return readingOf(answer);
  },
  end: () => server.end(),
});

const readingOf = (answer: unknown): Reading => {
  if (typeof answer !== 'object' || answer === null || !('profiles' in answer)) return 'refused';
  // The programs in this folder answer in this form.
  return answer.profiles as Exclude<Reading, 'refused'>;
};

interface Program {
  readonly name: string;
  readonly packages: readonly string[];
  command(): Promise<readonly [string, ...string[]]>;
}

const programs: readonly Program[] = [
  {
    name: 'botocore',
    packages: ['python3-botocore'],
    command: async () => ['/usr/bin/python3', programOf('botocore-profiles.py')],
  },
  {
    name: 'Ruby',
    packages: ['ruby-aws-sdk-core'],
    command: async () => ['/usr/bin/ruby', programOf('ruby-profiles.rb')],
  },
  {
    name: 'Go v2',
    packages: ['golang-go', 'golang-github-aws-aws-sdk-go-v2-dev'],
    command: async () => [await builtGoProgram(programOf('go-v2-profiles.go'))],
  },
];

/** The readers that this machine has; says for `suite` which are skipped. Each must be ended. */
export const installedReaders = async (suite: string): Promise<readonly Reader[]> => {
  const readers = [smithy];
  for (const { name, packages, command } of programs) {
    const missing = packages.filter((debianPackage) => !isInstalled(debianPackage));
    if (missing.length > 0) skipped(`${suite}, ${name}`, `not installed from Debian: ${missing.join(' ')}`);
    else readers.push(serverReader(name, new LineServer(await command())));
  }
  return readers;
};
