import type { NetworkFault } from '../world/sts.ts';

/** State of the tunnel through a proxy; `direct` without a proxy. */
export type Tunnel = 'direct' | 'wanted' | 'open' | { readonly refusedWith: number };

/** The parts of a Node error that are reported: no options, headers or bodies. */
interface ErrorParts {
  readonly name: string;
  readonly code: string | undefined;
  readonly address: string | undefined;
  readonly port: number | undefined;
  readonly hostname: string | undefined;
  readonly reason: string | undefined;
  /** The errors of each address, if a name has several. */
  readonly errors: readonly unknown[];
}

const locations: readonly (readonly [RegExp, NetworkFault['at']])[] = [
  [/^(ENOTFOUND|EAI_\w+)$/, 'name'],
  [/^(ECONNREFUSED|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EACCES|EPERM|EAFNOSUPPORT)$/, 'connect'],
  [/^(ETIMEDOUT|ESOCKETTIMEDOUT)$/, 'timeout'],
  [/^(ECONNRESET|ECONNABORTED|EPIPE|ERR_STREAM_PREMATURE_CLOSE)$/, 'broken-off'],
  [/^HPE_/, 'not-sts'],
  [/^(EMFILE|ENFILE|ENOMEM|ENOBUFS)$/, 'local'],
  // Includes servers that do not speak TLS: the remedy is the same.
  [
    /^(EPROTO|ERR_SSL_|ERR_TLS_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_EXCEEDED)/,
    'tls',
  ],
];

/**
 * Classifies any error of the network layer. The result holds no part of the request. Until the
 * tunnel is open, all errors but time-outs and local ones count as the proxy's.
 */
export function networkFaultOf(error: unknown, tunnel: Tunnel): NetworkFault {
  const parts = partsOf(error);
  if (typeof tunnel === 'object') {
    return { at: 'proxy', detail: `HTTP ${tunnel.refusedWith}`, code: undefined, status: tunnel.refusedWith };
  }
  const at = locationOf(parts);
  return {
    at: tunnel === 'wanted' && at !== 'timeout' && at !== 'local' ? 'proxy' : at,
    // An error without a code: the proxy hung up or does not speak HTTP.
    detail:
      tunnel === 'wanted' && at === 'unknown' && parts.code === undefined ? 'no answer to CONNECT' : detailOf(parts),
    code: parts.code,
    status: undefined,
  };
}

function locationOf({ name, code }: ErrorParts): NetworkFault['at'] {
  // The code first: the SDK's handler also names a connection reset TimeoutError.
  if (code !== undefined) return locations.find(([pattern]) => pattern.test(code))?.[1] ?? 'unknown';
  return isTimeout({ name }) ? 'timeout' : 'unknown';
}

function isTimeout({ name }: Pick<ErrorParts, 'name'>): boolean {
  return name === 'TimeoutError' || name === 'AbortError';
}

function detailOf(parts: ErrorParts): string {
  if (parts.errors.length > 0) return parts.errors.map((one) => detailOf(partsOf(one))).join(', ');
  const where = parts.address === undefined ? parts.hostname : `${withBrackets(parts.address)}:${parts.port ?? '?'}`;
  return [parts.code ?? namelessText(parts), where, parts.reason].filter((part) => part !== undefined).join(' ');
}

// Not the message, which can quote the request.
function namelessText({ name }: ErrorParts): string {
  if (isTimeout({ name })) return 'no answer in time';
  return /^[A-Z][A-Za-z]{2,40}Error$/.test(name) ? `a ${name} without a code` : 'an error without a code';
}

function withBrackets(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function partsOf(error: unknown): ErrorParts {
  const field = (name: string): unknown => (error instanceof Object ? Reflect.get(error, name) : undefined);
  const text = (name: string): string | undefined => {
    const value = field(name);
    return typeof value === 'string' ? value : undefined;
  };
  const codeText = text('code');
  // Anything that does not look like a code can be a message with a part of the request.
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
