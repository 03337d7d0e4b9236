import type { Agent as HttpAgent, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Tunnel } from '../sts/network-fault.ts';
import type { NetworkSettings } from './network-settings.ts';

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
