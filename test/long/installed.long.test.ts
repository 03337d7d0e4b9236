import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { project, root } from '../../scripts/build/bundle.ts';
import { type FileServer, startFileServer } from '../install/file-server.ts';
import { publish } from '../install/sample-release.ts';

describe('the installed program passes the whole-program tests', () => {
  let directory: string;
  let server: FileServer;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'installed-'));
    const built = (name: string) => readFileSync(join(root, 'dist', name));
    const content = { executable: built('sem-aws-login'), slimScript: built('sem-aws-login.cjs') };
    const { installer } = publish(directory, { version: project.version, ...content });
    server = await startFileServer(directory, Buffer.alloc(0));
    const bin = join(directory, 'root', 'bin');
    mkdirSync(bin, { recursive: true, mode: 0o700 });
    // The server runs in this process, so it must not be blocked.
    await output('bash', ['-c', `umask 022; bash '${installer}' --slim`], {
      PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
      SEM_AWS_LOGIN_HOME: join(directory, 'root'),
      SEM_AWS_LOGIN_BASE_URL: server.url,
    });
    // Some of these tests run the program as another user.
    execFileSync('chmod', ['-R', 'go+rX', directory]);
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true });
  });
  const installed = (name: string) => join(directory, 'root', project.version, name);

  it('the launcher of --slim, as the executable does in npm test', async () => {
    const launcher = installed('sem-aws-login-slim');
    const environment = { ...process.env, PROGRAM_UNDER_TEST: launcher, SKIPS_FILE: join(directory, 'skips') };
    const said = await output('npx', ['vitest', 'run', 'test/program'], environment);
    expect(said).toMatch(/[1-9]\d* passed, 0 failed/);
  });
});

function output(command: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { cwd: root, env: environment, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${command} ${args.join(' ')}: ${stdout}${stderr}`));
    });
  });
}
