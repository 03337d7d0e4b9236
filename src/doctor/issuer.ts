import { faultText } from '../explain/sts-request.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import { parsedJson, recordOf } from '../text/json.ts';
import { joinWords, printable, quote } from '../text/quote.ts';
import type { NetworkFault } from '../world/sts.ts';
import type { Web, WebAnswer } from '../world/world.ts';
import { type FindingOf, makeFindings } from './finding.ts';

interface MissingKeyFacts {
  readonly url: string;
  readonly keyId: string | undefined;
  readonly keyIds: readonly string[];
}

/** A problem of a document that the issuer serves. */
type IssuerProblem =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'other-issuer'; readonly issuer: string | undefined }
  | { readonly kind: 'no-keys-address' }
  | { readonly kind: 'no-keys' };

/** The check of the token's issuer: its name, and the documents that AWS fetches to verify a token. */
export const issuerFindings = makeFindings('issuer', {
  'issuer-holds-key': ({ issuer, keyId }: { readonly issuer: string; readonly keyId: string | undefined }) => ({
    headline: `${printable(issuer)} serves its keys${keyId === undefined ? '; the token does not name one' : ', with the key of the token'}`,
  }),
  'issuer-missing': () => ({
    headline: 'The token has no issuer',
    cause: 'AWS finds the identity provider by the issuer. Tokens of Semaphore always have one.',
    remedies: ['Check where the token comes from.'],
  }),
  'issuer-not-https': ({ issuer }: { readonly issuer: string }) => ({
    headline: `The issuer ${quote(issuer)} is not an https URL`,
    cause: 'AWS accepts https only. The issuer of Semaphore is an https URL.',
    remedies: ['Check where the token comes from.'],
  }),
  'issuer-unreachable': ({ url, fault }: { readonly url: string; readonly fault: NetworkFault }) => ({
    headline: `This machine cannot reach the issuer: ${faultText(fault)}`,
    cause: `AWS itself fetches ${printable(url)}, so a login can still work.`,
    remedies: ['If STS says "Couldn\'t retrieve verification key", AWS cannot reach the issuer either.'],
  }),
  'issuer-wrong-answer': ({ url, problem }: { readonly url: string; readonly problem: IssuerProblem }) => ({
    headline: `${printable(url)} ${problemText(problem)}`,
    cause:
      'AWS fetches this document to verify the token. If it cannot, it says "Couldn\'t retrieve verification key".',
    remedies: ["Check that the URL is the organization's and open to the internet. Ask who runs this Semaphore."],
  }),
  'issuer-lacks-key': ({ url, keyId, keyIds }: MissingKeyFacts) => ({
    headline: `${printable(url)} does not have the token's key`,
    cause: 'The keys have changed since the token was issued, or another issuer made the token.',
    known: [
      ['token', printable(keyId ?? 'none')],
      ['issuer', keyIds.length === 0 ? 'none' : joinWords(keyIds.map((id) => printable(id)))],
    ] as const,
    remedies: ['Run the job again for a new token.'],
  }),
});

/** Checks that the issuer is an https URL, as AWS requires. Returns undefined if it is. */
export function checkIssuerName({ iss }: TokenClaims): FindingOf<typeof issuerFindings> | undefined {
  if (iss === undefined) return issuerFindings.fail(5, 'issuer-missing');
  if (!iss.startsWith('https://') || !URL.canParse(iss))
    return issuerFindings.fail(5, 'issuer-not-https', { issuer: iss });
  return undefined;
}

/** The issuer's documents, as fetched from this machine. */
export interface IssuerDocuments {
  readonly discoveryUrl: string;
  readonly discovery: WebAnswer;
  readonly keysUrl: string | undefined;
  readonly keys: WebAnswer | undefined;
}

/** Fetches the discovery document of an issuer (https) and the keys that it links to, as AWS does. */
export async function fetchIssuerDocuments(issuer: string, web: Web, timeout: number): Promise<IssuerDocuments> {
  const discoveryUrl = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const discovery = await web.get(discoveryUrl, timeout);
  const address = discovery.kind === 'answered' ? recordOf(parsedJson(discovery.text))['jwks_uri'] : undefined;
  const keysUrl =
    typeof address === 'string' && address.startsWith('https://') && URL.canParse(address) ? address : undefined;
  const keys = keysUrl === undefined ? undefined : await web.get(keysUrl, timeout);
  return { discoveryUrl, discovery, keysUrl, keys };
}

/**
 * Checks that the issuer's documents are valid for AWS and contain the token's key. If this machine cannot reach the issuer,
 * that is only a warning: AWS fetches the documents itself.
 */
export function checkIssuer(claims: TokenClaims, documents: IssuerDocuments): FindingOf<typeof issuerFindings> {
  const { discoveryUrl, discovery, keysUrl, keys } = documents;
  const wrong = (url: string, problem: IssuerProblem) =>
    issuerFindings.fail(5, 'issuer-wrong-answer', { url, problem });
  if (discovery.kind === 'unreachable')
    return issuerFindings.warn('issuer-unreachable', { url: discoveryUrl, fault: discovery.fault });
  const discoveryProblem = documentProblemOf(discovery) ?? issuerProblemOf(discovery.text, claims.iss);
  if (discoveryProblem !== undefined) return wrong(discoveryUrl, discoveryProblem);
  if (keysUrl === undefined || keys === undefined) return wrong(discoveryUrl, { kind: 'no-keys-address' });
  if (keys.kind === 'unreachable')
    return issuerFindings.warn('issuer-unreachable', { url: keysUrl, fault: keys.fault });
  const keysProblem = documentProblemOf(keys);
  if (keysProblem !== undefined) return wrong(keysUrl, keysProblem);
  const keyIds = keyIdsOf(keys.text);
  if (keyIds === undefined) return wrong(keysUrl, { kind: 'no-keys' });
  const keyId = claims.kid;
  if (keyId === undefined || keyIds.includes(keyId))
    return issuerFindings.ok('issuer-holds-key', { issuer: claims.iss ?? '', keyId });
  return issuerFindings.fail(5, 'issuer-lacks-key', { url: keysUrl, keyId, keyIds });
}

function documentProblemOf(answer: Extract<WebAnswer, { kind: 'answered' }>): IssuerProblem | undefined {
  if (answer.status !== 200) return { kind: 'status', status: answer.status };
  return parsedJson(answer.text) === undefined ? { kind: 'not-json' } : undefined;
}

// Must be equal: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation
function issuerProblemOf(discovery: string, iss: string | undefined): IssuerProblem | undefined {
  const issuer = recordOf(parsedJson(discovery))['issuer'];
  if (issuer === iss) return undefined;
  return { kind: 'other-issuer', issuer: typeof issuer === 'string' ? issuer : undefined };
}

function keyIdsOf(text: string): string[] | undefined {
  const keys = recordOf(parsedJson(text))['keys'];
  if (!Array.isArray(keys)) return undefined;
  return keys.map((key: unknown) => recordOf(key)['kid']).filter((kid) => typeof kid === 'string');
}

function problemText(problem: IssuerProblem): string {
  switch (problem.kind) {
    case 'status':
      return `answers with HTTP ${problem.status}`;
    case 'not-json':
      return 'does not answer with JSON';
    case 'other-issuer':
      return `has ${problem.issuer === undefined ? 'no issuer' : `another issuer, ${quote(problem.issuer)}`}`;
    case 'no-keys-address':
      return 'has no https URL of the keys (jwks_uri)';
    case 'no-keys':
      return 'has no keys';
  }
}
