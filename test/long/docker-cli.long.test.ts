import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executableDirectory } from '../executable.ts';
import { startJob } from '../program/job-run.ts';
import { useAws } from '../program/local-aws.ts';
import { sourced } from '../program/sourced.ts';
import { skipped } from '../skips.ts';

// The real docker command without an engine: a server records its requests, and nothing runs.
const aws = useAws();
const page = readFileSync(join(import.meta.dirname, '../../docs/docker.md'), 'utf8');

/** Returns the page's shell commands that begin with this text. */
const commandOf = (start: string): string => {
  const blocks = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  const found = blocks.find((block) => block.replace(/\\\n\s*/g, '').startsWith(start));
  if (found === undefined) throw new Error(`the page has no command that begins with ${start}`);
  return found;
};

const docker = dockerPath();
if (docker === undefined) skipped('the docker command and what it asks of an engine', 'there is no docker on PATH');

function dockerPath(): string | undefined {
  try {
    return execFileSync('bash', ['-c', 'command -v docker'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

interface RecordedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
const recorded: RecordedRequest[] = [];
const engine = createServer(async (request, response) => {
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += part;
  const path = request.url ?? '';
  recorded.push({ path, headers: request.headers, body });
  response.setHeader('api-version', '1.43');
  response.setHeader('content-type', 'application/json');
  if (path.endsWith('/_ping')) response.end('OK');
  else if (path.includes('/containers/create')) response.writeHead(201).end('{"Id":"recorded"}');
  else if (path.includes('/images/create')) response.end('{"status":"recorded"}\n');
  else response.writeHead(500).end('{"message":"this engine only notes what it is asked"}');
});

let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'sem-aws-login-docker-'));
  await new Promise<void>((resolve) => engine.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  engine.close();
  rmSync(home, { recursive: true });
});

const engineHost = () => `tcp://127.0.0.1:${(engine.address() as AddressInfo).port}`;

/**
 * Runs a line in bash with docker connected to the server; returns stderr, whatever the exit code.
 */
const shell = (script: string, environment: Readonly<Record<string, string | undefined>>): Promise<string> =>
  new Promise((resolve) => {
    const env = { ...environment, DOCKER_HOST: engineHost(), HOME: environment['HOME'] ?? home };
    execFile('bash', ['-c', script], { env }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });

const created = () => {
  const { body = '{}' } = recorded.findLast(({ path }) => path.includes('/containers/create')) ?? {};
  // Docker's engine API: https://docs.docker.com/reference/api/engine/
  return JSON.parse(body) as { Env: string[]; HostConfig: { Binds: string[] | null } };
};

describe.skipIf(docker === undefined)('docker run passes', () => {
  it('the token: the variables of the job, and the file under another name, read-only', async () => {
    const job = startJob(aws());
    const login = sourced(job, await job.login());
    const output = await shell(commandOf('docker run --rm -e AWS_ROLE_ARN'), { ...job.environment, ...login });
    expect(created().Env.sort(), output).toEqual([
      'AWS_DEFAULT_REGION=eu-west-1',
      'AWS_REGION=eu-west-1',
      `AWS_ROLE_ARN=${login['AWS_ROLE_ARN']}`,
      `AWS_ROLE_SESSION_NAME=semaphore-job-${job.id}`,
      'AWS_WEB_IDENTITY_TOKEN_FILE=/run/aws/token',
    ]);
    expect(created().HostConfig.Binds).toEqual([`${join(job.own, 'token')}:/run/aws/token:ro`]);
  });

  it('keys from a pipe, unchanged', async () => {
    const job = startJob(aws());
    await job.login(['--duration', '900']);
    const path = `${executableDirectory}:${job.environment['PATH']}`;
    const output = await shell(commandOf('docker run --rm --env-file <('), { ...job.environment, PATH: path });
    const issued = aws().sessions.issued.at(-1);
    expect(created().Env, output).toEqual([
      `AWS_ACCESS_KEY_ID=${issued?.accessKeyId}`,
      `AWS_SECRET_ACCESS_KEY=${issued?.secretAccessKey}`,
      `AWS_SESSION_TOKEN=${issued?.session?.token}`,
      'AWS_REGION=eu-west-1',
      'AWS_DEFAULT_REGION=eu-west-1',
    ]);
  });
});

it.skipIf(docker === undefined)('docker runs the helper that credHelpers names for this registry', async () => {
  const [, config = ''] = /^```json\n(.*?)^```$/ms.exec(page) ?? [];
  const [registry = ''] = Object.keys(JSON.parse(config).credHelpers);
  mkdirSync(join(home, '.docker'), { recursive: true });
  writeFileSync(join(home, '.docker/config.json'), config);
  const helper = join(home, 'docker-credential-ecr-login');
  writeFileSync(
    helper,
    '#!/bin/sh\nread -r registry\necho "{\\"ServerURL\\":\\"$registry\\",\\"Username\\":\\"AWS\\",\\"Secret\\":\\"for $registry\\"}"\n',
  );
  chmodSync(helper, 0o755);
  const output = await shell(`docker pull ${registry}/web:latest`, { PATH: `${home}:${process.env['PATH']}` });
  const pull = recorded.findLast(({ path }) => path.includes('/images/create'));
  const authority = Buffer.from(`${pull?.headers['x-registry-auth']}`, 'base64url').toString();
  expect(JSON.parse(authority), output).toMatchObject({ username: 'AWS', password: `for ${registry}` });
});
