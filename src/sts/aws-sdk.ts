import { Agent as HttpAgent } from 'node:http';
import {
  type AssumedRoleUser,
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  STSClient,
} from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { boundedBody } from '../adapters/bounded-body.ts';
import { makeHttpsAgent } from '../adapters/https-agent.ts';
import type { NetworkSettings } from '../adapters/network-settings.ts';
import type { RoleHop } from '../request/role-chain.ts';
import type {
  AssumedSession,
  ChainedRequest,
  NetworkFault,
  SessionKeys,
  SessionRequest,
  StsAttempt,
  StsRefusal,
  WebIdentityRequest,
} from './answer.ts';
import { networkFaultOf, type Tunnel } from './network-fault.ts';
import { serverTimeOf } from './server-time.ts';

/** How the network is reached; worked out from the environment beforehand, since nothing here reads it. */
export interface Transport extends NetworkSettings {
  /** Named in the request's User-Agent. */
  readonly version: string;
}

/** Milliseconds after which a connection that is not made will not be. */
const connectTimeout = 3_000;

/** Bytes of an answer that are read: STS's own have a few thousand. */
const longestAnswer = 1_000_000;

/** What both calls answer alike. */
interface SessionAnswer {
  readonly Credentials?: Credentials | undefined;
  readonly AssumedRoleUser?: AssumedRoleUser | undefined;
}

/** What was seen of one exchange from outside the SDK, which hides it when it stumbles over an answer. */
interface Exchange {
  tunnel: Tunnel;
  status: number | undefined;
  contentType: string | undefined;
  serverTime: Date | undefined;
}

/**
 * One request, unsigned, without retries. Gives a fault for whatever the network or STS does; never rejects for it, and nothing it
 * gives holds the token or an answer's body.
 *
 * This module is a script of its own in the executable: it shares no classes with the rest of the program, only data.
 */
export function assumeRoleWithWebIdentity(
  request: WebIdentityRequest,
  transport: Transport,
): Promise<StsAttempt<AssumedSession>> {
  const command = new AssumeRoleWithWebIdentityCommand({
    ...sessionParametersOf(request.hop),
    WebIdentityToken: request.token,
  });
  return exchanged(request, transport, undefined, (client, options) => client.send(command, options));
}

/** The same for AssumeRole, signed with a session's keys. */
export function assumeRole(request: ChainedRequest, transport: Transport): Promise<StsAttempt<AssumedSession>> {
  const { hop } = request;
  const command = new AssumeRoleCommand({
    ...sessionParametersOf(hop),
    ExternalId: hop.externalId,
    SourceIdentity: hop.sourceIdentity,
    Tags: hop.tags.length === 0 ? undefined : hop.tags.map(([Key, Value]) => ({ Key, Value })),
    TransitiveTagKeys: hop.transitiveTags.length === 0 ? undefined : [...hop.transitiveTags],
  });
  return exchanged(request, transport, request.keys, (client, options) => client.send(command, options));
}

function sessionParametersOf(hop: RoleHop) {
  return {
    RoleArn: hop.roleArn,
    RoleSessionName: hop.sessionName,
    DurationSeconds: hop.durationSeconds,
    Policy: hop.policy,
    PolicyArns: hop.policyArns.length === 0 ? undefined : hop.policyArns.map((arn) => ({ arn })),
  };
}

async function exchanged(
  request: SessionRequest,
  transport: Transport,
  keys: SessionKeys | undefined,
  send: (client: STSClient, options: { abortSignal: AbortSignal }) => Promise<SessionAnswer>,
): Promise<StsAttempt<AssumedSession>> {
  const exchange: Exchange = {
    tunnel: transport.proxy === undefined ? 'direct' : 'wanted',
    status: undefined,
    contentType: undefined,
    serverTime: undefined,
  };
  const handler = new NodeHttpHandler({
    connectionTimeout: connectTimeout,
    httpAgent: new HttpAgent(),
    httpsAgent: await makeHttpsAgent(transport, (tunnel) => {
      exchange.tunnel = tunnel;
    }),
  });
  const client = clientOf(request, transport, keys, observed(handler, exchange));
  try {
    return grantedOf(await send(client, { abortSignal: AbortSignal.timeout(request.timeout) }), exchange);
  } catch (error) {
    return failedOf(error, exchange);
  } finally {
    client.destroy();
  }
}

/** Every setting is given, also where it is the default: what is left out, the SDK looks up in the environment and under `~/.aws`. */
function clientOf(
  request: SessionRequest,
  transport: Transport,
  keys: SessionKeys | undefined,
  requestHandler: NodeHttpHandler,
): STSClient {
  return new STSClient({
    endpoint: request.endpoint.url,
    region: request.endpoint.signingRegion,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    authSchemePreference: [],
    disableClockSkewCorrection: false,
    sigv4aSigningRegionSet: [],
    userAgentAppId: '',
    defaultUserAgentProvider: async () => [['sem-aws-login', transport.version]],
    requestHandler,
    ...(keys === undefined ? {} : { credentials: keys }),
  });
}

/** The same handler, noting what came back before the SDK reads it, and no more of it than an answer can have. */
function observed(handler: NodeHttpHandler, exchange: Exchange): NodeHttpHandler {
  const handle = handler.handle.bind(handler);
  handler.handle = async (...given) => {
    const outcome = await handle(...given);
    const { statusCode, headers } = outcome.response;
    exchange.status = statusCode;
    exchange.contentType = headers['content-type'];
    exchange.serverTime = serverTimeOf(headers['date']);
    outcome.response.body = boundedBody(outcome.response.body, longestAnswer);
    return outcome;
  };
  return handler;
}

function grantedOf(answer: SessionAnswer, exchange: Exchange): StsAttempt<AssumedSession> {
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
  // Before any answer these are mistakes in this program or in how it is bundled, and nothing that a network does.
  if (exchange.status === undefined && (error instanceof TypeError || error instanceof ReferenceError)) throw error;
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
