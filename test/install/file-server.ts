import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { join } from 'node:path';

/** What the server does with one request instead of sending the file. */
export type Fault =
  | 'not-found'
  | 'unavailable'
  /** Half of the file, then the connection closes. */
  | 'cut'
  /** Half of the file, then nothing more. */
  | 'stalled'
  /** A page instead of the file, as from a captive portal. */
  | 'page'
  /** A valid archive with a foreign program. */
  | 'other';

/** A file server on 127.0.0.1 with faults. */
export interface FileServer {
  /** No trailing slash. */
  readonly url: string;
  /** Method and path of every request so far; host and port for a proxy's CONNECT. */
  readonly requests: string[];
  /** Faults for the next requests, one each. */
  readonly faults: Fault[];
  /** Resolves at the next request. */
  asked(): Promise<void>;
  close(): Promise<void>;
}

/** Serves a directory. `other` is the content for the fault of that name. */
export async function startFileServer(directory: string, other: Buffer): Promise<FileServer> {
  const requests: string[] = [];
  const faults: Fault[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(directory, other, faults.shift(), request, response);
  });
  server.on('connection', (socket) => sockets.add(socket.on('close', () => sockets.delete(socket))));
  server.on('connect', (request, socket) => {
    requests.push(`${request.method} ${request.url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    requests,
    faults,
    asked: async () => void (await once(server, 'request')),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(
  directory: string,
  other: Buffer,
  fault: Fault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const content = fault === 'not-found' ? undefined : contentOf(join(directory, request.url ?? ''));
  if (content === undefined) return void response.writeHead(404).end('No such file');
  switch (fault) {
    case 'unavailable':
      return void response.writeHead(503).end();
    case 'page':
      return void response.end('<html>Please log in to this network</html>');
    case 'other':
      return void response.end(other);
    case 'cut':
    case 'stalled':
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, content.length >> 1), () => fault === 'cut' && response.destroy());
      return;
    default:
      response.writeHead(200, { 'content-length': content.length }).end(content);
  }
}

function contentOf(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');
  return address.port;
}
