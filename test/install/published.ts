import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { type FileServer, startFileServer } from './file-server.ts';
import { makeProgram, publish, type Release, textOf } from './sample-release.ts';

/** What a suite installs from: versions 1.2.3 and 1.2.4 of a small program, on a server of the suite's own. */
export interface Published {
  readonly server: FileServer;
  readonly release: Release;
  readonly next: Release;
  /** The installer of 1.2.3. */
  readonly installer: string;
  /** Names the server as the place to download from. */
  readonly environment: { readonly SEM_AWS_LOGIN_BASE_URL: string };
  /** A line for each run of a program, ours or somebody else's, since the test began. */
  runs(): readonly string[];
  /** Somebody else's program, which would leave such a line. */
  readonly foreign: Buffer;
}

/** Publishes for the tests of one file, each of which finds a server without faults and nothing asked for or run. */
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
