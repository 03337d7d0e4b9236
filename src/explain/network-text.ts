import type { NetworkFault } from '../sts/answer.ts';
import type { Explanation } from './explanation.ts';

type Told = Pick<Explanation, 'cause' | 'remedies'>;

/** Why a host could not be asked, and what to do. */
export function networkText(fault: NetworkFault): Told {
  const { at, code = '', status } = fault;
  if (at === 'tls') return tlsText(code);
  if (at === 'proxy' && status === 407)
    return {
      cause: 'The proxy named by HTTPS_PROXY wants a user and a password, or other ones.',
      remedies: ['Put them into its address: HTTPS_PROXY=http://USER:PASSWORD@host:port'],
    };
  return texts[at];
}

const texts: Readonly<Record<Exclude<NetworkFault['at'], 'tls'>, Told>> = {
  name: {
    cause: "The host's name is not resolved here: no DNS, no way out, or a region that does not exist.",
    remedies: ['Check --region, and whether this machine resolves other names: getent hosts amazonaws.com'],
  },
  connect: {
    cause: 'Nothing answers there: a firewall, or a network whose way out is a proxy.',
    remedies: ['Set HTTPS_PROXY if there is a proxy, and NO_PROXY for what must not go through it.'],
  },
  proxy: {
    cause: 'The proxy named by HTTPS_PROXY does not let this request through, or does not answer.',
    remedies: ['Check its address and what it allows, or take the host out with NO_PROXY.'],
  },
  timeout: {
    cause: 'No answer came in time: a firewall that drops packets, or a very slow network.',
    remedies: ['Check the way out, HTTPS_PROXY included; --timeout SECONDS gives it longer.'],
  },
  'broken-off': {
    cause: 'The connection ended in the middle of the answer.',
    remedies: ['Run the job again; if it stays, look at the proxy or firewall on the way.'],
  },
  'not-sts': {
    cause: 'What answered is not STS: a proxy, a captive portal, or a leftover AWS_ENDPOINT_URL.',
    remedies: ['Check AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL and HTTPS_PROXY.'],
  },
};

function tlsText(code: string): Told {
  if (/^CERT_(?:NOT_YET_VALID|HAS_EXPIRED)$/.test(code))
    return {
      cause: "Its certificate is not valid by this machine's clock, which is most likely wrong.",
      remedies: ["Set the machine's clock (NTP)."],
    };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      cause: "Its certificate is another host's: something between here and there answers in its place.",
      remedies: ['Check AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, the DNS and the proxy.'],
    };
  if (/^(?:EPROTO|ERR_SSL_)/.test(code))
    return {
      cause: 'What answers there does not speak TLS, or not as AWS does: a proxy, or a port of something else.',
      remedies: ['Check AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL and HTTPS_PROXY.'],
    };
  return {
    cause: 'Its certificate is not trusted here: often a proxy that opens TLS with a certificate of its own.',
    remedies: [
      "Name the certificates to trust, such as the system's own on Debian and Ubuntu: AWS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt",
    ],
  };
}
