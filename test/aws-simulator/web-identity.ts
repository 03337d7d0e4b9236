import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, type JSONWebKeySet } from 'jose';
import { type Accounts, type Provider, providerOf } from './account.ts';
import type { Claims } from './claims.ts';
import { invalidIdentityToken, StsError } from './sts-error.ts';

/** A verified token, which decides the rest of the request. */
export interface WebIdentity {
  readonly provider: Provider;
  readonly subject: string;
  /** The audience of the token that the provider lists. */
  readonly audience: string;
  readonly claims: Claims;
}

const notAToken = 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)';
// Two spaces, as STS writes it. For a wrong signature, a future `nbf` or a missing `sub` the
// messages are our own: AWS's are not public.
const noKey =
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements";

function decodeClaims(token: string): Claims {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) throw invalidIdentityToken(notAToken, 'not three base64url parts');
  try {
    if (decodeProtectedHeader(token).alg !== 'RS256') throw new Error('the algorithm is not RS256');
    return decodeJwt(token);
  } catch (error) {
    throw invalidIdentityToken(notAToken, error instanceof Error ? error.message : String(error));
  }
}

function requiredText(claims: Claims, name: string): string {
  const value = claims[name];
  if (typeof value !== 'string' || value === '') throw invalidIdentityToken(`Missing a required claim: ${name}`);
  return value;
}

function requiredTime(claims: Claims, name: string): number {
  const value = claims[name];
  if (typeof value !== 'number') throw invalidIdentityToken(`Missing a required claim: ${name}`);
  return value;
}

function audienceOf(claims: Claims, provider: Provider): string {
  const audiences = [claims['aud']].flat().filter((audience) => typeof audience === 'string');
  if (audiences.length === 0) throw invalidIdentityToken('Missing a required claim: aud');
  const known = audiences.find((audience) => provider.audiences.includes(audience));
  if (known === undefined) {
    const reason = `the provider lists ${provider.audiences.join(', ')}, the token is for ${audiences.join(', ')}`;
    throw invalidIdentityToken('Incorrect token audience', reason);
  }
  return known;
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

/**
 * Reads the issuer's keys through its discovery document, both from the real address on loopback.
 */
async function fetchKeys(issuer: string, base: string | undefined): Promise<JSONWebKeySet> {
  if (base === undefined) throw new Error(`no server for ${issuer}`);
  // The answers are our own issuer's; a wrong shape fails the checks below.
  const discovery = (await fetchJson(`${base}/.well-known/openid-configuration`)) as Claims;
  if (discovery['issuer'] !== issuer) throw new Error(`the discovery document names ${discovery['issuer']}`);
  const keysUrl = discovery['jwks_uri'];
  if (typeof keysUrl !== 'string') throw new Error('the discovery document has no jwks_uri');
  return (await fetchJson(keysUrl.replace(issuer, base))) as JSONWebKeySet;
}

async function verifySignature(token: string, issuer: string, base: string | undefined): Promise<void> {
  const keys = await fetchKeys(issuer, base).catch((error: unknown) => {
    throw invalidIdentityToken(noKey, String(error));
  });
  try {
    await compactVerify(token, createLocalJWKSet(keys), { algorithms: ['RS256'] });
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) throw invalidIdentityToken(noKey, 'no key has the kid of the token');
    throw invalidIdentityToken('The web identity token that was passed could not be validated', String(error));
  }
}

function verifyTimes(claims: Claims, now: number): void {
  const expiry = requiredTime(claims, 'exp');
  if (now >= expiry) {
    const message = `Token expired: current date/time ${now} must be before the expiration date/time ${expiry}`;
    throw new StsError('ExpiredTokenException', 400, message);
  }
  const start = claims['nbf'];
  if (typeof start === 'number' && now < start) {
    throw invalidIdentityToken(`Token is not valid yet: current date/time ${now}, not before ${start}`);
  }
}

/**
 * Verifies a token as STS does before it reads the role: form, issuer, audience, signature and
 * validity. `now` is in seconds. Throws a {@link StsError}.
 */
export async function verifyWebIdentity(
  token: string,
  account: string,
  accounts: Accounts,
  discovery: ReadonlyMap<string, string>,
  now: number,
): Promise<WebIdentity> {
  const claims = decodeClaims(token);
  const issuer = requiredText(claims, 'iss');
  const provider = providerOf(accounts, issuer, account);
  if (provider === undefined) {
    throw invalidIdentityToken(`No OpenIDConnect provider found in your account for ${issuer}`);
  }
  const audience = audienceOf(claims, provider);
  await verifySignature(token, issuer, discovery.get(issuer));
  verifyTimes(claims, now);
  return { provider, audience, subject: requiredText(claims, 'sub'), claims };
}
