import { knownRegions, similarRegions } from '../aws/known-regions.ts';
import { isRegion } from '../aws/region.ts';
import type { Explanation, Paste } from '../text/explanation.ts';
import { joinWords, printable, quote } from '../text/quote.ts';
import { quoteForBash } from '../text/shell-words.ts';
import type { NetworkFault } from '../world/sts.ts';
import { type GivenLine, stepToRun } from './given-line.ts';
import { compareClocks } from './ways-out.ts';

type Advice = Pick<Explanation, 'cause' | 'remedies' | 'steps'>;

/** The request that got no usable answer. */
interface UnansweredRequest {
  readonly url: string;
  /** Milliseconds that it was allowed to take. */
  readonly timeout: number;
}

/** Returns why STS gave no usable answer, as far as the fault shows, and what to do. */
export function networkAdvice(fault: NetworkFault, request: UnansweredRequest, given?: GivenLine): Advice {
  switch (fault.at) {
    case 'tls':
      return tlsAdvice(fault.code ?? '', request.url);
    case 'proxy':
      return proxyAdvice(fault.status, request.url);
    case 'timeout':
      return timeoutAdvice(request, given);
    case 'name':
      return nameAdvice(request.url, given);
    case 'connect':
      return {
        cause: 'Nothing answers there: a firewall blocks it, or the network needs a proxy.',
        remedies: [setProxy],
        steps: [tryWithCurl('To try it without sem-aws-login:', request.url)],
      };
    case 'broken-off':
      return { cause: 'The connection was closed before the whole answer arrived.', remedies: [checkTheWay] };
    case 'local':
      return {
        cause: 'This machine has no resources left for a connection: open files or memory.',
        remedies: ['Stop what keeps files open, and run the job again.'],
        steps: [{ intro: 'To see the limit of open files:', lines: ['ulimit -n'] }],
      };
    case 'unknown':
      return {
        cause: 'The request failed for an unknown reason. The error is not shown, since it can quote the request.',
        remedies: [checkTheWay],
      };
    case 'not-sts':
      return {
        cause:
          'The answer does not come from STS: a proxy, a captive portal, or an AWS_ENDPOINT_URL that is still set.',
        ...checkEndpoint,
      };
  }
}

function nameAdvice(url: string, given: GivenLine | undefined): Advice {
  const check = tryWithCurl('Check whether this machine resolves the name:', url);
  const region = /^https:\/\/sts(?:-fips)?\.([a-z0-9-]+)\./.exec(url)?.[1] ?? '';
  if (!isRegion(region) || knownRegions.includes(region))
    return {
      cause: "The host's name cannot be resolved here: no DNS, no way out, or a region that does not exist.",
      remedies: ['Check --region.'],
      steps: [check],
    };
  const similar = similarRegions(region);
  const [only, ...others] = similar;
  return {
    cause: `The host's name cannot be resolved. This version of sem-aws-login does not know the region "${region}": it does not exist, or it is newer.`,
    remedies: similar.length === 0 ? ['Check --region.'] : [`Did you mean ${joinWords(similar.map(quote), 'or')}?`],
    steps: [
      ...(only === undefined || others.length > 0
        ? []
        : stepToRun(given, 'Run this instead', { set: { region: only } })),
      check,
    ],
  };
}

const checkTheWay = 'Run the job again. If it fails again, check the proxy or firewall on the way.';
const setProxy = 'If the network has a proxy, set HTTPS_PROXY, and NO_PROXY for hosts that do not need it.';

const checkEndpoint = {
  remedies: ['Check HTTPS_PROXY.'],
  steps: [{ intro: 'If no emulator is wanted, unset:', lines: ['unset AWS_ENDPOINT_URL_STS AWS_ENDPOINT_URL'] }],
};

function timeoutAdvice({ url, timeout }: UnansweredRequest, given: GivenLine | undefined): Advice {
  const seconds = timeout / 1000;
  return {
    cause: `No answer came within ${seconds} s: a firewall drops packets, or the network is very slow.`,
    remedies: [setProxy],
    steps: [
      tryWithCurl('To try it without sem-aws-login:', url),
      ...stepToRun(given, 'To wait longer', { set: { timeout: String(Math.min(300, 4 * seconds)) } }),
    ],
  };
}

function tryWithCurl(intro: string, url: string): Paste {
  return { intro, lines: [`curl -sSI ${quoteForBash(printable(url))}`] };
}

// The codes are Node's names for https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/
function tlsAdvice(code: string, url: string): Advice {
  switch (code) {
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return {
        cause: 'The other side does not speak TLS: another service, or an http address written as https.',
        ...checkEndpoint,
      };
    case 'CERT_HAS_EXPIRED':
    case 'CERT_NOT_YET_VALID':
      return {
        cause: "Its certificate has expired or is not valid yet, or this machine's clock is wrong.",
        remedies: ["If the clock is right, the host's administrator must renew the certificate."],
        steps: [compareClocks('Compare the clocks:')],
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        cause: 'Its certificate is for another host: a proxy, or an address that leads to another server.',
        ...checkEndpoint,
      };
    default:
      return {
        cause: 'Its certificate is not trusted here. Often a proxy opens TLS with a certificate of its own.',
        remedies: [],
        steps: [
          {
            intro: "Name the certificates to trust. The system's own, on Debian and Ubuntu:",
            lines: ['export AWS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt'],
          },
          {
            intro: 'To see who issued the certificate:',
            lines: [`curl -svo /dev/null ${quoteForBash(printable(url))} 2>&1 | grep -i issuer`],
          },
        ],
      };
  }
}

function proxyAdvice(status: number | undefined, url: string): Advice {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  const suffix = /\.(amazonaws\.com(?:\.cn)?)$/.exec(host)?.[1];
  const exempt = suffix === undefined ? host : `.${suffix}`;
  const around: Paste = {
    intro: 'If this host needs no proxy, exempt it:',
    lines: [`export NO_PROXY="\${NO_PROXY:+$NO_PROXY,}${exempt}"`],
  };
  switch (status) {
    case undefined:
      return {
        cause: 'The proxy in HTTPS_PROXY does not answer.',
        remedies: ['Check the address in HTTPS_PROXY.'],
        steps: [around],
      };
    case 407:
      return {
        cause: 'The proxy in HTTPS_PROXY requires a user and a password, or rejects the given ones.',
        remedies: [],
        steps: [
          {
            intro: 'Put them into the address, best from a Semaphore secret:',
            lines: ['export HTTPS_PROXY="http://$PROXY_USER:$PROXY_PASSWORD@proxy.example.com:3128"'],
          },
          around,
        ],
      };
    case 403:
      return {
        cause: 'The proxy in HTTPS_PROXY does not allow this host.',
        remedies: ["Ask the proxy's administrator to allow it."],
        steps: [around],
      };
    default:
      return {
        cause: 'The proxy in HTTPS_PROXY could not reach the host.',
        remedies: ["Check --region, and ask the proxy's administrator."],
        steps: [around],
      };
  }
}
