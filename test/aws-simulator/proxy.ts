import { type IncomingMessage, STATUS_CODES } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { startLoopbackServer } from './loopback.ts';

/** A `CONNECT` request to the proxy. */
export interface RecordedConnect {
  readonly host: string;
  readonly port: number;
  /** The client's user and password, if any. */
  readonly credentials: string | undefined;
  readonly userAgent: string;
  /** 200 if the proxy opened a tunnel. */
  readonly status: number;
}

/** A forward proxy on loopback. It connects AWS's hosts to a local server. */
export interface ForwardProxy {
  readonly url: string;
  readonly connects: readonly RecordedConnect[];
  /** Answers every further `CONNECT` with this status; without a status it opens tunnels again. */
  refuse(status?: 403 | 407 | 502): void;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Returns the loopback port for a host and port; undefined gives 502, like an unknown host. */
  readonly portOf: (host: string, port: number) => number | undefined;
  /** `user:password` that every client must send; else 407. */
  readonly credentials?: string;
  /** Certificate and key of a proxy that is reached over TLS. */
  readonly tls?: TlsOptions;
}

/** Returns true for STS endpoints in any region and partition, also FIPS and dual stack. */
export function isStsHost(host: string): boolean {
  return /^sts(-fips)?\.([\w-]+\.)?(api\.)?(amazonaws\.(com(\.cn)?|eu)|aws|amazonwebservices\.com\.cn)$/.test(host);
}

function credentialsOf(request: IncomingMessage): string | undefined {
  const [scheme, value] = (request.headers['proxy-authorization'] ?? '').split(' ');
  return scheme?.toLowerCase() === 'basic' && value ? Buffer.from(value, 'base64').toString() : undefined;
}

function refuseTunnel(socket: Duplex, status: number): void {
  const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="proxy"\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`,
  );
}

/** Starts a proxy. Answers requests other than `CONNECT` with 501. */
export async function startProxy(options: ProxyOptions): Promise<ForwardProxy> {
  const connects: RecordedConnect[] = [];
  const sockets = new Set<Duplex>();
  let refusal: number | undefined;

  function track(socket: Duplex): void {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that disconnects early is not a failure of the proxy.
    socket.on('error', () => socket.destroy());
  }

  function statusFor(credentials: string | undefined, target: number | undefined): number {
    if (refusal !== undefined) return refusal;
    if (options.credentials !== undefined && credentials !== options.credentials) return 407;
    return target === undefined ? 502 : 200;
  }

  function tunnel(socket: Duplex, target: number, head: Buffer): void {
    const upstream = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    track(upstream);
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  }

  const { server, url, close } = await startLoopbackServer(
    (_request, response) => response.writeHead(501).end(),
    options.tls,
  );
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    track(socket);
    const [, host = '', port = '443'] = /^(.*?)(?::(\d+))?$/.exec(request.url ?? '') ?? [];
    const target = options.portOf(host, Number(port));
    const credentials = credentialsOf(request);
    const status = statusFor(credentials, target);
    connects.push({ host, port: Number(port), credentials, userAgent: request.headers['user-agent'] ?? '', status });
    if (status === 200 && target !== undefined) tunnel(socket, target, head);
    else refuseTunnel(socket, status);
  });

  return {
    url,
    connects,
    refuse: (status) => {
      refusal = status;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await close();
    },
  };
}
