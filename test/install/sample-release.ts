import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { installerSums, readInstallerTemplate, stampInstaller } from '../../scripts/install/stamp.ts';

/** This machine's platform, as in the release's file names. */
export const platform = `${process.platform}-${process.arch}`;

/** The default address of a stamped installer; there is no server. */
const stampedUrl = 'https://releases.example';

/** The content of a release. */
export interface ReleaseContent {
  readonly version: string;
  readonly executable: Buffer;
  readonly slimScript: Buffer;
}

/** A published release. */
export interface Release {
  readonly version: string;
  /** Path of the stamped installer. */
  readonly installer: string;
  readonly executableSum: string;
  readonly slimSum: string;
}

/** Returns a small executable that adds a line to the file `runs` when it runs. */
export function makeProgram(version: string, runs: string): Buffer {
  return Buffer.from(`#!/bin/sh\necho "${version} $*" >>'${runs}'\necho 'sem-aws-login ${version}'\n`);
}

/** Writes a release to `<directory>/v<version>/`, with its stamped installer. */
export function publish(directory: string, { version, executable, slimScript }: ReleaseContent): Release {
  const files = join(directory, `v${version}`);
  const name = `sem-aws-login-${platform}`;
  mkdirSync(files, { recursive: true });
  writeFileSync(join(files, name), executable);
  // Like the release's, at any compression level.
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

/** Returns the text of a file; empty if it is missing. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
