import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { strangeBodies } from '../aws-simulator/fault.ts';
import { startLoopbackServer } from '../aws-simulator/loopback.ts';
import { type Job, startJob } from './job-run.ts';
import { useAws } from './local-aws.ts';
import { expectRefusal, unwrapped } from './refusal.ts';
import { withoutNetwork } from './wrapper.ts';

const aws = useAws();

/** Nothing of the local STS in the environment but what the row says. */
const elsewhere = (url: string | undefined) => ({ AWS_ENDPOINT_URL_STS: url });

describe('an STS that cannot be reached is told by what stands in the way', () => {
  it('nobody listens', async () => {
    const port = await closedPort();
    const run = await startJob(aws(), { environment: elsewhere(`http://127.0.0.1:${port}`) }).login(['--timeout', '2']);
    expectRefusal(run, {
      exitCode: 6,
      headline: `Cannot reach STS: ECONNREFUSED 127.0.0.1:${port}`,
      says: [`endpoint http://127.0.0.1:${port}`, /firewall/, /HTTPS_PROXY/, /attempts [2-9]/],
    });
  });

  it('the name is not known', async () => {
    const run = await startJob(aws(), { environment: elsewhere('https://sts.nowhere.invalid') }).login();
    expectRefusal(run, {
      exitCode: 6,
      headline: /^Cannot reach STS: E\w+/,
      says: [/endpoint https:\/\/sts\.nowhere\.invalid/, /cannot be resolved/, /--region/],
    });
  });

  it('the certificate is not trusted', async () => {
    const run = await startJob(aws(), { environment: elsewhere(aws().tlsUrl) }).login();
    expectRefusal(run, {
      exitCode: 6,
      headline: 'Cannot reach STS: ',
      says: [
        `endpoint ${aws().tlsUrl}`,
        /not trusted/,
        /AWS_CA_BUNDLE=\/etc\/ssl\/certs\/ca-certificates\.crt/,
        /attempts 1 /,
      ],
    });
    expect(run.requests).toEqual([]);
  });

  it('plain http is spoken where TLS is expected', async () => {
    const run = await startJob(aws(), { environment: elsewhere(aws().url.replace('http:', 'https:')) }).login();
    expectRefusal(run, {
      exitCode: 6,
      headline: 'Cannot reach STS: ',
      says: ['endpoint https://127.0.0.1', /does not speak TLS/, /attempts 1 /],
    });
  });

  it.each<[what: string, status: 403 | 407 | 502, says: RegExp]>([
    ['refuses', 403, /Ask the proxy's administrator to allow it/],
    ['wants a password', 407, /HTTPS_PROXY="http:\/\/\$PROXY_USER:\$PROXY_PASSWORD@/],
    ['does not reach it', 502, /could not reach the host/],
  ])('the proxy %s', async (_, status, says) => {
    aws().proxy.refuse(status);
    onTestFinished(() => aws().proxy.refuse());
    const environment = { ...elsewhere(undefined), HTTPS_PROXY: aws().proxy.url };
    const run = await startJob(aws(), { environment }).login(['--timeout', '2']);
    expectRefusal(run, {
      exitCode: 6,
      headline: `Cannot reach STS: the proxy answered HTTP ${status}`,
      says: [says, 'endpoint https://sts.eu-west-1.amazonaws.com', /export NO_PROXY=.*\.amazonaws\.com"/],
    });
  });

  it('the proxy is not there', async () => {
    const proxy = `http://me:hunter2@127.0.0.1:${await closedPort()}`;
    const run = await startJob(aws(), { environment: { ...elsewhere(undefined), HTTPS_PROXY: proxy } }).login([
      '--timeout',
      '1',
    ]);
    expectRefusal(run, {
      exitCode: 6,
      headline: 'Cannot reach STS: the proxy does not connect, ECONNREFUSED 127.0.0.1',
      says: ['endpoint https://sts.eu-west-1.amazonaws.com', /The proxy in HTTPS_PROXY does not answer/],
    });
    expect(run.stderr).not.toContain('hunter2');
  });

  it('the address of the proxy has a password that nobody can decode', async () => {
    const environment = { ...elsewhere(undefined), HTTPS_PROXY: `http://me:hunter%@127.0.0.1:${await closedPort()}` };
    const run = await startJob(aws(), { environment }).login();
    expectRefusal(run, {
      exitCode: 2,
      headline: 'The value of HTTPS_PROXY cannot be used',
      says: ['(not shown, since it may hold a password)', /"%25"/],
    });
    expect(run.stderr).not.toContain('hunter');
  });

  it('it hangs', async () => {
    aws().fault({ kind: 'hang', times: 'always' });
    const run = await startJob(aws()).login(['--timeout', '1']);
    expectRefusal(run, {
      exitCode: 6,
      headline: 'Cannot reach STS: no answer in time',
      says: [`endpoint ${aws().url}`, /No answer came within 1 s/, /--timeout 4/, /attempts 1 in 1 s/],
    });
  });

  it('the connection is taken and nothing ever said', async () => {
    const { port } = await listening(() => {});
    const environment = elsewhere(`https://127.0.0.1:${port}`);
    const run = await startJob(aws(), { environment }).login(['--timeout', '1']);
    expectRefusal(run, { exitCode: 6, headline: 'Cannot reach STS', says: [/No answer came within 1 s/] });
  });

  it('the answer breaks off every time', async () => {
    aws().fault({ kind: 'break-off', when: 'middle', times: 'always' });
    const run = await startJob(aws()).login(['--timeout', '1']);
    expectRefusal(run, { exitCode: 6, headline: 'Cannot reach STS', says: [/closed before the whole answer/] });
  });

  it.each([
    ["a captive portal's page", strangeBodies.captivePortal, /captive portal/],
    ['nothing at all', strangeBodies.empty, /answer does not come from STS/],
    ["a gateway's page", strangeBodies.badGateway, /HTTP 502/],
  ])('the answer is %s', async (_, body, says) => {
    aws().fault({ ...body, times: 'always' });
    const run = await startJob(aws()).login(['--timeout', '1']);
    expectRefusal(run, { exitCode: 6, headline: 'Cannot reach STS', says: [says, /AWS_ENDPOINT_URL_STS/] });
    expect(run.stderr).not.toContain('sign in to use');
  });

  it('the answer never ends: it is given up long before the memory is full', async () => {
    let sent = 0;
    const server = await startLoopbackServer((_, response) => {
      const pour = () => {
        sent += 1 << 20;
        if (!response.destroyed) response.write('a'.repeat(1 << 20), () => setImmediate(pour));
      };
      response.writeHead(200, { 'content-type': 'text/xml' });
      pour();
    });
    onTestFinished(() => server.close());
    const run = await startJob(aws(), { environment: elsewhere(server.url) }).login(['--timeout', '20']);
    expectRefusal(run, { exitCode: 6, headline: 'Cannot reach STS', says: [/answer does not come from STS/] });
    expect(sent).toBeLessThan(50 << 20);
  });

  // Each stops by itself after 200 MB: a program that reads on fails the test, not the machine.
  it.each<[what: string, start: string, more: string]>([
    ['a status line', 'HTTP/1.1 200 ', 'a'],
    ['a header', 'HTTP/1.1 200 OK\r\nx: ', 'a'],
    ['headers', 'HTTP/1.1 200 OK\r\n', 'a: b\r\n'],
    ['interim responses', '', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['something that is not HTTP', '', 'a'],
    ['a refusal', 'HTTP/1.1 403 Forbidden\r\n\r\n', 'a'],
  ])('the proxy answers CONNECT with %s that never ends', async (_, start, more) => {
    const chunk = more.repeat(Math.floor((1 << 18) / more.length));
    let sent = 0;
    const { port } = await listening((socket) => {
      const pour = () => {
        sent += chunk.length;
        if (!socket.destroyed && sent < 200e6) socket.write(chunk, () => setImmediate(pour));
      };
      socket.on('error', () => {});
      socket.once('data', () => socket.write(start, pour));
    });
    const environment = { ...elsewhere(undefined), HTTPS_PROXY: `http://127.0.0.1:${port}` };
    const run = await startJob(aws(), { environment }).login(['--timeout', '1']);
    expectRefusal(run, { exitCode: 6, headline: 'Cannot reach STS', says: [/[Tt]he proxy/, /HTTPS_PROXY/] });
    expect(sent).toBeLessThan(30e6);
  });

  const isolated = withoutNetwork('no network at all');

  it.runIf(isolated)('there is no network at all', async () => {
    const run = await startJob(aws(), { environment: elsewhere(undefined) }).login([], { wrapper: isolated ?? [] });
    expectRefusal(run, {
      exitCode: 6,
      headline: 'Cannot reach STS: ',
      says: [/no way out/],
    });
  });

  it.runIf(isolated)('which nobody notices with --no-verify', async () => {
    const run = await startJob(aws()).login(['--no-verify'], { wrapper: isolated ?? [] });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain('warning: STS was not asked (--no-verify)');
  });
});

describe('trust in certificates', () => {
  it.each([
    ['AWS_CA_BUNDLE', () => ({ AWS_CA_BUNDLE: aws().authorityFile })],
    ['NODE_EXTRA_CA_CERTS', () => ({ NODE_EXTRA_CA_CERTS: aws().authorityFile })],
  ])('is given by %s', async (_, variables) => {
    const environment = { ...elsewhere(aws().tlsUrl), ...variables() };
    expect(await startJob(aws(), { environment }).login()).toMatchObject({ exitCode: 0 });
  });

  it('is not given up for NODE_TLS_REJECT_UNAUTHORIZED, which is meant for other programs', async () => {
    const environment = { ...elsewhere(aws().tlsUrl), NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const run = await startJob(aws(), { environment }).login();
    expect(run).toMatchObject({ exitCode: 6, written: {}, requests: [] });
    expect(run.stderr).toContain('not trusted here');
  });

  const authority = () => readFileSync(aws().authorityFile, 'utf8');
  const unusable: readonly (readonly [what: string, text: () => string | Buffer | undefined, says: string])[] = [
    ['is not there', () => undefined, 'It cannot be read (ENOENT)'],
    ['is empty', () => '', 'It is empty.'],
    ['is about something else', () => 'hello\n', 'no certificate in PEM form'],
    ['holds a key', () => authority().replaceAll('CERTIFICATE', 'PRIVATE KEY'), 'no certificate in PEM form'],
    ['was cut short', () => authority().slice(0, 300), 'first certificate is damaged'],
    ['was changed', () => authority().replace(/\n.{20}/, '\nAAAA'), 'first certificate is damaged'],
    ['has a good certificate after a damaged one', () => `${authority().slice(0, 300)}\n${authority()}`, 'is damaged'],
    ['is in DER form', () => new X509Certificate(authority()).raw, 'in DER form. PEM, which is text, is needed'],
  ];
  const bundleOf = (job: Job, content: string | Buffer | undefined) => {
    const path = join(job.directory, 'ca.pem');
    if (content !== undefined) writeFileSync(path, content);
    return path;
  };

  it.each(unusable)('is refused before anything is asked where AWS_CA_BUNDLE %s', async (_, text, says) => {
    const job = startJob(aws());
    const path = bundleOf(job, text());
    const run = await job.login([], { environment: { ...elsewhere(aws().tlsUrl), AWS_CA_BUNDLE: path } });
    const headline = `Cannot use the certificates in "${path}" (AWS_CA_BUNDLE)`;
    expectRefusal(run, { exitCode: 4, headline, says: [says, 'unset AWS_CA_BUNDLE'] });
    expect(run.requests).toEqual([]);
  });

  const notFiles: readonly (readonly [what: string, make: (path: string) => void, says: string])[] = [
    ['a named pipe', (path) => execFileSync('mkfifo', [path]), 'not a regular file'],
    ['a device without an end', (path) => symlinkSync('/dev/zero', path), 'not a regular file'],
    ['a directory', (path) => mkdirSync(path), 'EISDIR'],
    ['a huge file', (path) => truncateSync(openedFile(path), 9e6), 'larger than 8 MB'],
  ];

  it.each(notFiles)('is refused at once where AWS_CA_BUNDLE is %s', async (_, make, says) => {
    const job = startJob(aws());
    const path = join(job.directory, 'ca.pem');
    make(path);
    const run = await job.login([], { environment: { ...elsewhere(aws().tlsUrl), AWS_CA_BUNDLE: path } });
    const headline = `Cannot use the certificates in "${path}" (AWS_CA_BUNDLE)`;
    expectRefusal(run, { exitCode: 4, headline, says: [says] });
    expect(run.requests).toEqual([]);
  });

  // Node itself reads this file, and would wait for ever for a writer, in every TLS connection.
  it('is refused at once where NODE_EXTRA_CA_CERTS is a named pipe', async () => {
    const job = startJob(aws());
    const path = join(job.directory, 'ca.pem');
    execFileSync('mkfifo', [path]);
    const variables = { AWS_CA_BUNDLE: aws().authorityFile, NODE_EXTRA_CA_CERTS: path };
    const run = await job.login([], { environment: { ...elsewhere(aws().tlsUrl), ...variables } });
    const headline = `Cannot use the certificates in "${path}" (NODE_EXTRA_CA_CERTS)`;
    expectRefusal(run, { exitCode: 4, headline, says: ['not a regular file'] });
  });

  it('is not needed in NODE_EXTRA_CA_CERTS, which can be /dev/null', async () => {
    const variables = { AWS_CA_BUNDLE: aws().authorityFile, NODE_EXTRA_CA_CERTS: '/dev/null' };
    const environment = { ...elsewhere(aws().tlsUrl), ...variables };
    expect(await startJob(aws(), { environment }).login()).toMatchObject({ exitCode: 0 });
  });

  // It comes on top of the roots that are built in, and many an image names a file there that nobody needs.
  it.each(unusable)('fails by NODE_EXTRA_CA_CERTS that %s only where it was needed', async (_, text, says) => {
    const job = startJob(aws());
    const path = bundleOf(job, text());
    const run = await job.login([], { environment: { ...elsewhere(aws().tlsUrl), NODE_EXTRA_CA_CERTS: path } });
    expect(unwrapped(run.stderr)).toContain(
      `sem-aws-login: Cannot use the certificates in "${path}" (NODE_EXTRA_CA_CERTS)`,
    );
    expect(unwrapped(run.stderr)).toContain(says);
    expect(run).toMatchObject({ exitCode: 4, requests: [], written: {} });
    const trusted = { ...elsewhere(aws().tlsUrl), AWS_CA_BUNDLE: aws().authorityFile, NODE_EXTRA_CA_CERTS: path };
    expect(await job.login([], { environment: trusted })).toMatchObject({ exitCode: 0 });
  });
});

function openedFile(path: string): string {
  writeFileSync(path, '');
  return path;
}

async function listening(onConnection: (socket: Socket) => void): Promise<{ port: number; server: Server }> {
  const server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return { port: address.port, server };
}

/** A port that was free a moment ago. */
async function closedPort(): Promise<number> {
  const { port, server } = await listening(() => {});
  await new Promise((resolve) => server.close(resolve));
  return port;
}
