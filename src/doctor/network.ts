import type { TokenClaims } from '../semaphore/claims.ts';
import { clockLeeway } from '../semaphore/token.ts';
import { parsedJson, recordOf } from '../text/json.ts';
import type { NetworkFault, StsEndpoint } from '../world/sts.ts';
import type { Web, WebAnswer } from '../world/world.ts';
import { type Finding, fail, type IssuerProblem, ok, warn } from './finding.ts';

/** What is wrong with a token's issuer before anything is fetched: AWS knows issuers by https only. */
export function checkIssuerName({ iss }: TokenClaims): Finding | undefined {
  if (iss === undefined) return fail('issuer', 5, { kind: 'issuer-missing' });
  if (!iss.startsWith('https://') || !URL.canParse(iss))
    return fail('issuer', 5, { kind: 'issuer-not-https', issuer: iss });
  return undefined;
}

/**
 * Whether the issuer's documents are what AWS needs, and hold the token's key. An issuer that cannot be reached is only worth a
 * warning: AWS fetches the documents itself, from elsewhere.
 */
export function checkIssuer(claims: TokenClaims, documents: IssuerDocuments): Finding {
  const { discoveryUrl, discovery, keysUrl, keys } = documents;
  const wrong = (url: string, problem: IssuerProblem) =>
    fail('issuer', 5, { kind: 'issuer-wrong-answer', url, problem });
  if (discovery.kind === 'unreachable')
    return warn('issuer', { kind: 'issuer-unreachable', url: discoveryUrl, fault: discovery.fault });
  const discoveryProblem = problemOf(discovery) ?? namedOtherwise(discovery.text, claims.iss);
  if (discoveryProblem !== undefined) return wrong(discoveryUrl, discoveryProblem);
  if (keysUrl === undefined || keys === undefined) return wrong(discoveryUrl, { kind: 'no-keys-address' });
  if (keys.kind === 'unreachable')
    return warn('issuer', { kind: 'issuer-unreachable', url: keysUrl, fault: keys.fault });
  const keysProblem = problemOf(keys);
  if (keysProblem !== undefined) return wrong(keysUrl, keysProblem);
  const keyIds = keyIdsOf(keys.text);
  if (keyIds === undefined) return wrong(keysUrl, { kind: 'no-keys' });
  const keyId = claims.kid;
  if (keyId === undefined || keyIds.includes(keyId))
    return ok('issuer', { kind: 'issuer-holds-key', issuer: claims.iss ?? '', keyId });
  return fail('issuer', 5, { kind: 'issuer-lacks-key', url: keysUrl, keyId, keyIds });
}

function problemOf(answer: Extract<WebAnswer, { kind: 'answered' }>): IssuerProblem | undefined {
  if (answer.status !== 200) return { kind: 'status', status: answer.status };
  return parsedJson(answer.text) === undefined ? { kind: 'not-json' } : undefined;
}

// https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation: exactly the same.
function namedOtherwise(discovery: string, iss: string | undefined): IssuerProblem | undefined {
  const issuer = recordOf(parsedJson(discovery))['issuer'];
  if (issuer === iss) return undefined;
  return { kind: 'other-issuer', issuer: typeof issuer === 'string' ? issuer : undefined };
}

function keyIdsOf(text: string): string[] | undefined {
  const keys = recordOf(parsedJson(text))['keys'];
  if (!Array.isArray(keys)) return undefined;
  return keys.map((key: unknown) => recordOf(key)['kid']).filter((kid) => typeof kid === 'string');
}

/** This machine's clock against the Date of an answer of AWS's. */
export function checkClock(now: Date, serverTime: Date | undefined): Finding {
  if (serverTime === undefined) return warn('clock', { kind: 'clock-unknown' });
  const skew = now.getTime() - serverTime.getTime();
  return Math.abs(skew) > clockLeeway
    ? warn('clock', { kind: 'clock-wrong', skew })
    : ok('clock', { kind: 'clock-right', skew });
}

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

/** What to GET to find out whether STS answers: a question that it refuses for want of a signature, in its own XML. */
export function stsQuestionUrl(endpoint: StsEndpoint): string {
  return `${endpoint.url}/?Action=GetCallerIdentity&Version=2011-06-15`;
}

/** Checks that STS answers there. `timeout` is what the request was allowed, in milliseconds. */
export function checkSts(endpoint: StsEndpoint, answer: WebAnswer, timeout: number): Finding {
  const fault = answer.kind === 'unreachable' ? answer.fault : strangerOf(answer);
  if (fault !== undefined) return fail('sts', 6, { kind: 'sts-unreachable-now', url: endpoint.url, fault, timeout });
  const facts = { kind: 'sts-reachable', endpoint } as const;
  return endpoint.isAws ? ok('sts', facts) : warn('sts', facts);
}

function strangerOf({ status, text }: Extract<WebAnswer, { kind: 'answered' }>): NetworkFault | undefined {
  if (text.includes('https://sts.amazonaws.com/doc/')) return undefined;
  return { at: 'not-sts', detail: `HTTP ${status}`, code: undefined, status };
}
