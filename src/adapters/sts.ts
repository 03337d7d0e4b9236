import { stsEndpointOf } from '../sts/endpoint.ts';
import type { StsAttempt } from '../world/sts.ts';
import type { Environment, Sts } from '../world/world.ts';
import { checkExtraRoots } from './ca-bundle.ts';
import { networkSettingsOf } from './network-settings.ts';

/**
 * STS with this environment's network settings. The SDK is loaded by the first request: most
 * failures come earlier.
 * @param version for the User-Agent
 */
export function makeSts(environment: Environment, version: string): Sts {
  const transportTo = (url: string) => ({ ...networkSettingsOf(environment, url), version });
  const withCaCheck = <T>(attempt: StsAttempt<T>): StsAttempt<T> => {
    if (attempt.kind === 'unreachable') checkExtraRoots(environment, attempt.fault);
    return attempt;
  };
  return {
    endpointOf: (region, partition) => stsEndpointOf(environment, region, partition),
    assumeRoleWithWebIdentity: async (request) => {
      const transport = transportTo(request.endpoint.url);
      const { assumeRoleWithWebIdentity } = await import('./sts-call.ts');
      return withCaCheck(await assumeRoleWithWebIdentity(request, transport));
    },
    assumeRole: async (request) => {
      const transport = transportTo(request.endpoint.url);
      const { assumeRole } = await import('./sts-call.ts');
      return withCaCheck(await assumeRole(request, transport));
    },
  };
}
