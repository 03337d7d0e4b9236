import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSts } from '../../src/adapters/sts.ts';
import { makePlainHop } from '../../src/sts/role-chain.ts';
import type { AssumedSession, NetworkFault, StsAttempt } from '../../src/world/sts.ts';
import { type LocalAws, standardRoleArn, startAws } from '../aws-simulator/aws.ts';
import { type ErrorName, type Fault, namedErrors, strangeBodies } from '../aws-simulator/fault.ts';
import { startLoopbackServer } from '../aws-simulator/loopback.ts';
import { startProxy } from '../aws-simulator/proxy.ts';

let aws: LocalAws;
/** The tunnels' target: the local STS over TLS. */
let tlsPort: number;
let directory: string;

beforeAll(async () => {
  aws = await startAws();
  tlsPort = Number(new URL(aws.tlsUrl).port);
  directory = mkdtempSync(join(tmpdir(), 'sts-client-'));
});

afterAll(async () => {
  await aws.close();
  rmSync(directory, { recursive: true });
});

type Attempt = StsAttempt<AssumedSession>;

interface Asking {
  readonly url?: string;
  readonly environment?: Record<string, string>;
  readonly token?: string;
  readonly timeout?: number;
}

async function ask({ url = aws.url, environment = {}, token = aws.mint('branch'), timeout = 5_000 }: Asking = {}) {
  const sts = makeSts({ AWS_ENDPOINT_URL_STS: url, ...environment }, '1.2.3');
  const endpoint = sts.endpointOf('eu-west-1', 'aws');
  const attempt = await sts.assumeRoleWithWebIdentity({
    hop: makePlainHop(standardRoleArn, 'semaphore-job-1'),
    token,
    endpoint,
    timeout,
  });
  expectNoSecret(attempt, token);
  return attempt;
}

function expectNoSecret(attempt: Attempt, token: string): void {
  expect(JSON.stringify(attempt)).not.toContain(token.slice(-40));
}

async function faultOf(asking: Asking): Promise<NetworkFault> {
  const attempt = await ask(asking);
  if (attempt.kind !== 'unreachable') throw new Error(`expected a fault, got ${JSON.stringify(attempt)}`);
  return attempt.fault;
}

describe('a response of STS', () => {
  it('is a session', async () => {
    expect(await ask()).toEqual({
      kind: 'granted',
      value: {
        keys: {
          accessKeyId: expect.stringMatching(/^ASIA/),
          secretAccessKey: expect.any(String),
          sessionToken: expect.any(String),
          expiration: expect.any(Date),
        },
        assumedRoleArn: 'arn:aws:sts::123456789012:assumed-role/deploy/semaphore-job-1',
      },
      serverTime: expect.any(Date),
    });
  });

  it('follows an unsigned request with our User-Agent and no unexpected parameters', async () => {
    const token = aws.mint('branch');
    await ask({ token });
    const request = aws.requests.at(-1);
    expect(request?.parameters).toEqual({
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: standardRoleArn,
      RoleSessionName: 'semaphore-job-1',
      WebIdentityToken: token,
    });
    expect(request?.headers).not.toHaveProperty('authorization');
    expect(request?.userAgent).toMatch(/^sem-aws-login\/1\.2\.3/);
  });

  it('has STS’s time', async () => {
    aws.fault({ kind: 'clock', seconds: -7200 });
    const attempt = await ask();
    const serverTime = attempt.kind === 'unreachable' ? undefined : attempt.serverTime;
    const behind = Date.now() - (serverTime?.getTime() ?? Number.NaN);
    expect(Math.round(behind / 60_000)).toBe(120);
  });

  it.each(Object.keys(namedErrors) as ErrorName[])('can be a refusal, %s, with STS’s message', async (name) => {
    aws.fault({ kind: 'error', name });
    const [status, message] = namedErrors[name];
    expect(await ask()).toEqual({
      kind: 'refused',
      refusal: { code: name, message, status, requestId: expect.any(String) },
      serverTime: expect.any(Date),
    });
  });
});

