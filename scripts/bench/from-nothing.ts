import { execFileSync } from 'node:child_process';
import { copyFileSync, createReadStream, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { project, root } from '../build/bundle.ts';
import { hostPlatform } from '../build/executable.ts';
import { installerSums, readInstallerTemplate, stampInstaller } from '../install/stamp.ts';
import { fileNameOf } from '../package/platforms.ts';
import type { Row } from './measure.ts';

/** What the rows are called. */
export const FROM_CACHE = 'from nothing: executable, from a warm cache';
const FROM_LOOPBACK = 'from nothing: executable, downloaded';
export const FROM_SLIM = 'from nothing: slim script, downloaded';

/** Installing and logging in on a machine that has neither, as a job's prologue does. */
export interface FromNothing {
  readonly rows: readonly Row[];
  /** Of the `.gz` in bytes, and whether it is the release's own; the build's has all of Node's symbols in it. */
  readonly archive: { readonly size: number; readonly isReleased: boolean };
  close(): void;
}

/**
 * Publishes what was built on a server on loopback, and puts a stand-in for Semaphore's cache, with the archive in it, beside it. Takes
 * the executable of `npm run package` where that has been run.
 * @param directory a directory of the bench's own
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

/** Unpacks one archive, as the toolbox's does after it has downloaded it; an install that asks for more than that fails. */
function addCache(bin: string, files: string): void {
  const entry = join(files, 'cache.tar.gz');
  execFileSync('tar', ['czf', entry, '-C', files, `${fileNameOf(hostPlatform())}.gz`]);
  mkdirSync(bin);
  const script = `#!/bin/sh\n[ "$1" = restore ] || kill -KILL "$PPID"\nexec tar xzf '${entry}' -C .\n`;
  writeFileSync(join(bin, 'cache'), script, { mode: 0o755 });
}
