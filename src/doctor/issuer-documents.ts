import { parsedJson, recordOf } from '../request/json-value.ts';
import type { Web, WebAnswer } from '../world.ts';

/** What the issuer serves about its keys, as fetched from here. */
export interface IssuerDocuments {
  readonly discoveryUrl: string;
  readonly discovery: WebAnswer;
  readonly keysUrl: string | undefined;
  readonly keys: WebAnswer | undefined;
}

/** Fetches the discovery document of an issuer (https) and the keys that it leads to, as AWS does. */
export async function fetchIssuerDocuments(issuer: string, web: Web, timeout: number): Promise<IssuerDocuments> {
  const discoveryUrl = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const discovery = await web.get(discoveryUrl, timeout);
  const address = discovery.kind === 'answered' ? recordOf(parsedJson(discovery.text))['jwks_uri'] : undefined;
  const keysUrl =
    typeof address === 'string' && address.startsWith('https://') && URL.canParse(address) ? address : undefined;
  const keys = keysUrl === undefined ? undefined : await web.get(keysUrl, timeout);
  return { discoveryUrl, discovery, keysUrl, keys };
}
