import { createHash, createHmac, generateKeyPair, type KeyObject, randomUUID, sign } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TlsOptions } from 'node:tls';
import { promisify } from 'node:util';
import { makeSelfSigned } from './certificate.ts';
import { type Claims, claimsOf } from './claims.ts';
import { startLoopbackServer } from './loopback.ts';
import { type JobDescription, makeJob } from './semaphore-job.ts';

/** Differences from the token that Semaphore would issue. */
export interface TokenChanges {
  /** Adds the claim `https://aws.amazon.com/tags`. */
  readonly tags?: boolean;
  /** Claims to set; `undefined` removes a claim, as when an organization turns it off. */
  readonly claims?: Claims;
  /** Header fields to set; `undefined` removes a field. */
  readonly header?: Claims;
  /** Time of issue in seconds from now: with -86400 the token is already expired. */
  readonly issuedIn?: number;
  readonly forgery?: Forgery;
}

/**
 * `tampered`: a claim changed after signing. `none`: `alg: none`. `hs256`: HMAC with the public
 * PEM. `foreign-key`: another key under our `kid`. `unknown-key`: another key under its own `kid`.
 */
export type Forgery = 'tampered' | 'none' | 'hs256' | 'foreign-key' | 'unknown-key';

/** An OpenID Connect issuer on loopback for `https://<org>.<domain>`. */
export interface Issuer {
  /** The address of its discovery document and keys; tokens have another `iss`. */
  readonly url: string;
  readonly keyId: string;
  /** The requested paths, in order. */
  readonly requests: readonly string[];
  /** Issues a token for this job, or for a new job in this context. */
  mint(job: JobDescription, changes?: TokenChanges): string;
  close(): Promise<void>;
}

interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

async function makeSigningKey(): Promise<SigningKey> {
  const pair = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const id = createHash('sha256').update(randomUUID()).digest('base64url');
  return { id, ...pair };
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function signToken(header: Claims, claims: Claims, signature: (input: string) => Buffer): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signature(input).toString('base64url')}`;
}

function forge(forgery: Forgery, header: Claims, claims: Claims, own: SigningKey, foreign: SigningKey): string {
  const signWith = (key: SigningKey) => (input: string) => sign('RSA-SHA256', Buffer.from(input), key.privateKey);
  switch (forgery) {
    case 'tampered': {
      const [head = '', , signature = ''] = signToken(header, claims, signWith(own)).split('.');
      return `${head}.${encode({ ...claims, jti: 'tampered' })}.${signature}`;
    }
    case 'none':
      return signToken({ ...header, alg: 'none' }, claims, () => Buffer.alloc(0));
    case 'hs256': {
      const secret = own.publicKey.export({ type: 'spki', format: 'pem' });
      return signToken({ ...header, alg: 'HS256' }, claims, (input) =>
        createHmac('sha256', secret).update(input).digest(),
      );
    }
    case 'foreign-key':
      return signToken(header, claims, signWith(foreign));
    case 'unknown-key':
      return signToken({ ...header, kid: foreign.id }, claims, signWith(foreign));
  }
}

function answerJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'max-age=900, public, must-revalidate',
  });
  response.end(JSON.stringify(body));
}

/**
 * Starts an issuer whose discovery document names `issuer` (no trailing slash), with https if `tls`
 * is set.
 */
export async function startIssuer(issuer: string, tls?: TlsOptions): Promise<Issuer> {
  const [own, foreign] = await Promise.all([makeSigningKey(), makeSigningKey()]);
  const requests: string[] = [];
  const documents: { readonly [path: string]: unknown } = {
    '/.well-known/openid-configuration': {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      subject_types_supported: ['public', 'pairwise'],
      response_types_supported: ['id_token'],
      claims_supported: Object.keys(claimsOf(makeJob('branch'), 0, false)),
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid'],
    },
    '/.well-known/jwks.json': {
      keys: [
        {
          ...own.publicKey.export({ format: 'jwk' }),
          kid: own.id,
          alg: 'RS256',
          use: 'sig',
          // Semaphore's key set has no certificate, but Ceph's STS reads the key only from there.
          x5c: [makeSelfSigned({ name: new URL(issuer).host, ...own }).toString('base64')],
        },
      ],
    },
  };
  const { url, close } = await startLoopbackServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    requests.push(path);
    const document = documents[path];
    if (document === undefined) response.writeHead(404).end('Not found');
    else answerJson(response, document);
  }, tls);

  function mint(job: JobDescription, changes: TokenChanges = {}): string {
    const now = Math.floor(Date.now() / 1000) + (changes.issuedIn ?? 0);
    const header = { alg: 'RS256', typ: 'JWT', kid: own.id, ...changes.header };
    const claims = { ...claimsOf(makeJob(job), now, changes.tags ?? false), ...changes.claims };
    if (changes.forgery !== undefined) return forge(changes.forgery, header, claims, own, foreign);
    return signToken(header, claims, (input) => sign('RSA-SHA256', Buffer.from(input), own.privateKey));
  }

  return { url, keyId: own.id, requests, mint, close };
}
