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
import { makeHttpsAgent, readBody, serverTimeOf } from './https.ts';
import { networkFaultOf, type Tunnel } from './network-fault.ts';
import type { NetworkSettings } from './network-settings.ts';
import { Sha256 } from './sha256.ts';

export interface Transport extends NetworkSettings {
  readonly version: string;
}

const connectTimeout = 3_000;

/** In bytes. STS's responses have a few thousand. */
const longestAnswer = 1_000_000;

interface SessionAnswer {
  readonly Credentials?: Credentials | undefined;
  readonly AssumedRoleUser?: AssumedRoleUser | undefined;
  readonly $metadata: ResponseMetadata;
}

/** Facts that the SDK hides when it cannot parse a response. */
interface Exchange {
  tunnel: Tunnel;
  status: number | undefined;
  contentType: string | undefined;
  serverTime: Date | undefined;
  body: Uint8Array | undefined;
}

/**
 * STS's protocol, from its service model:
 * https://docs.aws.amazon.com/STS/latest/APIReference/Welcome.html
 */
const protocol = new AwsQueryProtocol({
  defaultNamespace: 'com.amazonaws.sts',
  errorTypeRegistries,
  version: '2011-06-15',
  xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
});

const serde = {
  base64Encoder: toBase64,
  base64Decoder: fromBase64,
  utf8Encoder: toUtf8,
  utf8Decoder: fromUtf8,
  streamCollector,
};
protocol.setSerdeContext(serde);

/**
 * Sends one unsigned request, without retries. Returns errors of the network or STS, never with the
 * token or a response body.
 *
 * Uses the SDK's protocol, signature and network handler, not its client, which takes a third of
 * the exchange's time. The executable loads this module as a separate script: it shares data with
 * the program, but no classes.
 */
export function assumeRoleWithWebIdentity(
  request: WebIdentityRequest,
  transport: Transport,
): Promise<StsAttempt<AssumedSession>> {
  const input: AssumeRoleWithWebIdentityCommandInput = {
    ...sessionParametersOf(request.hop),
    WebIdentityToken: request.token,
  };
  return exchangeWithSts(request, transport, AssumeRoleWithWebIdentity$, input, undefined);
}

/** Like `assumeRoleWithWebIdentity`, signed with a session's keys. */
export function assumeRole(request: ChainedRequest, transport: Transport): Promise<StsAttempt<AssumedSession>> {
  const { hop } = request;
  const input: AssumeRoleCommandInput = {
    ...sessionParametersOf(hop),
    ExternalId: hop.externalId,
    SourceIdentity: hop.sourceIdentity,
    Tags: hop.tags.length === 0 ? undefined : hop.tags.map(([Key, Value]) => ({ Key, Value })),
    TransitiveTagKeys: hop.transitiveTags.length === 0 ? undefined : [...hop.transitiveTags],
  };
  return exchangeWithSts(request, transport, AssumeRole$, input, request.keys);
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

async function exchangeWithSts(
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
    body: undefined,
  };
  const handler = new NodeHttpHandler({
    connectionTimeout: connectTimeout,
    httpAgent: new HttpAgent(),
    httpsAgent: await makeHttpsAgent(transport, (tunnel) => {
      exchange.tunnel = tunnel;
    }),
  });
  const deadline = AbortSignal.timeout(request.timeout);
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
    exchange.body = await readBody(response.body, longestAnswer);
    response.body = exchange.body;
    const answer = await protocol.deserializeResponse<SessionAnswer>(schema, serde, response);
    return toGranted(answer, exchange);
  } catch (error) {
    // If our time-out cuts off a response, the error looks like a closed connection.
    return toFailed(deadline.aborted ? deadline.reason : error, exchange);
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

function toGranted(answer: SessionAnswer, exchange: Exchange): StsAttempt<AssumedSession> {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {};
  const assumedRoleArn = answer.AssumedRoleUser?.Arn;
  if (!(AccessKeyId && SecretAccessKey && SessionToken && Expiration && assumedRoleArn)) {
    return { kind: 'unreachable', fault: notSts(exchange) };
  }
  // A line break in a key would add a line to an env file.
  if (![AccessKeyId, SecretAccessKey, SessionToken].every((text) => /^[\x21-\x7e]+$/.test(text)))
    return { kind: 'unreachable', fault: notSts(exchange, 'keys with spaces or control characters') };
  if (Expiration <= (exchange.serverTime ?? new Date()))
    return { kind: 'unreachable', fault: notSts(exchange, 'keys that have expired') };
  const keys = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
  return { kind: 'granted', value: { keys, assumedRoleArn }, serverTime: exchange.serverTime };
}

function toFailed(error: unknown, exchange: Exchange): StsAttempt<never> {
  // Before a response, these are bugs of this program or its bundle.
  if (exchange.status === undefined && (error instanceof TypeError || error instanceof ReferenceError)) throw error;
  if (typeof exchange.tunnel === 'object')
    return { kind: 'unreachable', fault: networkFaultOf(error, exchange.tunnel) };
  const refusal = refusalOf(error, exchange) ?? plainRefusalOf(exchange);
  if (refusal !== undefined) return { kind: 'refused', refusal, serverTime: exchange.serverTime };
  const fault = networkFaultOf(error, exchange.tunnel);
  const answered = exchange.status !== undefined && fault.at === 'unknown' && fault.code === undefined;
  return { kind: 'unreachable', fault: answered ? notSts(exchange) : fault };
}

/**
 * Reads a refusal by the XML's `Code`: the SDK has classes for seven codes, without `AccessDenied`.
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

/** Reads Ceph's refusals, whose XML has `<Error>` as its root. The SDK expects an envelope. */
function plainRefusalOf({ status, body }: Exchange): StsRefusal | undefined {
  if (status === undefined || status < 400 || body === undefined) return undefined;
  const xml = toUtf8(body);
  if (!/^\s*(?:<\?xml[^>]*\?>\s*)?<(?:\w+:)?Error[\s>]/.test(xml)) return undefined;
  const textOf = (name: string) => new RegExp(`<(?:\\w+:)?${name}>([^<]*)</`).exec(xml)?.[1];
  const code = textOf('Code');
  if (code === undefined || !/^[A-Za-z][\w.]{0,63}$/.test(code)) return undefined;
  return { code, message: decodeEntities(textOf('Message') ?? ''), status, requestId: textOf('RequestId') };
}

function decodeEntities(text: string): string {
  const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(\w+);/g, (whole, name: string) => characters[name] ?? whole);
}

function notSts(exchange: Exchange, what = exchange.contentType ?? 'no content type'): NetworkFault {
  return {
    at: 'not-sts',
    detail: `HTTP ${exchange.status ?? '?'}, ${what}`,
    code: undefined,
    status: exchange.status,
  };
}
