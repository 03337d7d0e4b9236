import type * as Client from '../sts/aws-sdk.ts';
import { runAssetScript } from './asset-script.ts';

/** Stands in for `sts/aws-sdk.ts` in the executable, where the SDK is a script of its own that only a request to STS loads. */
export const assumeRoleWithWebIdentity: typeof Client.assumeRoleWithWebIdentity = (request, transport) => {
  // The build makes the script from just that module.
  const client = runAssetScript('sts-client') as typeof Client;
  return client.assumeRoleWithWebIdentity(request, transport);
};
