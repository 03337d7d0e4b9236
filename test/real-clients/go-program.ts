import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const cache = join(import.meta.dirname, '../../node_modules/.cache/sem-aws-login-clients');

/** Compiles a Go program with Debian's libraries, once for each version of its source; returns the executable's path. */
export const builtGoProgram = async (source: string): Promise<string> => {
  const digest = createHash('sha256')
    .update(await readFile(source))
    .digest('hex')
    .slice(0, 16);
  const program = join(cache, `go-${digest}`);
  try {
    await access(program);
    return program;
  } catch {
    // not built yet
  }
  await mkdir(cache, { recursive: true });
  const fresh = `${program}.${process.pid}`;
  await promisify(execFile)('/usr/bin/go', ['build', '-o', fresh, source], {
    env: {
      PATH: '/usr/bin:/bin',
      HOME: cache,
      GO111MODULE: 'off',
      GOPATH: '/usr/share/gocode',
      GOCACHE: join(cache, 'go-build'),
      GOFLAGS: '',
    },
  });
  await rename(fresh, program); // whole at once: another suite may be waiting for it
  return program;
};
