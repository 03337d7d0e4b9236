import { runAssetScript } from './asset-script.ts';
import type * as Client from './sts-call.ts';

// Replaces `sts-call.ts` in the executable: only a request to STS loads the SDK, which is an asset.

export const assumeRoleWithWebIdentity: typeof Client.assumeRoleWithWebIdentity = (request, transport) =>
  load().assumeRoleWithWebIdentity(request, transport);

export const assumeRole: typeof Client.assumeRole = (request, transport) => load().assumeRole(request, transport);

let loaded: typeof Client | undefined;

function load(): typeof Client {
  loaded ??= runAssetScript('sts-client') as typeof Client;
  return loaded;
}
