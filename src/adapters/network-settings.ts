import { Failure } from '../failure.ts';
import { redactAddress } from '../text/quote.ts';
import type { Environment } from '../world/world.ts';
import { readCaBundle } from './ca-bundle.ts';

/** How a host is reached from here. */
export interface NetworkSettings {
  readonly proxy: URL | undefined;
  /** Certificates (PEM) to trust instead of Node's own, as `AWS_CA_BUNDLE` names them for the AWS CLI; `NODE_EXTRA_CA_CERTS` is Node's affair. */
  readonly trustedRoots: string | undefined;
}

/** The proxy and the certificates that the environment names for this URL. Throws `Failure` where they make no sense. */
export function networkSettingsOf(environment: Environment, url: string): NetworkSettings {
  return {
    proxy: proxyOf(environment, url),
    trustedRoots: url.startsWith('https:') ? readCaBundle(environment, 'AWS_CA_BUNDLE') : undefined,
  };
}

/**
 * The proxy that a request to this URL goes through: `https_proxy` or `HTTPS_PROXY`, unless `no_proxy` or `NO_PROXY` names
 * the host. Plain http is only ever spoken with this machine itself and never through a proxy, which would read the token.
 *
 * Throws `Failure` `value-invalid`, which shows no password, for a proxy that is not an http or https URL (without scheme it is taken
 * as http, as curl does).
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
  // "http://me:12/34@host" is a URL, of the host "me"; what is then told of that host would tell a part of the password.
  if (`${proxy.pathname}${proxy.search}${proxy.hash}`.includes('@'))
    throw refuse(
      'it has a "/", "?" or "#" before its "@", where the host of a URL ends',
      'write a "/" of the password as "%2F", a "?" as "%3F", a "#" as "%23"',
    );
  if (!hasReadableUser(proxy))
    throw refuse(
      'its user name or password has a "%" that does not begin an escaped character',
      'write each "%" of the password as "%25"',
    );
  return proxy;
}

/** Whether user name and password can be sent: `URL` takes any `%`, and who decodes it later throws in the middle of connecting. */
function hasReadableUser({ username, password }: URL): boolean {
  try {
    decodeURIComponent(`${username}:${password}`);
    return true;
  } catch {
    return false;
  }
}

/** An entry is `*`, or a domain that also stands for all below it (with or without `.` or `*.` before it), with or without a port. */
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

/** A bare IPv6 address would otherwise lose its last group as a port. */
function withBrackets(entry: string): string {
  return /^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*$/.test(entry) ? `[${entry}]` : entry;
}
