import { ageText, tokenRows } from '../explain/sts-request.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import { instantOf, type JobToken, lifeLeftOf, refuseOutOfTime, shortLife } from '../semaphore/token.ts';
import { printable, quote } from '../text/quote.ts';
import { type FindingOf, failureIn, makeFindings } from './finding.ts';

interface TokenFacts {
  readonly source: string;
  readonly claims: TokenClaims;
  readonly now: Date;
}

/** The check of the job's token. */
export const tokenFindings = makeFindings('token', {
  'token-good': (facts: TokenFacts) => tokenText(facts),
  'token-ends-soon': (facts: TokenFacts) => ({
    ...tokenText(facts),
    cause: 'Then the sessions cannot be renewed. A running job cannot get a new token.',
    remedies: ['Run the job again for a new token, or move the AWS steps to the beginning of the job.'],
  }),
});

/** Checks that the token is valid, and for how long. */
export function checkToken({ claims, source: from }: JobToken, now: Date): FindingOf<typeof tokenFindings> {
  try {
    refuseOutOfTime(claims, now);
  } catch (error) {
    return tokenFindings.failed(failureIn(error));
  }
  const source = 'variable' in from ? from.variable : from.file;
  const facts = { source, claims, now };
  return lifeLeftOf(claims, now) < shortLife
    ? tokenFindings.warn('token-ends-soon', facts)
    : tokenFindings.ok('token-good', facts);
}

function tokenText({ source, claims, now }: TokenFacts) {
  const name = /^\w+$/.test(source) ? source : quote(source);
  return {
    headline: `${name} ${instantOf(claims.iat) === undefined ? '' : 'was '}${ageText(claims, now)}`,
    known: tokenRows({ token: claims, now })
      .filter(([label]) => label !== 'token')
      .map(([label, value]) => [label, printable(value, 400)] as const),
  };
}
