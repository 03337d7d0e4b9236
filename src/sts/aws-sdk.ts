import { Agent as HttpAgent } from 'node:http';
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityResponse,
  STSClient,
} from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { makeHttpsAgent } from '../adapters/https-agent.ts';
import type { NetworkSettings } from '../adapters/network-settings.ts';
import type { AssumedSession, NetworkFault, StsAttempt, StsRefusal, WebIdentityRequest } from './answer.ts';
import { networkFaultOf, type Tunnel } from './network-fault.ts';

/** How the network is reached; worked out from the environment beforehand, since nothing here reads it. */
export interface Transport extends NetworkSettings {
  /** Named in the request's User-Agent. */
  readonly version: string;
}

/** Milliseconds after which a connection that is not made will not be. */
const CONNECT_TIMEOUT = 3_000;

/** What was seen of one exchange from outside the SDK, which hides it when it stumbles over an answer. */
interface Exchange {
  tunnel: Tunnel;
  status: number | undefined;
  contentType: string | undefined;
  serverTime: Date | undefined;
}

/**
 * One unsigned request, without retries. Gives a fault for whatever the network or STS does; never rejects for it, and nothing it
 * gives holds the token or an answer's body.
 *
 * This module is a script of its own in the executable: it shares no classes with the rest of the program, only data.
 */
export async function assumeRoleWithWebIdentity(
  request: WebIdentityRequest,
  transport: Transport,
): Promise<StsAttempt<AssumedSession>> {
  const exchange: Exchange = {
    tunnel: transport.proxy === undefined ? 'direct' : 'wanted',
    status: undefined,
    contentType: undefined,
    serverTime: undefined,
  };
  const handler = new NodeHttpHandler({
    connectionTimeout: CONNECT_TIMEOUT,
    httpAgent: new HttpAgent(),
    httpsAgent: await makeHttpsAgent(transport, (tunnel) => {
      exchange.tunnel = tunnel;
    }),
  });
  const client = clientOf(request, transport, observed(handler, exchange));
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: request.roleArn,
    RoleSessionName: request.sessionName,
    WebIdentityToken: request.token,
  });
  try {
    const answer = await client.send(command, { abortSignal: AbortSignal.timeout(request.timeout) });
    return grantedOf(answer, exchange);
  } catch (error) {
    return failedOf(error, exchange);
  } finally {
    client.destroy();
  }
}

/** Every setting is given, also where it is the default: what is left out, the SDK looks up in the environment and under `~/.aws`. */
function clientOf(request: WebIdentityRequest, transport: Transport, requestHandler: NodeHttpHandler): STSClient {
  return new STSClient({
    endpoint: request.endpoint.url,
    region: request.endpoint.signingRegion,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    authSchemePreference: [],
    sigv4aSigningRegionSet: [],
    userAgentAppId: '',
    defaultUserAgentProvider: async () => [['sem-aws-login', transport.version]],
    requestHandler,
  });
}

/** The same handler, noting what came back before the SDK reads it. */
function observed(handler: NodeHttpHandler, exchange: Exchange): NodeHttpHandler {
  const handle = handler.handle.bind(handler);
  handler.handle = async (...given) => {
    const outcome = await handle(...given);
    const { statusCode, headers } = outcome.response;
    exchange.status = statusCode;
    exchange.contentType = headers['content-type'];
    exchange.serverTime = dateOf(headers['date']);
    return outcome;
  };
  return handler;
}

function dateOf(header: string | undefined): Date | undefined {
  const date = new Date(header ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function grantedOf(answer: AssumeRoleWithWebIdentityResponse, exchange: Exchange): StsAttempt<AssumedSession> {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  const assumedRoleArn = answer.AssumedRoleUser?.Arn;
  if (!(AccessKeyId && SecretAccessKey && SessionToken && Expiration && assumedRoleArn)) {
    return { kind: 'unreachable', fault: notSts(exchange) };
  }
  const keys = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
  return { kind: 'granted', value: { keys, assumedRoleArn }, serverTime: exchange.serverTime };
}

function failedOf(error: unknown, exchange: Exchange): StsAttempt<never> {
  if (typeof exchange.tunnel === 'object')
    return { kind: 'unreachable', fault: networkFaultOf(error, exchange.tunnel) };
  const refusal = refusalOf(error, exchange);
  if (refusal !== undefined) return { kind: 'refused', refusal, serverTime: exchange.serverTime };
  const fault = networkFaultOf(error, exchange.tunnel);
  const answered = exchange.status !== undefined && fault.at === 'broken-off' && fault.code === undefined;
  return { kind: 'unreachable', fault: answered ? notSts(exchange) : fault };
}

/**
 * The refusal in STS's own words. By the XML's `Code` and not by the SDK's classes, which know seven of them:
 * `AccessDenied` is none.
 */
function refusalOf(error: unknown, exchange: Exchange): StsRefusal | undefined {
  if (!(error instanceof Error) || exchange.status === undefined) return undefined;
  const code: unknown = Reflect.get(error, 'Code');
  if (typeof code !== 'string') return undefined;
  const metadata: unknown = Reflect.get(error, '$metadata');
  const requestId: unknown = metadata instanceof Object ? Reflect.get(metadata, 'requestId') : undefined;
  return {
    code,
    message: error.message,
    status: exchange.status,
    requestId: typeof requestId === 'string' ? requestId : undefined,
  };
}

function notSts(exchange: Exchange): NetworkFault {
  return {
    at: 'not-sts',
    detail: `HTTP ${exchange.status ?? '?'}, ${exchange.contentType ?? 'no content type'}`,
    code: undefined,
    status: exchange.status,
  };
}
