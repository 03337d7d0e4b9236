import type { ClaimedToken } from '../cli/doctor-options.ts';
import { exitCodeOf, Failure } from '../failure.ts';
import { parseClaims, type TokenClaims } from '../semaphore/claims.ts';
import { type JobToken, lifeLeftOf, refuseOutOfTime, shortLife } from '../semaphore/token.ts';
import { parsedJson } from '../text/json.ts';
import { type Finding, fail, failed, type JobContext, ok, warn } from './finding.ts';

/** Whether the token is within its time, and for how long. */
export function checkToken(token: JobToken, now: Date): Finding {
  const { claims } = token;
  try {
    refuseOutOfTime(claims, now);
  } catch (error) {
    if (error instanceof Failure) return failed('token', exitCodeOf(error.facts), error.facts);
    throw error;
  }
  const source = 'variable' in token.source ? token.source.variable : token.source.file;
  return lifeLeftOf(claims, now) < shortLife
    ? warn('token', { kind: 'token-ends-soon', source, claims, now })
    : ok('token', { kind: 'token-good', source, claims, now });
}

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
  const { names: _, ...base } = described ?? parseClaims({}, undefined);
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
    const claims = parseClaims({ ...payload }, undefined);
    return { ...claims, aud: claims.aud ?? claims.iss, iss: claims.iss ?? [claims.aud].flat()[0] };
  }
  throw new Failure({
    kind: 'usage',
    problem: 'what --claims names is not a JSON object; it takes the claims of a token, not the token',
  });
}

/** Which situation a token's subject names. A fork is told by the environment alone: nothing in the token does. */
function jobContextOf(claims: TokenClaims, fork: string | undefined): JobContext {
  if (claims.sub === undefined) return 'no-subject';
  const type = /:ref_type:([^:]*):ref:/.exec(claims.sub)?.[1];
  switch (type) {
    case 'branch':
    case 'tag':
      return type;
    case 'pull-request':
      return fork === undefined ? type : 'fork';
    case '':
      return 'project-debug';
    default:
      return 'unknown';
  }
}

/** What this job is, as far as a role's trust policy can see it. */
export function checkContext(claims: TokenClaims, fork: string | undefined): Finding {
  const context = jobContextOf(claims, fork);
  const facts = { kind: 'context', context, claims, fork } as const;
  if (context === 'no-subject') return fail('context', 5, facts);
  return context === 'fork' || context === 'unknown' ? warn('context', facts) : ok('context', facts);
}
