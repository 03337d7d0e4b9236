import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Identity, Sessions } from './sessions.ts';
import { StsError } from './sts-error.ts';

/** A request as received, with everything that a signature covers. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, not decoded. */
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const quarterHour = 15 * 60 * 1000;

function parseAuthorization(header: string): Authorization {
  const match =
    /^AWS4-HMAC-SHA256\s+Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(
      header,
    );
  if (match === null) {
    throw new StsError('IncompleteSignature', 400, 'Authorization header is not in the form of Signature Version 4.');
  }
  const [, accessKeyId = '', date = '', region = '', service = '', signedHeaders = '', signature = ''] = match;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function canonicalQueryOf(target: string): string {
  const [, query = ''] = target.split('?', 2);
  const pairs = query.split('&').filter((pair) => pair !== '');
  return pairs
    .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
    .sort()
    .join('&');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html, from the server's side. */
function signatureOf(request: WireRequest, authorization: Authorization, time: string, secret: string): string {
  const headers = authorization.signedHeaders.map(
    (name) => `${name}:${(request.headers.get(name) ?? '').trim().replace(/\s+/g, ' ')}\n`,
  );
  const canonical = [
    request.method,
    request.target.split('?', 1)[0] ?? '/',
    canonicalQueryOf(request.target),
    headers.join(''),
    authorization.signedHeaders.join(';'),
    sha256(request.body),
  ].join('\n');
  const { date, region, service } = authorization;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), service), 'aws4_request');
  return hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
}

function doesNotMatch(message: string, reason: string = message): StsError {
  return new StsError('SignatureDoesNotMatch', 403, message, reason);
}

function compact(time: Date): string {
  return `${time.toISOString().replace(/[-:]|\.\d+/g, '')}`;
}

function verifyTime(time: string, now: Date): void {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? [];
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(signed)) {
    throw new StsError('IncompleteSignature', 400, `Date must be in ISO-8601 'basic format'. Got '${time}'.`);
  }
  const earliest = new Date(now.getTime() - quarterHour);
  const latest = new Date(now.getTime() + quarterHour);
  if (signed < earliest.getTime()) {
    throw doesNotMatch(
      `Signature expired: ${time} is now earlier than ${compact(earliest)} (${compact(now)} - 15 min.)`,
    );
  }
  if (signed > latest.getTime()) {
    throw doesNotMatch(
      `Signature not yet current: ${time} is still later than ${compact(latest)} (${compact(now)} + 15 min.)`,
    );
  }
}

function verifyScope(authorization: Authorization, time: string): void {
  if (authorization.service !== 'sts') throw doesNotMatch("Credential should be scoped to correct service: 'sts'. ");
  if (!time.startsWith(authorization.date)) {
    throw doesNotMatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${authorization.date}' != '${time.slice(0, 8)}', from '${time}'.`,
    );
  }
  if (!authorization.signedHeaders.includes('host')) {
    throw doesNotMatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
}

function verifySession(identity: Identity, token: string | undefined, now: Date): void {
  const expected = identity.session?.token;
  if (expected !== token) {
    const reason = token === undefined ? 'the session token is missing' : 'the session token is not the one given out';
    throw new StsError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.', reason);
  }
  if (identity.session !== undefined && now >= identity.session.expiration) {
    throw new StsError('ExpiredToken', 403, 'The security token included in the request is expired');
  }
}

/**
 * Returns the owner of a request's signature. Throws a {@link StsError} if it is missing, expired
 * or wrong.
 */
export function verifySignature(request: WireRequest, sessions: Sessions, now: Date): Identity {
  const header = request.headers.get('authorization');
  if (header === undefined) {
    throw new StsError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token');
  }
  const authorization = parseAuthorization(header);
  const time = request.headers.get('x-amz-date') ?? '';
  verifyTime(time, now);
  verifyScope(authorization, time);
  const identity = sessions.identityOf(authorization.accessKeyId);
  if (identity === undefined) {
    const message = 'The security token included in the request is invalid.';
    throw new StsError('InvalidClientTokenId', 403, message, `no one has the key ${authorization.accessKeyId}`);
  }
  const expected = signatureOf(request, authorization, time, identity.secretAccessKey);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(authorization.signature))) {
    throw doesNotMatch(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  verifySession(identity, request.headers.get('x-amz-security-token'), now);
  return identity;
}
