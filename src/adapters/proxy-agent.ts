import { request as requestByHttp } from 'node:http';
import { Agent, type AgentOptions, request as requestByHttps } from 'node:https';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect } from 'node:tls';

export interface ProxyAnswer {
  readonly status: number;
}

type Created = (error: Error | null, stream: Duplex) => void;

/** Bytes of a proxy's status line and headers: Node's default. */
const maxHeaderSize = 16_384;

/**
 * An https agent whose connections go through a proxy, by CONNECT. Uses Node's HTTP client for the
 * proxy, since it limits what it reads.
 */
export class ProxyAgent extends Agent {
  readonly #proxy: URL;
  readonly #trust: AgentOptions;
  readonly #onAnswer: (answer: ProxyAnswer) => void;
  readonly #open = new Set<{ destroy(): void }>();

  constructor(proxy: URL, trust: AgentOptions, onAnswer: (answer: ProxyAnswer) => void) {
    super(trust);
    this.#proxy = proxy;
    this.#trust = trust;
    this.#onAnswer = onAnswer;
  }

  /** Node calls this for each new connection, with the target's host and port. */
  override createConnection(target: ConnectionOptions, created: Created): undefined {
    const proxy = this.#proxy;
    const host = `${isIP(target.host ?? '') === 6 ? `[${target.host}]` : target.host}:${target.port}`;
    const hostname = proxy.hostname.replace(/^\[|\]$/g, '');
    const open = proxy.protocol === 'https:' ? requestByHttps : requestByHttp;
    const request = open({
      ...this.#trust,
      method: 'CONNECT',
      hostname,
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      // Else Node takes the name from the Host header, which is the target's.
      servername: isIP(hostname) === 0 ? hostname : '',
      path: host,
      headers: { ...authorizationOf(proxy), host, 'proxy-connection': 'close' },
      agent: false,
      maxHeaderSize,
    });
    request.removeHeader('connection');
    this.#open.add(request);
    const fail = (error: Error) => {
      this.#open.delete(request);
      // Node needs only the error, but its types also require a stream.
      (created as (error: Error) => void)(error);
    };
    request.once('error', fail);
    request.once('information', () => request.destroy(new Error('an interim response to CONNECT')));
    request.once('connect', ({ statusCode: status = 0 }, socket, head) => {
      request.off('error', fail);
      this.#open.add(socket).delete(request);
      this.#onAnswer({ status });
      if (status !== 200) {
        socket.destroy();
        return fail(new Error('the proxy refused CONNECT'));
      }
      if (head.length > 0) socket.unshift(head);
      created(null, connect({ ...target, socket }));
    });
    request.end();
    return undefined;
  }

  override destroy(): void {
    for (const stream of this.#open) stream.destroy();
    super.destroy();
  }
}

function authorizationOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` };
}
