import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { Script } from 'node:vm';
import { granted, refused } from './sts-answers.ts';

// node warm-caches.ts DIRECTORY: for each script in it, V8's cache of that script after the program has been used. V8 compiles a
// function when it is first called, and a cache holds only what is compiled: so the ways that most runs go are gone here once, with
// STS played by a server on loopback.

const [, , directory = ''] = process.argv;
const home = mkdtempSync(join(tmpdir(), 'warm-caches-'));
const config = join(home, '.aws', 'config');
const scripts = new Map(
  ['program', 'sts-client'].map((name) => {
    const filename = `${name}.cjs`;
    return [filename, new Script(readFileSync(join(directory, filename), 'latin1'), { filename })] as const;
  }),
);

/** As in the executable, but a script that the program asks for is the one whose cache will be taken. */
function requireInExecutable(name: string): unknown {
  if (name === 'node:sea') return { getRawAsset: () => new ArrayBuffer(0) };
  if (name === 'node:vm') return { Script: HeldScript };
  return createRequire(import.meta.url)(name);
}

class HeldScript {
  constructor(_source: string, { filename }: { filename: string }) {
    const script = scripts.get(filename);
    if (script === undefined) throw new Error(`The program asks for ${filename}, which was not made`);
    // biome-ignore lint/correctness/noConstructorReturn: the program calls this with `new`, and must get the held one
    return script;
  }
}

type StartTimer = (callback: () => void, delay?: number) => NodeJS.Timeout;

/** Whether a time-out or a sign of life comes before an answer depends on this machine's speed, and so would what is compiled. */
function withoutLongTimers(start: StartTimer): StartTimer {
  return (callback, delay = 0) => (delay < 200 ? start(callback, delay) : start(() => undefined, delay).unref());
}
Object.assign(globalThis, {
  setTimeout: withoutLongTimers(setTimeout),
  setInterval: withoutLongTimers(setInterval),
});

/** Runs the program once, in this process. Rejects when it ends with another exit code. */
async function run(args: readonly string[], environment: Record<string, string>, expected: number): Promise<void> {
  // The program reads a file again that was written a moment ago: the machine's speed would decide what is compiled.
  if (existsSync(config)) utimesSync(config, 0, 0);
  process.argv = [process.execPath, 'sem-aws-login', ...args];
  Object.assign(process.env, environment);
  const exitCode = await new Promise((resolve) => {
    // The program always ends by this call, which nothing follows.
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
