import { proxyOf } from '../sts/proxy.ts';
import type { Environment } from '../world.ts';
import { caBundleOf } from './ca-bundle.ts';

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
    trustedRoots: url.startsWith('https:') ? caBundleOf(environment, 'AWS_CA_BUNDLE') : undefined,
  };
}
