import { readFileSync } from 'node:fs';
import { Failure } from '../failure.ts';
import type { Transport } from '../sts/aws-sdk.ts';
import { stsEndpointOf } from '../sts/endpoint.ts';
import { proxyOf } from '../sts/proxy.ts';
import type { Environment, Sts } from '../world.ts';

/**
 * STS as this environment reaches it. The SDK is loaded by the first request, not before: most failures need none.
 *
 * @param version the program's own, for the User-Agent
 */
export function makeSts(environment: Environment, version: string): Sts {
  return {
    endpointOf: (region, partition) => stsEndpointOf(environment, region, partition),
    assumeRoleWithWebIdentity: async (request) => {
      const transport: Transport = {
        proxy: proxyOf(environment, request.endpoint.url),
        trustedRoots: request.endpoint.url.startsWith('https:') ? trustedRootsOf(environment) : undefined,
        version,
      };
      const { assumeRoleWithWebIdentity } = await import('../sts/aws-sdk.ts');
      return assumeRoleWithWebIdentity(request, transport);
    },
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
