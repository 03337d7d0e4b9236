import { Failure } from '../failure.ts';
import { redactAddress } from '../text/quote.ts';
import type { Environment } from '../world/world.ts';
import { readCaBundle, rejectExtraRootsThatBlock } from './ca-bundle.ts';

/** Proxy and certificates for one URL. */
export interface NetworkSettings {
  readonly proxy: URL | undefined;
  /**
   * The PEM text of `AWS_CA_BUNDLE`, which replaces Node's roots. Node reads `NODE_EXTRA_CA_CERTS`.
   */
  readonly trustedRoots: string | undefined;
}

/**
 * Reads proxy and certificates for a URL from the environment. Throws `Failure` if one is invalid.
 */
export function networkSettingsOf(environment: Environment, url: string): NetworkSettings {
  if (url.startsWith('https:')) rejectExtraRootsThatBlock(environment);
  return {
    proxy: proxyOf(environment, url),
    trustedRoots: url.startsWith('https:') ? readCaBundle(environment, 'AWS_CA_BUNDLE') : undefined,
  };
}

/**
 * Returns the proxy for a URL: `https_proxy` or `HTTPS_PROXY`, unless `no_proxy` or `NO_PROXY`
 * matches the host. Plain http, for this machine only, bypasses proxies, which could read the
 * token.
 *
 * Throws `value-invalid`, without the password, if the proxy is not an http or https URL. A missing
 * scheme means http, as in curl.
 */
export function proxyOf(environment: Environment, url: string): URL | undefined {
  const target = new URL(url);
  const variable = ['https_proxy', 'HTTPS_PROXY'].find((name) => environment[name]);
  if (target.protocol !== 'https:' || variable === undefined) return undefined;
  if (isExempt(environment['no_proxy'] || environment['NO_PROXY'] || '', target)) return undefined;
  return parseProxy(variable, environment[variable] ?? '');
}

function parseProxy(variable: string, value: string): URL {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  const refuse = (problem: string, remedy: string) =>
    new Failure({ kind: 'value-invalid', source: variable, value: redactAddress(value), problem, remedy });
  if (proxy === undefined || !['http:', 'https:'].includes(proxy.protocol) || proxy.hostname === '')
    throw refuse(
      'it is not the URL of an http or https proxy',
      `give ${variable} as http://host:port, with a user as http://user:password@host:port, or unset it`,
    );
  // "http://me:12/34@host" is a URL with the host "me": an error about it would show the password.
  if (`${proxy.pathname}${proxy.search}${proxy.hash}`.includes('@'))
    throw refuse(
      'it has a "/", "?" or "#" before its "@", where the host of a URL ends',
      'write a "/" of the password as "%2F", a "?" as "%3F", a "#" as "%23"',
    );
  if (!hasDecodableUser(proxy))
    throw refuse(
      'its user name or password has a "%" that does not begin an escaped character',
      'write each "%" of the password as "%25"',
    );
  return proxy;
}

/** `URL` allows any `%`, but decoding the user name or password would throw while connecting. */
function hasDecodableUser({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username}:${password}`);
    return true;
  } catch {
    return false;
  }
}

/**
 * An entry is `*` or a domain with its subdomains. A leading `.` or `*.` and a port are optional.
 */
function isExempt(noProxy: string, target: URL): boolean {
  const host = target.hostname.toLowerCase();
  const port = target.port || '443';
  return noProxy
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name = '', onlyPort] = /^(.*?)(?::(\d+))?$/.exec(withBrackets(entry.toLowerCase())) ?? [];
      if (onlyPort !== undefined && onlyPort !== port) return false;
      const domain = name.replace(/^\*?\./, '');
      return domain === '*' || host === domain || (domain !== '' && host.endsWith(`.${domain}`));
    });
}

/** Else the last group of a bare IPv6 address would count as a port. */
function withBrackets(entry: string): string {
  return /^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*$/.test(entry) ? `[${entry}]` : entry;
}
