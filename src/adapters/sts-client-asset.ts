import { runAssetScript } from './asset-script.ts';
import type * as Client from './sts-call.ts';

// Stands in for `sts/aws-sdk.ts` in the executable, where the SDK is a script of its own that only a request to STS loads.

/** As in `sts/aws-sdk.ts`. */
export const assumeRoleWithWebIdentity: typeof Client.assumeRoleWithWebIdentity = (request, transport) =>
  load().assumeRoleWithWebIdentity(request, transport);

/** As in `sts/aws-sdk.ts`. */
export const assumeRole: typeof Client.assumeRole = (request, transport) => load().assumeRole(request, transport);

let loaded: typeof Client | undefined;

function load(): typeof Client {
  // The build makes the script from just that module.
  loaded ??= runAssetScript('sts-client') as typeof Client;
  return loaded;
}
