import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { skipped } from '../skips.ts';
import { builtGoProgram } from './go-program.ts';

/** Real AWS clients, each as its users install it. */
export const clientNames = ['AWS CLI v2', 'boto3', 'Ruby', 'JavaScript v3', 'JavaScript v2', 'Go v2'] as const;
export type ClientName = (typeof clientNames)[number];

interface Client {
  /** Debian packages that it needs. */
  readonly packages: readonly string[];
  commandLine(): Promise<readonly [string, ...string[]]>;
}

const programOf = (file: string): string => join(import.meta.dirname, 'programs', file);

const clients: Readonly<Record<ClientName, Client>> = {
  // An absolute path, since a host can have another `aws` earlier on PATH.
  'AWS CLI v2': { packages: ['awscli'], commandLine: async () => ['/bin/bash', programOf('aws-cli.sh')] },
  boto3: { packages: ['python3-boto3'], commandLine: async () => ['/usr/bin/python3', programOf('boto3-session.py')] },
  // Debian's package `ruby-aws-sdk` is version 1 of the SDK (2015), without web identity.
  Ruby: { packages: ['ruby-aws-sdk-core'], commandLine: async () => ['/usr/bin/ruby', programOf('ruby-sdk.rb')] },
  'JavaScript v3': { packages: [], commandLine: async () => [process.execPath, programOf('javascript-v3.ts')] },
  'JavaScript v2': { packages: [], commandLine: async () => [process.execPath, programOf('javascript-v2.ts')] },
  'Go v2': {
    packages: ['golang-go', 'golang-github-aws-aws-sdk-go-v2-dev'],
    commandLine: async () => [await builtGoProgram(programOf('go-v2.go'))],
  },
};

/** Whether dpkg has installed a package; its file name can have the architecture. */
export const isInstalled = (debianPackage: string): boolean =>
  [debianPackage, `${debianPackage}:amd64`, `${debianPackage}:arm64`].some((name) =>
    existsSync(`/var/lib/dpkg/info/${name}.list`),
  );

/**
 * Returns the command line that asks a client who it is. `programs/aws-cli.sh` has the arguments.
 */
export const commandLineOf = (name: ClientName): Promise<readonly [string, ...string[]]> => clients[name].commandLine();

/** Returns the clients that are installed; reports the others as skipped in `suite`. */
export const installedClients = (suite: string): readonly ClientName[] =>
  clientNames.filter((name) => {
    const missing = clients[name].packages.filter((debianPackage) => !isInstalled(debianPackage));
    if (missing.length > 0) skipped(`${suite}, ${name}`, `not installed from Debian: ${missing.join(' ')}`);
    return missing.length === 0;
  });
