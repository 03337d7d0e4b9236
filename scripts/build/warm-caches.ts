import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Script } from 'node:vm';
import { granted, refused } from './sts-answers.ts';

// node warm-caches.ts DIRECTORY: writes V8's cache of each script after real use, with STS on
// loopback. V8 compiles a function at its first call, and a cache has only compiled functions.

const [, , directory = ''] = process.argv;
const home = mkdtempSync(join(tmpdir(), 'warm-caches-'));
const config = join(home, '.aws', 'config');
const scripts = new Map(
  ['program', 'sts-client'].map((name) => {
    const filename = `${name}.cjs`;
    return [filename, new Script(readFileSync(join(directory, filename), 'latin1'), { filename })] as const;
  }),
);

/** Like `require` in the executable, but returns our own Script object, whose cache is taken. */
function requireInExecutable(name: string): unknown {
  if (name === 'node:sea') return { getRawAsset: () => new ArrayBuffer(0) };
  if (name === 'node:vm') return { Script: ScriptToWarm };
  return createRequire(import.meta.url)(name);
}

class ScriptToWarm {
  constructor(_source: string, { filename }: { filename: string }) {
    const script = scripts.get(filename);
    if (script === undefined) throw new Error(`The program asks for ${filename}, which was not made`);
    // biome-ignore lint/correctness/noConstructorReturn: the program calls this with `new`, and must get this script
    return script;
  }
}

type StartTimer = (callback: () => void, delay?: number) => NodeJS.Timeout;

/** Timeouts and keep-alives depend on the machine's speed, and so would the compiled functions. */
function withoutLongTimers(start: StartTimer): StartTimer {
  return (callback, delay = 0) => (delay < 200 ? start(callback, delay) : start(() => undefined, delay).unref());
}
Object.assign(globalThis, {
  setTimeout: withoutLongTimers(setTimeout),
  setInterval: withoutLongTimers(setInterval),
});

/** Runs the program once in this process. Rejects if the exit code differs. */
async function run(args: readonly string[], environment: Record<string, string>, expected: number): Promise<void> {
  // The program reads a file again if it is new; the machine's speed would change what is compiled.
  if (existsSync(config)) utimesSync(config, 0, 0);
  process.argv = [process.execPath, 'sem-aws-login', ...args];
  Object.assign(process.env, environment);
  const exitCode = await new Promise((resolve) => {
    Object.assign(process, { exit: resolve });
    scripts.get('program.cjs')?.runInThisContext()({ exports: {} }, requireInExecutable);
  });
  for (const name of Object.keys(environment)) delete process.env[name];
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM').removeAllListeners('SIGHUP');
  if (exitCode !== expected) throw new Error(`sem-aws-login ${args.join(' ')} ended with ${exitCode}, not ${expected}`);
}

const server = createServer((request, response) => {
  const { status, body } = request.url?.startsWith('/refused')
    ? { status: 403, body: refused }
    : { status: 200, body: granted };
  request.resume().on('end', () => response.writeHead(status, { 'content-type': 'text/xml' }).end(body));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const sts = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const claims = {
  iss: 'https://example.test',
  aud: 'https://example.test',
  sub: 'org:example:project:0:repo:example:ref_type:branch:ref:refs/heads/main',
  iat: now,
  nbf: now,
  exp: now + 24 * 3600,
  job_id: '00000000-0000-4000-8000-000000000000',
};

const job = {
  HOME: home,
  SEMAPHORE_JOB_ID: claims.job_id,
  SEMAPHORE_OIDC_TOKEN: `${encoded({ alg: 'RS256', kid: '0' })}.${encoded(claims)}.e30`,
  AWS_ENDPOINT_URL_STS: sts,
};
const login = ['--role-arn', 'arn:aws:iam::123456789012:role/example', '--region', 'eu-west-1'];
try {
  await run(login, job, 0);
  await run(login, job, 0);
  await run(login, { ...job, SEMAPHORE_AGENT_MACHINE_TYPE: 's1-example' }, 0);
  await run(login, { ...job, AWS_ENDPOINT_URL_STS: `${sts}/refused` }, 5);
  await run(login, { HOME: home }, 3);
  await run(['--version'], {}, 0);
} finally {
  rmSync(home, { recursive: true });
  server.close();
}
for (const [filename, script] of scripts) {
  writeFileSync(join(directory, filename.replace(/cjs$/, 'cache')), script.createCachedData());
}
