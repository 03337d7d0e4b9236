import { parsedJson, recordOf } from '../request/json-value.ts';
import type { TokenClaims } from '../token/job-token.ts';
import type { WebAnswer } from '../world.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import type { IssuerProblem } from './finding-facts.ts';
import type { IssuerDocuments } from './issuer-documents.ts';

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
