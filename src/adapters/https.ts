import { get as getByHttp, type Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { get as getByHttps, Agent as HttpsAgent } from 'node:https';
import type { WebAnswer } from '../world/world.ts';
import { networkFaultOf, serverTimeOf, type Tunnel } from './network-fault.ts';
import type { NetworkSettings } from './network-settings.ts';

const longestBody = 1_000_000;

/** One GET; gives a fault for whatever the network does. */
export async function httpGet(
  url: string,
  timeout: number,
  settings: NetworkSettings,
  version: string,
): Promise<WebAnswer> {
  let tunnel: Tunnel = settings.proxy === undefined ? 'direct' : 'wanted';
  const agent = await makeHttpsAgent(settings, (heard) => {
    tunnel = heard;
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
    // A proxy's own refusal arrives as if it were the host's answer.
    if (typeof tunnel === 'object') return { kind: 'unreachable', fault: networkFaultOf(undefined, tunnel) };
    return { kind: 'answered', status: answer.statusCode ?? 0, text, serverTime: serverTimeOf(answer.headers.date) };
  } catch (error) {
    // Node's own error for an abort does not tell that time was up.
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

/** An agent for one exchange by https; `onTunnel` hears how the proxy, where there is one, answered. */
export async function makeHttpsAgent(
  { proxy, trustedRoots }: NetworkSettings,
  onTunnel: (tunnel: Tunnel) => void,
): Promise<HttpsAgent> {
  // Said outright, since NODE_TLS_REJECT_UNAUTHORIZED=0, which a job may have set for another program, would let anyone have the token.
  const trust = { rejectUnauthorized: true, ...(trustedRoots === undefined ? {} : { ca: trustedRoots }) };
  if (proxy === undefined) return new HttpsAgent(trust);
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  const agent = new HttpsProxyAgent(proxy, trust);
  // What its constructor takes is for the connection to the proxy only; this is for the one through it.
  Object.assign(agent.options, trust);
  agent.on('proxyConnect', (answer: Pick<IncomingMessage, 'statusCode'>) => {
    onTunnel(answer.statusCode === 200 ? 'open' : { refusedWith: answer.statusCode ?? 0 });
  });
  // The types part ways: the proxy's agent makes TLS sockets itself and so extends the plain one, which is all that is asked for.
  return agent as HttpAgent as HttpsAgent;
}
