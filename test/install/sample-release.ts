import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { installerSums, readInstallerTemplate, stampInstaller } from '../../scripts/install/stamp.ts';

/** The machine that these tests run on, as the release's files name it. */
export const platform = `${process.platform}-${process.arch}`;

/** The address that a stamped installer downloads from, unless it is told otherwise. Nothing is there. */
const stampedUrl = 'https://releases.example';

/** What a release is made of, for the tests. */
export interface ReleaseContent {
  readonly version: string;
  readonly executable: Buffer;
  readonly slimScript: Buffer;
}

/** A release in a directory, as it is published. */
export interface Release {
  readonly version: string;
  /** The stamped installer's path. */
  readonly installer: string;
  readonly executableSum: string;
  readonly slimSum: string;
}

/** A small executable of this version; each of its runs leaves a line in a file. */
export function makeProgram(version: string, runs: string): Buffer {
  return Buffer.from(`#!/bin/sh\necho "${version} $*" >>'${runs}'\necho 'sem-aws-login ${version}'\n`);
}

/** Puts a release under `<directory>/v<version>/`, and its stamped installer beside it. */
export function publish(directory: string, { version, executable, slimScript }: ReleaseContent): Release {
  const files = join(directory, `v${version}`);
  const name = `sem-aws-login-${platform}`;
  mkdirSync(files, { recursive: true });
  writeFileSync(join(files, name), executable);
  // Like the release's own: gzip, at any level.
  writeFileSync(
    join(files, `${name}.gz`),
    executable.length < 1e6
      ? gzipSync(executable)
      : execFileSync('gzip', ['-1c', join(files, name)], { maxBuffer: 1e9 }),
  );
  writeFileSync(join(files, 'sem-aws-login.cjs'), slimScript);
  const sums = installerSums(files, [name, `${name}.gz`, 'sem-aws-login.cjs']);
  const installer = join(files, 'install.sh');
  writeFileSync(installer, stampInstaller(readInstallerTemplate(), { version, baseUrl: stampedUrl, sums }));
  return { version, installer, executableSum: sums[name] ?? '', slimSum: sums['sem-aws-login.cjs'] ?? '' };
}

/** The text of a file, or nothing where there is none. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
