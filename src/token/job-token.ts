import { decodeJwt, decodeProtectedHeader } from 'jose';
import { Failure } from '../failure.ts';

/** The claims this program speaks of; each may be absent, since an organization can switch claims off. */
export interface TokenClaims {
  readonly iss: string | undefined;
  readonly aud: string | readonly string[] | undefined;
  readonly sub: string | undefined;
  /** Seconds since the epoch, like `iat` and `nbf`. */
  readonly exp: number | undefined;
  readonly iat: number | undefined;
  readonly nbf: number | undefined;
  readonly jobId: string | undefined;
  readonly jti: string | undefined;
  /** Session tags the token carries for AWS; a role must then allow `sts:TagSession`. */
  readonly tags: Readonly<Record<string, readonly string[]>> | undefined;
  /** `kid` of the JWT's header: which of the issuer's keys signed it. */
  readonly kid: string | undefined;
  /** Semaphore's `job_type` (`pipeline_job`, `debug_job`, …). */
  readonly jobType?: string | undefined;
  /** The names of all claims. */
  readonly names?: readonly string[];
}

/** A token as read, before AWS has judged it. `text` is secret. */
export interface JobToken {
  readonly text: string;
  readonly claims: TokenClaims;
  /** Where it came from: a variable's name, or a file that is used where it lies. */
  readonly source: { readonly variable: string } | { readonly file: string };
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
const shortest = 4;
const longest = 20_000;

/**
 * Takes the token's text and where it came from, and reads its claims. Nothing is verified here: that is STS's part.
 * Throws `token-malformed`, without any of the token in it.
 */
export function parseJobToken(text: string, source: JobToken['source']): JobToken {
  const refuse = (problem: string): never => {
    throw new Failure({
      kind: 'token-malformed',
      source: 'variable' in source ? source.variable : source.file,
      problem,
    });
  };
  if (text.length < shortest || text.length > longest)
    return refuse(`it has ${text.length} characters, and STS takes ${shortest} to ${longest}`);
  const parts = text.split('.').length;
  if (parts !== 3) return refuse(`it has ${parts} ${parts === 1 ? 'part' : 'parts'} between dots, and a JWT has 3`);
  if (!/^[\w.-]*$/.test(text))
    return refuse('it has a character that no JWT has, such as a blank, a quote or a line break');
  try {
    return { text, source, claims: claimsOf(decodeJwt(text), decodeProtectedHeader(text).kid) };
  } catch {
    // jose's own message may quote what it could not decode, which is the token.
    return refuse('its header or payload is not JSON in base64url');
  }
}

/** The claims of a token's payload; one of another type than expected counts as absent. `kid` is the header's. */
export function claimsOf(payload: Readonly<Record<string, unknown>>, kid: unknown): TokenClaims {
  const text = (name: string) => textOf(payload[name]);
  return {
    iss: text('iss'),
    aud: audienceOf(payload['aud']),
    sub: text('sub'),
    exp: numberOf(payload['exp']),
    iat: numberOf(payload['iat']),
    nbf: numberOf(payload['nbf']),
    jobId: text('job_id'),
    jti: text('jti'),
    tags: tagsOf(payload['https://aws.amazon.com/tags']),
    kid: textOf(kid),
    jobType: text('job_type'),
    names: Object.keys(payload),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function audienceOf(value: unknown): string | readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : textOf(value);
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp
function tagsOf(value: unknown): TokenClaims['tags'] {
  if (typeof value !== 'object' || value === null || !('principal_tags' in value)) return undefined;
  const tags = value.principal_tags;
  if (typeof tags !== 'object' || tags === null) return undefined;
  return Object.fromEntries(
    Object.entries(tags).map(([key, entry]: [string, unknown]) => [
      key,
      (Array.isArray(entry) ? entry : [entry]).filter((item) => typeof item === 'string'),
    ]),
  );
}