describe('a session counts as expired', () => {
  const sessionUntil = (expiration: Date) => `<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>
<Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>B</SecretAccessKey><SessionToken>C</SessionToken>
<Expiration>${expiration.toISOString()}</Expiration></Credentials><AssumedRoleUser><Arn>arn</Arn></AssumedRoleUser>
</AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
  const hour = 3_600_000;

  it.each([
    ['by STS’s clock, not by this machine’s, which can be ahead', -2 * hour, -1 * hour, 'granted'],
    ['or behind', 2 * hour, 1 * hour, 'unreachable'],
    ['by this machine’s if the response has no Date', undefined, -1, 'unreachable'],
    ['and not while it is valid by it', undefined, hour, 'granted'],
  ])('%s', async (_, serverTime, expiration, kind) => {
    const server = await startLoopbackServer((_, response) => {
      if (serverTime === undefined) response.sendDate = false;
      else response.setHeader('date', new Date(Date.now() + serverTime).toUTCString());
      response.end(sessionUntil(new Date(Date.now() + expiration)));
    });
    expect((await ask({ url: server.url })).kind).toBe(kind);
    await server.close();
  });
});

describe('no response of STS', () => {
  it.each<[string, Fault, Partial<NetworkFault>]>([
    ['cut before it', { kind: 'break-off', when: 'before' }, { at: 'broken-off' }],
    ['cut in its middle', { kind: 'break-off', when: 'middle' }, { at: 'broken-off' }],
    ['none in time', { kind: 'hang' }, { at: 'timeout' }],
    ['an empty one', strangeBodies.empty, { at: 'not-sts', status: 200 }],
    ['a captive portal', strangeBodies.captivePortal, { at: 'not-sts', status: 200, detail: 'HTTP 200, text/html' }],
    ['a gateway in trouble', strangeBodies.badGateway, { at: 'not-sts', status: 502 }],
    [
      'JSON',
      { kind: 'body', status: 403, contentType: 'application/json', body: '{"message":"no"}' },
      { at: 'not-sts' },
    ],
    ['a redirect', { kind: 'body', status: 302, body: '' }, { at: 'not-sts', status: 302 }],
    [
      'XML cut short',
      { kind: 'body', status: 400, contentType: 'text/xml', body: '<ErrorResponse><Err' },
      { at: 'not-sts' },
    ],
  ])('%s', async (_, fault, expected) => {
    aws.fault(fault);
    expect(await faultOf({ timeout: 300 })).toMatchObject(expected);
  });

  it('a response that stops half-way', async () => {
    const server = await startLoopbackServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' }).write('<AssumeRoleWithWebIdentityResponse>');
    });
    expect(await faultOf({ url: server.url, timeout: 300 })).toMatchObject({ at: 'timeout' });
    await server.close();
  });

  it('an endless response', async () => {
    const server = await startLoopbackServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' });
      const more = () => !response.destroyed && response.write('<!-- and so on -->'.repeat(1000), more);
      more();
    });
    expect(await faultOf({ url: server.url })).toMatchObject({ at: 'not-sts', status: 200 });
    await server.close();
  });

  it('a closed port', async () => {
    const server = await listening();
    const url = urlOf(server);
    await new Promise((resolve) => server.close(resolve));
    const { host } = new URL(url);
    expect(await faultOf({ url })).toMatchObject({
      at: 'connect',
      code: 'ECONNREFUSED',
      detail: `ECONNREFUSED ${host}`,
    });
  });

  it('a name that does not exist', async () => {
    expect(await faultOf({ url: 'https://sts.nowhere.invalid' })).toMatchObject({ at: 'name' });
  });

  it('a server that does not speak HTTP', async () => {
    const server = await listening();
    server.on('connection', (socket) => socket.end('220 mail.example.test ESMTP\r\n'));
    expect(await faultOf({ url: urlOf(server) })).toMatchObject({ at: 'not-sts' });
    server.close();
  });

  it('a server that does not speak TLS', async () => {
    expect(await faultOf({ url: aws.url.replace('http:', 'https:') })).toMatchObject({ at: 'tls' });
  });
});

describe('trusted certificates', () => {
  it('do not include those of an unknown CA', async () => {
    expect(await faultOf({ url: aws.tlsUrl })).toMatchObject({ at: 'tls', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  });

  it('include those of AWS_CA_BUNDLE', async () => {
    const attempt = await ask({ url: aws.tlsUrl, environment: { AWS_CA_BUNDLE: aws.authorityFile } });
    expect(attempt.kind).toBe('granted');
  });

  it('do not include one for another name, which is reported', async () => {
    const other = await startLoopbackServer((_, response) => response.end(), aws.authority.issue(['other.test']));
    const fault = await faultOf({ url: other.url, environment: { AWS_CA_BUNDLE: aws.authorityFile } });
    expect(fault).toMatchObject({ at: 'tls', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(fault.detail).toContain('localhost');
    await other.close();
  });

  it.each([
    ['missing', undefined, { code: 'ENOENT' }],
    ['without a certificate', 'not one', 'no-certificate'],
  ])('no request is sent with a bundle that is %s', async (name, text, problem) => {
    const path = join(directory, name);
    if (text !== undefined) writeFileSync(path, text);
    const before = aws.requests.length;
    await expect(ask({ url: aws.tlsUrl, environment: { AWS_CA_BUNDLE: path } })).rejects.toMatchObject({
      facts: { kind: 'ca-bundle-unusable', variable: 'AWS_CA_BUNDLE', path, problem },
    });
    expect(aws.requests.length).toBe(before);
  });
});

describe('a proxy', () => {
  const url = 'https://sts.eu-west-1.amazonaws.com';
  const trust = () => ({ AWS_CA_BUNDLE: aws.authorityFile });
  const startTunnels = (credentials?: string) =>
    startProxy({ portOf: () => tlsPort, ...(credentials === undefined ? {} : { credentials }) });

  it('gets a CONNECT request with the password, and sees nothing else', async () => {
    const proxy = await startTunnels('me:hunter2');
    const withPassword = proxy.url.replace('//', '//me:hunter2@');
    const attempt = await ask({ url, environment: { ...trust(), HTTPS_PROXY: withPassword } });
    expect(attempt.kind).toBe('granted');
    expect(proxy.connects).toEqual([
      { host: 'sts.eu-west-1.amazonaws.com', port: 443, credentials: 'me:hunter2', userAgent: '', status: 200 },
    ]);
    await proxy.close();
  });

  it('can be reached over TLS, with its own certificate', async () => {
    const proxy = await startProxy({ portOf: () => tlsPort, tls: aws.authority.issue(['localhost']) });
    const environment = { ...trust(), HTTPS_PROXY: proxy.url };
    expect(await ask({ url, environment })).toMatchObject({ kind: 'granted' });
    expect(proxy.connects).toMatchObject([{ host: 'sts.eu-west-1.amazonaws.com', port: 443, status: 200 }]);
    expect(await faultOf({ url, environment: { HTTPS_PROXY: proxy.url } })).toMatchObject({ at: 'proxy' });
    await proxy.close();
  });

  it('is not used for a host in NO_PROXY', async () => {
    const proxy = await startTunnels();
    const environment = { ...trust(), HTTPS_PROXY: proxy.url, NO_PROXY: 'localhost' };
    expect((await ask({ url: aws.tlsUrl, environment })).kind).toBe('granted');
    expect(proxy.connects).toEqual([]);
    await proxy.close();
  });

  it.each([407, 403, 502] as const)('that answers %i', async (status) => {
    const proxy = await startTunnels();
    proxy.refuse(status);
    const fault = await faultOf({ url, environment: { HTTPS_PROXY: proxy.url } });
    expect(fault).toMatchObject({ at: 'proxy', status, code: undefined });
    expect(fault.detail).toContain(String(status));
    await proxy.close();
  });

  it('that is unreachable', async () => {
    const proxy = await startTunnels();
    await proxy.close();
    const fault = await faultOf({ url, environment: { HTTPS_PROXY: proxy.url } });
    expect(fault).toMatchObject({ at: 'proxy', code: 'ECONNREFUSED' });
  });

  it('that never answers', async () => {
    const server = await listening();
    const environment = { HTTPS_PROXY: urlOf(server) };
    expect(await faultOf({ url, environment, timeout: 300 })).toMatchObject({ at: 'timeout' });
    server.close();
  });

  it('that hangs up', async () => {
    const server = await listening();
    server.on('connection', (socket) => socket.destroy());
    expect(await faultOf({ url, environment: { HTTPS_PROXY: urlOf(server) } })).toMatchObject({ at: 'proxy' });
    server.close();
  });

  it('that intercepts TLS with its own certificate', async () => {
    const proxy = await startTunnels();
    expect(await faultOf({ url, environment: { HTTPS_PROXY: proxy.url } })).toMatchObject({
      at: 'tls',
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    await proxy.close();
  });
});

async function listening(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function urlOf(server: Server): string {
  const address = server.address();
  return typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
}
