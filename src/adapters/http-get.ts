import { get as getByHttp, type IncomingMessage } from 'node:http';
import { get as getByHttps } from 'node:https';
import { networkFaultOf, type Tunnel } from '../sts/network-fault.ts';
import { serverTimeOf } from '../sts/server-time.ts';
import type { WebAnswer } from '../world.ts';
import { makeHttpsAgent } from './https-agent.ts';
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
