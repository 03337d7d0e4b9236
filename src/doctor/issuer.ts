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

/** What is wrong with a document that the issuer serves. */
type IssuerProblem =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'not-json' }
  | { readonly kind: 'other-issuer'; readonly issuer: string | undefined }
  | { readonly kind: 'no-keys-address' }
  | { readonly kind: 'no-keys' };

/** The check of the token's issuer: its name, and the documents that AWS fetches to verify a token. */
export const issuerFindings = makeFindings('issuer', {
  'issuer-holds-key': ({ issuer, keyId }: { readonly issuer: string; readonly keyId: string | undefined }) => ({
    headline: `${printable(issuer)} serves its keys, ${keyId === undefined ? 'and the token names none of them' : "the token's among them"}`,
  }),
  'issuer-missing': () => ({
    headline: 'The token names no issuer',
    cause: 'AWS finds the identity provider by it.',
    remedies: ['Check where the token comes from: it is not one of Semaphore.'],
  }),
  'issuer-not-https': ({ issuer }: { readonly issuer: string }) => ({
    headline: `The issuer ${quote(issuer)} is not an https URL`,
    cause: 'AWS takes no other.',
    remedies: ['Check where the token comes from; Semaphore serves its issuer by https.'],
  }),
  'issuer-unreachable': ({ url, fault }: { readonly url: string; readonly fault: NetworkFault }) => ({
    headline: `The issuer cannot be asked from here: ${faultText(fault)}`,
    cause: `AWS fetches ${printable(url)} itself, from the internet, so a login may work all the same.`,
    remedies: ['If STS says "Couldn\'t retrieve verification key", the issuer is out of its reach, too.'],
  }),
  'issuer-wrong-answer': ({ url, problem }: { readonly url: string; readonly problem: IssuerProblem }) => ({
    headline: `${printable(url)} ${problemText(problem)}`,
    cause: 'AWS needs it to verify the token, and answers "Couldn\'t retrieve verification key" without.',
    remedies: [
      "Check that it is the organization's own address and open to the internet; ask who runs this Semaphore.",
    ],
  }),
  'issuer-lacks-key': ({ url, keyId, keyIds }: MissingKeyFacts) => ({
    headline: `${printable(url)} lacks the key that the token names`,
    cause: 'The keys were changed since the token was issued, or the token is not of this issuer.',
    known: [
      ['token', printable(keyId ?? 'none')],
      ['issuer', keyIds.length === 0 ? 'none' : joinWords(keyIds.map((id) => printable(id)))],
    ] as const,
    remedies: ['Run the job again for a new token.'],
  }),
});

/** Checks the issuer's name before anything is fetched: AWS accepts https issuers only. Returns undefined if it is valid. */
export function checkIssuerName({ iss }: TokenClaims): FindingOf<typeof issuerFindings> | undefined {
  if (iss === undefined) return issuerFindings.fail(5, 'issuer-missing');
  if (!iss.startsWith('https://') || !URL.canParse(iss))
    return issuerFindings.fail(5, 'issuer-not-https', { issuer: iss });
  return undefined;
}

/** What the issuer serves about its keys, as fetched from this machine. */
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
 * Checks that the issuer's documents are what AWS needs, and contain the token's key. An issuer that this machine cannot reach
 * is only a warning: AWS fetches the documents itself, from elsewhere.
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

// https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfigurationValidation: exactly the same.
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
      return `answers with status ${problem.status}`;
    case 'not-json':
      return 'answers with something that is not JSON';
    case 'other-issuer':
      return `names ${problem.issuer === undefined ? 'no issuer' : `another issuer, ${quote(problem.issuer)}`}`;
    case 'no-keys-address':
      return 'has no https address of the keys (jwks_uri)';
    case 'no-keys':
      return 'has no keys';
  }
}
