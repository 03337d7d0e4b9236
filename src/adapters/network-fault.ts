import type { NetworkFault } from '../world/sts.ts';

/** How far a request's way through a proxy had come: `direct` without one. */
export type Tunnel = 'direct' | 'wanted' | 'open' | { readonly refusedWith: number };

/** The parts of a Node error that tell what broke; everything else in it (options, headers, bodies) is left alone. */
interface ErrorParts {
  readonly name: string;
  readonly code: string | undefined;
  readonly address: string | undefined;
  readonly port: number | undefined;
  readonly hostname: string | undefined;
  readonly reason: string | undefined;
  /** Where several addresses of one name were tried: what each answered. */
  readonly errors: readonly unknown[];
}

/** Node's names for trouble below HTTP, by what they mean for the user. */
const meanings: readonly (readonly [RegExp, NetworkFault['at']])[] = [
  [/^(ENOTFOUND|EAI_\w+)$/, 'name'],
  [/^(ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM|EAFNOSUPPORT)$/, 'connect'],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT)$/, 'timeout'],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/, 'broken-off'],
  [/^HPE_/, 'not-sts'],
  [/^(EMFILE|ENFILE|ENOMEM|ENOBUFS)$/, 'local'],
  // A server that speaks plain text where TLS is expected; not one of trust, but the remedy is in the same place.
  [
    /^(EPROTO|ERR_SSL_|ERR_TLS_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_EXCEEDED)/,
    'tls',
  ],
];

/**
 * What the network layer's error means. Takes anything that was thrown; gives a fault that holds no part of the request.
 * Until the proxy has opened the tunnel, every trouble but time-outs and this machine's own is the proxy's.
 */
export function networkFaultOf(error: unknown, tunnel: Tunnel): NetworkFault {
  const parts = partsOf(error);
  if (typeof tunnel === 'object') {
    return { at: 'proxy', detail: `HTTP ${tunnel.refusedWith}`, code: undefined, status: tunnel.refusedWith };
  }
  const at = placeOf(parts);
  return {
    at: tunnel === 'wanted' && at !== 'timeout' && at !== 'local' ? 'proxy' : at,
    // The proxy's agent gives an error without a code where the proxy hangs up, or answers with what is not HTTP.
    detail:
      tunnel === 'wanted' && at === 'unknown' && parts.code === undefined ? 'no answer to CONNECT' : detailOf(parts),
    code: parts.code,
    status: undefined,
  };
}

function placeOf({ name, code }: ErrorParts): NetworkFault['at'] {
  // The code goes first: the SDK's handler also calls a connection that was reset a TimeoutError.
  if (code !== undefined) return meanings.find(([pattern]) => pattern.test(code))?.[1] ?? 'unknown';
  return isTimeout({ name }) ? 'timeout' : 'unknown';
}

function isTimeout({ name }: Pick<ErrorParts, 'name'>): boolean {
  return name === 'TimeoutError' || name === 'AbortError';
}

function detailOf(parts: ErrorParts): string {
  if (parts.errors.length > 0) return parts.errors.map((one) => detailOf(partsOf(one))).join(', ');
  const where = parts.address === undefined ? parts.hostname : `${bracketed(parts.address)}:${parts.port ?? '?'}`;
  return [parts.code ?? namelessText(parts), where, parts.reason].filter((part) => part !== undefined).join(' ');
}

// Not by its message, which may quote what was sent.
function namelessText({ name }: ErrorParts): string {
  if (isTimeout({ name })) return 'no answer in time';
  return /^[A-Z][A-Za-z]{2,40}Error$/.test(name) ? `a ${name} without a code` : 'an error without a code';
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function partsOf(error: unknown): ErrorParts {
  const field = (name: string): unknown => (error instanceof Object ? Reflect.get(error, name) : undefined);
  const text = (name: string): string | undefined => {
    const value = field(name);
    return typeof value === 'string' ? value : undefined;
  };
  const codeText = text('code');
  // Codes are words; what is none may be a message, with a part of the request in it.
  const code = codeText !== undefined && /^[A-Z][A-Z0-9_]{1,60}$/.test(codeText) ? codeText : undefined;
  const port = field('port');
  const errors = field('errors');
  return {
    name: text('name') ?? '',
    code,
    address: text('address'),
    port: typeof port === 'number' ? port : undefined,
    hostname: text('hostname'),
    reason: code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? text('reason') : undefined,
    errors: Array.isArray(errors) ? errors : [],
  };
}

/**
 * All bytes of a body. Rejects as soon as there are more than `most`, and ends the connection: an answer that never ends would otherwise
 * take all the memory of the machine before its time is up. Rejects also when the connection breaks off.
 */
export async function boundedBody(body: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > most) throw new Error(`the answer has more than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** The instant that an answer's Date header names; undefined without one, and for one that is no date. */
export function serverTimeOf(header: string | undefined): Date | undefined {
  const date = new Date(header ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
