import type { Explanation } from '../text/explanation.ts';
import type { NetworkFault } from '../world/sts.ts';

type Advice = Pick<Explanation, 'cause' | 'remedies'>;

/**
 * Returns why STS gave no usable answer, as far as the fault shows, and what to do.
 * `timeout` is the request's, in milliseconds.
 */
export function networkAdvice(fault: NetworkFault, timeout: number): Advice {
  switch (fault.at) {
    case 'tls':
      return tlsAdvice(fault.code ?? '');
    case 'proxy':
      return proxyAdvice(fault.status);
    case 'timeout':
      return timeoutAdvice(timeout);
    default:
      return networkText[fault.at];
  }
}

const checkEndpoint = 'Check AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL and HTTPS_PROXY.';

const networkText: Readonly<Record<Exclude<NetworkFault['at'], 'tls' | 'proxy' | 'timeout'>, Advice>> = {
  name: {
    cause: "The host's name is not resolved here: no DNS, no way out, or a region that does not exist.",
    remedies: ['Check --region, and whether this machine resolves other names.'],
  },
  connect: {
    cause: 'Nothing answers there: a firewall, or a network whose way out is a proxy.',
    remedies: ['Set HTTPS_PROXY if there is a proxy, and NO_PROXY for what must not go through it.'],
  },
  'broken-off': {
    cause: 'The connection was closed before the whole answer had come.',
    remedies: ['Run the job again; if it stays, look at the proxy or firewall on the way.'],
  },
  local: {
    cause: 'This machine gives no more of what a connection takes: files open at once, or memory.',
    remedies: [
      'Look at the limit, "ulimit -n", and at what else runs here and keeps files open; then run the job again.',
    ],
  },
  unknown: {
    cause: 'Asking failed in a way that is not known here; the message is not shown, since it may quote the request.',
    remedies: ['Run the job again; if it stays, look at the proxy or firewall on the way.'],
  },
  'not-sts': {
    cause: 'What answered is not STS: a proxy, a captive portal, or a leftover AWS_ENDPOINT_URL.',
    remedies: [checkEndpoint],
  },
};

function timeoutAdvice(timeout: number): Advice {
  return {
    cause: 'No answer came in time: a firewall that drops packets, or a very slow network.',
    remedies: [
      `Set HTTPS_PROXY if there is a proxy, and check the firewall; --timeout SECONDS gives it longer (now ${timeout / 1000}).`,
    ],
  };
}

// The codes are Node's names for https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
function tlsAdvice(code: string): Advice {
  switch (code) {
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return {
        cause: 'What answers there does not speak TLS: another service, or a plain http address written as https.',
        remedies: [checkEndpoint],
      };
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return {
        cause: "Its certificate has expired or is not valid yet, or this machine's clock is wrong.",
        remedies: [
          'Compare the clock: date -u',
          "If the clock is right, the host's administrator must renew the certificate.",
        ],
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        cause: 'Its certificate is for another host: a proxy, or an address that leads somewhere else.',
        remedies: [checkEndpoint],
      };
    default:
      return {
        cause: 'Its certificate is not trusted here: often a proxy that opens TLS with a certificate of its own.',
        remedies: [
          "Name the certificates to trust; these are the system's own on Debian and Ubuntu: AWS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt",
        ],
      };
  }
}

function proxyAdvice(status: number | undefined): Advice {
  const around = 'If this host needs no proxy, take it out: NO_PROXY=.amazonaws.com';
  switch (status) {
    case undefined:
      return {
        cause: 'The proxy that HTTPS_PROXY names does not answer.',
        remedies: ['Check the address in HTTPS_PROXY.', around],
      };
    case 407:
      return {
        cause: 'The proxy that HTTPS_PROXY names requires a user and a password, or rejects those given.',
        remedies: ['Give them in the address: HTTPS_PROXY=http://user:password@host:port', around],
      };
    case 403:
      return {
        cause: 'The proxy that HTTPS_PROXY names does not allow this host.',
        remedies: ["Ask the proxy's administrator to allow it.", around],
      };
    default:
      return {
        cause: 'The proxy that HTTPS_PROXY names could not reach the host.',
        remedies: ["Check --region, and ask the proxy's administrator.", around],
      };
  }
}
