import { get as getByHttp, type IncomingMessage } from 'node:http';
import { get as getByHttps, Agent as HttpsAgent } from 'node:https';
import type { WebAnswer } from '../world/world.ts';
import { networkFaultOf, type Tunnel } from './network-fault.ts';
import type { NetworkSettings } from './network-settings.ts';

const longestBody = 1_000_000;

/** Sends one GET. Network errors are returned. */
export async function httpGet(
  url: string,
  timeout: number,
  settings: NetworkSettings,
  version: string,
): Promise<WebAnswer> {
  let tunnel: Tunnel = settings.proxy === undefined ? 'direct' : 'wanted';
  const agent = await makeHttpsAgent(settings, (state) => {
    tunnel = state;
  });
  const signal = AbortSignal.timeout(timeout);
  const options = { headers: { 'user-agent': `sem-aws-login/${version}` }, signal };
  try {
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = url.startsWith('http:')
        ? getByHttp(url, options, resolve)
        : getByHttps(url, { ...options, agent }, resolve);
      request.on('error', reject);
    });
    const text = await textOf(answer);
    // A proxy's refusal arrives as if the host had sent it.
    if (typeof tunnel === 'object') return { kind: 'unreachable', fault: networkFaultOf(undefined, tunnel) };
    return { kind: 'answered', status: answer.statusCode ?? 0, text, serverTime: serverTimeOf(answer.headers.date) };
  } catch (error) {
    // Node's error for an abort does not say that it was a time-out.
    return { kind: 'unreachable', fault: networkFaultOf(signal.aborted ? signal.reason : error, tunnel) };
  } finally {
    agent.destroy();
  }
}

async function textOf(answer: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > longestBody) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Returns an agent for one https exchange. `onTunnel` gets a proxy's response. */
export async function makeHttpsAgent(
  { proxy, trustedRoots }: NetworkSettings,
  onTunnel: (tunnel: Tunnel) => void,
): Promise<HttpsAgent> {
  // Explicit, since a job can set NODE_TLS_REJECT_UNAUTHORIZED=0 for another program: then anyone
  // could get the token.
  const trust = { rejectUnauthorized: true, ...(trustedRoots === undefined ? {} : { ca: trustedRoots }) };
  if (proxy === undefined) return new HttpsAgent(trust);
  const { ProxyAgent } = await import('./proxy-agent.ts');
  return new ProxyAgent(proxy, trust, ({ status }) => onTunnel(status === 200 ? 'open' : { refusedWith: status }));
}

/**
 * Reads a body of at most `limit` bytes. Rejects and ends the connection if there are more: an
 * endless response would fill the memory before the time-out. Rejects too if the connection breaks.
 */
export async function readBody(body: AsyncIterable<Uint8Array>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > limit) throw new Error(`the answer has more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** Parses a response's Date header; undefined if missing or invalid. */
export function serverTimeOf(header: string | undefined): Date | undefined {
  const date = new Date(header ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
