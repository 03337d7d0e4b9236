import { Agent as HttpAgent } from 'node:http';
import {
  type AssumedRoleUser,
  AssumeRole$,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentity$,
  type AssumeRoleWithWebIdentityCommandInput,
  type Credentials,
  errorTypeRegistries,
} from '@aws-sdk/client-sts';
import { AwsQueryProtocol } from '@aws-sdk/core/protocols';
import { HttpRequest, parseUrl } from '@smithy/core/protocols';
import { operation } from '@smithy/core/schema';
import { fromBase64, fromUtf8, toBase64, toUtf8 } from '@smithy/core/serde';
import { NodeHttpHandler, streamCollector } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type {
  HttpRequest as IHttpRequest,
  OperationSchema,
  ResponseMetadata,
  StaticOperationSchema,
} from '@smithy/types';
import type {
  AssumedSession,
  ChainedRequest,
  NetworkFault,
  RoleHop,
  SessionKeys,
  SessionRequest,
  StsAttempt,
  StsRefusal,
  WebIdentityRequest,
} from '../world/sts.ts';
import { makeHttpsAgent } from './https.ts';
import { boundedBody, networkFaultOf, serverTimeOf, type Tunnel } from './network-fault.ts';
import type { NetworkSettings } from './network-settings.ts';
import { Sha256 } from './sha256.ts';

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
  readonly $metadata: ResponseMetadata;
}

/** What was seen of one exchange from outside the SDK, which hides it when it stumbles over an answer. */
interface Exchange {
  tunnel: Tunnel;
  status: number | undefined;
  contentType: string | undefined;
  serverTime: Date | undefined;
}

/** STS's protocol as its service model declares it: https://docs.aws.amazon.com/STS/latest/APIReference/Welcome.html */
const protocol = new AwsQueryProtocol({
  defaultNamespace: 'com.amazonaws.sts',
  errorTypeRegistries,
  version: '2011-06-15',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
});

/** What the protocol asks of whoever uses it. */
const serde = {
  base64Encoder: toBase64,
  base64Decoder: fromBase64,
  utf8Encoder: toUtf8,
  utf8Decoder: fromUtf8,
  streamCollector,
};
protocol.setSerdeContext(serde);

/**
 * One request, unsigned, without retries. Gives a fault for whatever the network or STS does; never rejects for it, and nothing it
 * gives holds the token or an answer's body.
 *
 * Made of the SDK's protocol, signature and network handler, without its client: what a client adds are settings that are looked up,
 * endpoints and retries, which are decided before a request comes here, and which cost a third of the exchange.
 *
 * This module is a script of its own in the executable: it shares no classes with the rest of the program, only data.
 */
export function assumeRoleWithWebIdentity(
  request: WebIdentityRequest,
  transport: Transport,
): Promise<StsAttempt<AssumedSession>> {
  const input: AssumeRoleWithWebIdentityCommandInput = {
    ...sessionParametersOf(request.hop),
    WebIdentityToken: request.token,
  };
  return exchanged(request, transport, AssumeRoleWithWebIdentity$, input, undefined);
}

/** The same for AssumeRole, signed with a session's keys. */
export function assumeRole(request: ChainedRequest, transport: Transport): Promise<StsAttempt<AssumedSession>> {
  const { hop } = request;
  const input: AssumeRoleCommandInput = {
    ...sessionParametersOf(hop),
    ExternalId: hop.externalId,
    SourceIdentity: hop.sourceIdentity,
    Tags: hop.tags.length === 0 ? undefined : hop.tags.map(([Key, Value]) => ({ Key, Value })),
    TransitiveTagKeys: hop.transitiveTags.length === 0 ? undefined : [...hop.transitiveTags],
  };
  return exchanged(request, transport, AssumeRole$, input, request.keys);
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
  call: StaticOperationSchema,
  input: object,
  keys: SessionKeys | undefined,
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
  const inTime = AbortSignal.timeout(request.timeout);
  try {
    const [, namespace, name, traits, inputSchema, outputSchema] = call;
    const schema = operation(namespace, name, traits, inputSchema, outputSchema);
    const httpRequest = await httpRequestOf(request, transport, schema, input, keys);
    const { response } = await handler.handle(new HttpRequest(httpRequest), {
      abortSignal: AbortSignal.timeout(request.timeout),
    });
    exchange.status = response.statusCode;
    exchange.contentType = response.headers['content-type'];
    exchange.serverTime = serverTimeOf(response.headers['date']);
    response.body = await boundedBody(response.body, longestAnswer);
    const answer = await protocol.deserializeResponse<SessionAnswer>(schema, serde, response);
    return grantedOf(answer, exchange);
  } catch (error) {
    // An answer that stops halfway is cut by our own time-out, and would look as if the other side had cut it.
    return failedOf(inTime.aborted ? inTime.reason : error, exchange);
  } finally {
    handler.destroy();
  }
}

async function httpRequestOf(
  { endpoint }: SessionRequest,
  { version }: Transport,
  schema: OperationSchema,
  input: object,
  keys: SessionKeys | undefined,
): Promise<IHttpRequest> {
  const url = new URL(endpoint.url);
  const request = await protocol.serializeRequest(schema, input, { ...serde, endpoint: async () => parseUrl(url) });
  request.headers['host'] = url.host;
  request.headers['user-agent'] = `sem-aws-login/${version}`;
  if (keys === undefined) return request;
  const signature = new SignatureV4({
    service: 'sts',
    region: endpoint.signingRegion,
    credentials: keys,
    sha256: Sha256,
  });
  return await signature.sign(request);
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
  const answered = exchange.status !== undefined && fault.at === 'unknown' && fault.code === undefined;
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
