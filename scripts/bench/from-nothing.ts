import { execFileSync } from 'node:child_process';
import { copyFileSync, createReadStream, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { project, root } from '../build/bundle.ts';
import { hostPlatform } from '../build/executable.ts';
import { installerSums, readInstallerTemplate, stampInstaller } from '../install/stamp.ts';
import { fileNameOf } from '../package/platforms.ts';
import type { Row } from './measure.ts';

export const FROM_CACHE = 'from nothing: executable, from a warm cache';
const FROM_LOOPBACK = 'from nothing: executable, downloaded';
export const FROM_SLIM = 'from nothing: slim script, downloaded';

/** Rows that install and log in on an empty machine, as a job's prologue does. */
export interface FromNothing {
  readonly rows: readonly Row[];
  /** Size of the `.gz` in bytes. The build's own archive is larger: it has all symbols of Node. */
  readonly archive: { readonly size: number; readonly isReleased: boolean };
  close(): void;
}

/**
 * Serves the build on loopback and adds a stand-in for Semaphore's cache that has the archive. Uses
 * the executable of `npm run package` if there is one.
 * @param directory an empty directory for the bench
 */
export async function prepareFromNothing(directory: string, login: readonly string[]): Promise<FromNothing> {
  const files = join(directory, 'published', `v${project.version}`);
  const isReleased = publish(files);
  const bin = join(directory, 'bin');
  addCache(bin, files);
  const server = createServer(({ url = '' }, response) => {
    createReadStream(join(directory, 'published', url)).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const rowOf = (name: string, path: readonly string[], options: string): Row => ({
    name,
    command: ['bash', '-c', script(path, options)],
  });
  const script = (path: readonly string[], options: string) => `
export PATH="$HOME/.sem-aws-login/bin:${path.map((entry) => `${entry}:`).join('')}$PATH" SEM_AWS_LOGIN_BASE_URL=${base}
bash -s -- ${options} <'${join(files, 'install.sh')}' && source "$(sem-aws-login ${login.join(' ')})" && [ -n "$AWS_ROLE_ARN" ]`;
  return {
    rows: [
      rowOf(FROM_CACHE, [bin], ''),
      rowOf(FROM_LOOPBACK, [], ''),
      rowOf(FROM_SLIM, [dirname(process.execPath)], '--slim'),
    ],
    archive: { size: statSync(join(files, `${fileNameOf(hostPlatform())}.gz`)).size, isReleased },
    close: () => void server.close(),
  };
}

function publish(files: string): boolean {
  const name = fileNameOf(hostPlatform());
  const released = join(root, 'dist', 'release');
  const isReleased = existsSync(join(released, `${name}.gz`));
  mkdirSync(files, { recursive: true });
  if (isReleased) {
    for (const file of [name, `${name}.gz`]) copyFileSync(join(released, file), join(files, file));
  } else {
    copyFileSync(join(root, 'dist', 'sem-aws-login'), join(files, name));
    execFileSync('gzip', ['--keep', join(files, name)]);
  }
  copyFileSync(join(root, 'dist', 'sem-aws-login.cjs'), join(files, 'sem-aws-login.cjs'));
  const sums = installerSums(files, [name, `${name}.gz`, 'sem-aws-login.cjs']);
  const release = { version: project.version, baseUrl: 'https://bench.example', sums };
  writeFileSync(join(files, 'install.sh'), stampInstaller(readInstallerTemplate(), release));
  return isReleased;
}

/**
 * Unpacks one archive, as the toolbox does after its download. Any other command kills the install.
 */
function addCache(bin: string, files: string): void {
  const entry = join(files, 'cache.tar.gz');
  execFileSync('tar', ['czf', entry, '-C', files, `${fileNameOf(hostPlatform())}.gz`]);
  mkdirSync(bin);
  const script = `#!/bin/sh\n[ "$1" = restore ] || kill -KILL "$PPID"\nexec tar xzf '${entry}' -C .\n`;
  writeFileSync(join(bin, 'cache'), script, { mode: 0o755 });
}
