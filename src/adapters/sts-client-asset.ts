import { runAssetScript } from './asset-script.ts';
import type * as Client from './sts-call.ts';

// Replaces `sts-call.ts` in the executable, where the SDK is an asset that only a request to STS
// loads.

export const assumeRoleWithWebIdentity: typeof Client.assumeRoleWithWebIdentity = (request, transport) =>
  load().assumeRoleWithWebIdentity(request, transport);

export const assumeRole: typeof Client.assumeRole = (request, transport) => load().assumeRole(request, transport);

let loaded: typeof Client | undefined;

function load(): typeof Client {
  // The build bundles `sts-call.ts` as this asset.
  loaded ??= runAssetScript('sts-client') as typeof Client;
  return loaded;
}
