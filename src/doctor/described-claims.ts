import type { ClaimedToken } from '../cli/doctor-options.ts';
import { Failure } from '../failure.ts';
import { parseClaims, type TokenClaims } from '../semaphore/claims.ts';
import { parsedJson } from '../text/json.ts';

/**
 * Returns the claims to evaluate a policy with: those in the file, or else the token's, with the given subject and audience.
 * A given audience is also the issuer, as in all tokens of Semaphore. Throws `Failure`.
 */
export function claimsDescribedBy(
  { subject, audience }: ClaimedToken,
  file: string | undefined,
  token: TokenClaims | undefined,
): TokenClaims {
  const described = file === undefined ? token : claimsInText(file);
  const { names: _, ...base } = described ?? parseClaims({}, undefined);
  // Options can leave out claims of a real token, so their names do not count as all names.
  const names = file === undefined || described?.names === undefined ? {} : { names: described.names };
  const claims = {
    ...base,
    ...names,
    ...(subject !== undefined && { sub: subject }),
    ...(audience !== undefined && { aud: audience, iss: audience }),
  };
  if (claims.iss !== undefined && claims.aud !== undefined) return claims;
  throw new Failure({
    kind: 'usage',
    problem: 'the audience is missing: pass the URL of the organization with --aud https://NAME.semaphoreci.com',
  });
}

function claimsInText(text: string): TokenClaims {
  const payload = parsedJson(text);
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) {
    const claims = parseClaims({ ...payload }, undefined);
    return { ...claims, aud: claims.aud ?? claims.iss, iss: claims.iss ?? [claims.aud].flat()[0] };
  }
  throw new Failure({
    kind: 'usage',
    problem: 'the file of --claims is not a JSON object; it must contain the claims of a token, not the token',
  });
}
