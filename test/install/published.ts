import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type FileServer, startFileServer } from './file-server.ts';
import { makeProgram, publish, type Release, textOf } from './sample-release.ts';

/** Versions 1.2.3 and 1.2.4 of a small program, on a server for one suite. */
export interface Published {
  readonly server: FileServer;
  readonly release: Release;
  readonly next: Release;
  readonly installer: string;
  /** Sets the download address to the server. */
  readonly environment: { readonly SEM_AWS_LOGIN_BASE_URL: string };
  /** One line for each run of a program since the test began, ours or a foreign one. */
  runs(): readonly string[];
  /** A foreign program that would add such a line. */
  readonly foreign: Buffer;
}

/** Publishes for one test file. Each test begins without faults, requests and runs. */
export function publishForSuite(): Published {
  let directory = '';
  let published: Omit<Published, 'runs'> | undefined;
  const get = () => {
    if (published === undefined) throw new Error('Nothing is published before the suite begins');
    return published;
  };
  const runsFile = () => join(directory, 'runs');

  beforeAll(async () => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'published-')));
    const slimScript = (version: string) =>
      Buffer.from(
        `#!/usr/bin/env node\nconsole.log('sem-aws-login ${version}', process.env.NODE_OPTIONS ?? '-', ...process.argv.slice(2));\n`,
      );
    const [release, next] = ['1.2.3', '1.2.4'].map((version) =>
      publish(directory, { version, executable: makeProgram(version, runsFile()), slimScript: slimScript(version) }),
    );
    if (release === undefined || next === undefined) throw new Error('Two releases were to be made');
    const foreign = makeProgram('6.6.6', runsFile());
    const server = await startFileServer(directory, gzipSync(foreign));
    const environment = { SEM_AWS_LOGIN_BASE_URL: server.url };
    published = { server, release, next, installer: readFileSync(release.installer, 'utf8'), environment, foreign };
  });
  beforeEach(() => {
    get().server.requests.length = 0;
    get().server.faults.length = 0;
    rmSync(runsFile(), { force: true });
  });
  afterAll(async () => {
    await published?.server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    get server() {
      return get().server;
    },
    get release() {
      return get().release;
    },
    get next() {
      return get().next;
    },
    get installer() {
      return get().installer;
    },
    get environment() {
      return get().environment;
    },
    get foreign() {
      return get().foreign;
    },
    runs: () => textOf(runsFile()).split('\n').filter(Boolean),
  };
}
