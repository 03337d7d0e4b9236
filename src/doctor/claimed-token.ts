import { Failure } from '../failure.ts';
import type { ClaimedToken } from '../request/doctor-request.ts';
import { parsedJson } from '../request/json-value.ts';
import { claimsOf, type TokenClaims } from '../token/job-token.ts';

/**
 * The claims that a policy is held against in place of the job's token: what the file says, or else the token at hand, under the
 * subject and the audience given. An audience that is given is the issuer too, as in all of Semaphore's tokens. Throws `Failure`.
 */
export function claimsDescribedBy(
  claimed: ClaimedToken,
  file: string | undefined,
  token: TokenClaims | undefined,
): TokenClaims {
  const described = file === undefined ? token : claimsInText(file);
  const { names: _, ...base } = described ?? claimsOf({}, undefined);
  // What is only described may leave claims out that a real token has.
  const names = file === undefined || described?.names === undefined ? {} : { names: described.names };
  const { subject, audience } = claimed;
  const claims = {
    ...base,
    ...names,
    ...(subject !== undefined && { sub: subject }),
    ...(audience !== undefined && { aud: audience, iss: audience }),
  };
  if (claims.iss !== undefined && claims.aud !== undefined) return claims;
  throw new Failure({
    kind: 'usage',
    problem: 'the audience is missing, which is the URL of the organization: --aud https://NAME.semaphoreci.com',
  });
}

function claimsInText(text: string): TokenClaims {
  const payload = parsedJson(text);
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) {
    const claims = claimsOf({ ...payload }, undefined);
    return { ...claims, aud: claims.aud ?? claims.iss, iss: claims.iss ?? [claims.aud].flat()[0] };
  }
  throw new Failure({
    kind: 'usage',
    problem: 'what --claims names is not a JSON object; it takes the claims of a token, not the token',
  });
}
