import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A PEM certificate (chain) and its PEM private key. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A server that listens on 127.0.0.1, on a port that the system chose. */
export interface LoopbackServer {
  readonly server: Server;
  readonly port: number;
  /** `http://127.0.0.1:PORT`, or `https://localhost:PORT` where a certificate is given. */
  readonly url: string;
  /** Ends at once, cutting whatever connections are open. */
  close(): Promise<void>;
}

/** Starts a server on loopback, with TLS if a certificate is given. */
export async function startLoopbackServer(
  listener: RequestListener,
  certificate?: ServerCertificate,
): Promise<LoopbackServer> {
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  // A TCP server's address is never a string or null while it listens.
  const { port } = server.address() as AddressInfo;
  return {
    server,
    port,
    url: certificate === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
