import { readFileSync } from 'node:fs';
import { Failure } from '../failure.ts';
import { proxyOf } from '../sts/proxy.ts';
import type { Environment } from '../world.ts';

/** How a host is reached from here. */
export interface NetworkSettings {
  readonly proxy: URL | undefined;
  /** Certificates (PEM) to trust instead of Node's own. */
  readonly trustedRoots: string | undefined;
}

/** The proxy and the certificates that the environment names for this URL. Throws `Failure` where they make no sense. */
export function networkSettingsOf(environment: Environment, url: string): NetworkSettings {
  return {
    proxy: proxyOf(environment, url),
    trustedRoots: url.startsWith('https:') ? trustedRootsOf(environment) : undefined,
  };
}

/** `AWS_CA_BUNDLE` stands in place of the roots that are built in, as it does for the AWS CLI. `NODE_EXTRA_CA_CERTS` is Node's own affair. */
function trustedRootsOf(environment: Environment): string | undefined {
  const path = environment['AWS_CA_BUNDLE'];
  if (path === undefined || path === '') return undefined;
  const text = readBundle(path);
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new Failure({ kind: 'ca-bundle-unusable', path, problem: 'It holds no certificate in PEM form' });
}

function readBundle(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new Failure({ kind: 'ca-bundle-unusable', path, problem: `It cannot be read (${code})` });
  }
}
