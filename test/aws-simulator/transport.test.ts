import { createPublicKey, type JsonWebKey, X509Certificate } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { connect as tlsConnect } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, startAws } from './aws.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startAws();
});
afterEach(() => aws.proxy.refuse());
afterAll(() => aws.close());

interface PublishedKeys {
  readonly keys: readonly [JsonWebKey & { readonly x5c: readonly string[] }];
}

interface Handshake {
  readonly names: string | undefined;
  readonly error: string | undefined;
}

/** Makes a TLS handshake for a host name, with the given authority or the system's. */
function shakeHands(servername: string, ca: string | undefined): Promise<Handshake> {
  return new Promise((resolve) => {
    const socket = tlsConnect({
      port: aws.tlsPort,
      host: '127.0.0.1',
      servername,
      ...(ca === undefined ? {} : { ca }),
    });
    socket.once('secureConnect', () => {
      resolve({ names: socket.getPeerCertificate().subjectaltname, error: undefined });
      socket.destroy();
    });
    socket.once('error', (error) => resolve({ names: undefined, error: error.message }));
  });
}

function openTunnel(target: string, credentials?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(aws.proxy.url);
    const auth = credentials === undefined ? {} : { 'proxy-authorization': `Basic ${btoa(credentials)}` };
    const request = httpRequest({ hostname, port, method: 'CONNECT', path: target, headers: auth });
    request.once('connect', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode);
    });
    request.once('error', reject);
    request.end();
  });
}

describe('TLS', () => {
  it.each([
    ['localhost', 'DNS:localhost'],
    ['sts.amazonaws.com', 'DNS:sts.amazonaws.com'],
    ['sts.cn-north-1.amazonaws.com.cn', 'DNS:sts.cn-north-1.amazonaws.com.cn'],
  ])('for %s shows a certificate of that name', async (host, names) => {
    expect(await shakeHands(host, aws.authority.cert)).toEqual({ names, error: undefined });
  });

  it('is not trusted by default', async () => {
    expect((await shakeHands('sts.amazonaws.com', undefined)).error).toBe('unable to verify the first certificate');
  });

  it("publishes the issuer's key with a certificate of that key", async () => {
    // The next lines check the shape.
    const set = (await (await fetch(`${aws.issuer.url}/.well-known/jwks.json`)).json()) as PublishedKeys;
    const certificate = new X509Certificate(Buffer.from(set.keys[0].x5c[0] ?? '', 'base64'));
    const key = createPublicKey({ key: set.keys[0], format: 'jwk' });
    expect(certificate.publicKey.equals(key)).toBe(true);
    expect(certificate.verify(key)).toBe(true);
  });
});

describe('the proxy', () => {
  it.each([
    ['sts.eu-west-1.amazonaws.com:443', 200],
    ['sts.amazonaws.com:443', 200],
    ['sts-fips.us-east-1.amazonaws.com:443', 200],
    ['sts.eu-west-1.api.aws:443', 200],
    ['sts.amazonaws.com.example:443', 502],
    ['s3.amazonaws.com:443', 502],
    ['sts.amazonaws.com:80', 502],
  ])('answers CONNECT %s with %i, and records it', async (target, status) => {
    expect(await openTunnel(target)).toBe(status);
    const [host = '', port = ''] = target.split(':');
    expect(aws.proxy.connects.at(-1)).toMatchObject({ host, port: Number(port), status });
  });

  it.each([403, 407, 502] as const)('answers with %i if set', async (status) => {
    aws.proxy.refuse(status);
    expect(await openTunnel('sts.amazonaws.com:443')).toBe(status);
  });

  it('requires credentials if it has some', async () => {
    const guarded = await startAws({ proxyCredentials: 'ann:secret' });
    const own = aws;
    aws = guarded;
    try {
      expect(await openTunnel('sts.amazonaws.com:443')).toBe(407);
      expect(await openTunnel('sts.amazonaws.com:443', 'ann:secret')).toBe(200);
    } finally {
      aws = own;
      await guarded.close();
    }
  });
});
