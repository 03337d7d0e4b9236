import type { AskedOfSts } from '../failure.ts';
import type { NetworkFault, StsRefusal } from '../sts/answer.ts';
import { clockLeeway, instantOf } from '../token/lifetime.ts';
import type { CatalogueOf, Explanation } from './explanation.ts';
import { durationText, instantText } from './instant.ts';
import { networkAdvice } from './network-advice.ts';
import { quote, readable } from './quote.ts';

/** What STS refused, and why it could not be asked. */
export const awsFailures: CatalogueOf<'sts-refused' | 'sts-busy' | 'sts-unreachable'> = {
  'sts-refused': {
    exitCode: 5,
    explain: ({ refusal, context }) => ({
      headline: `STS refused the login: ${quote(refusal.message)} (${refusal.code})`,
      known: knownOf(context),
      ...refusalText(refusal, context),
    }),
  },
  'sts-busy': {
    exitCode: 6,
    explain: ({ refusal, context }) => ({
      headline: `STS could not answer now: ${quote(refusal.message)} (${refusal.code})`,
      ...busyAdvice(refusal, context),
      known: [['asked', askedText(context)]],
    }),
  },
  'sts-unreachable': {
    exitCode: 6,
    explain: ({ fault, context }) => ({
      headline: `STS cannot be reached at ${context.endpoint.url}: ${faultText(fault)}`,
      ...networkAdvice(fault),
      known: [['asked', askedText(context)]],
    }),
  },
};

function faultText({ at, status, detail }: NetworkFault): string {
  if (at !== 'proxy') return readable(detail);
  return status === undefined
    ? `no way through the proxy, ${readable(detail)}`
    : `the proxy answered ${readable(detail)}`;
}

function askedText({ attempts, waited }: AskedOfSts): string {
  const often = attempts === 1 ? 'once' : `${attempts} times`;
  return waited < 1000 ? often : `${often} in ${durationText(waited)}`;
}

type Advice = Pick<Explanation, 'cause' | 'remedies'>;

function busyAdvice({ code, status }: StsRefusal, { token }: AskedOfSts): Advice {
  const again = 'Run the job again; --timeout SECONDS has it ask for longer (30 unless given).';
  if (code === 'IDPCommunicationError' || code === 'InvalidIdentityToken')
    return {
      cause:
        "AWS could not fetch the issuer's keys. That may pass; with an installation of one's own, AWS may have no way to it at all.",
      remedies: [
        again,
        `If it stays, this has to answer from the internet: ${readable(token.iss ?? 'ISSUER')}/.well-known/openid-configuration`,
      ],
    };
  if (status >= 500) return { cause: 'A fault at AWS, which mostly passes.', remedies: [again] };
  return {
    cause: 'Too many requests at once in this account, often many jobs that start together.',
    remedies: [again],
  };
}

function refusalText({ code, message }: StsRefusal, context: AskedOfSts): Advice {
  switch (code) {
    case 'AccessDenied':
      return {
        cause:
          'The role does not exist, or its trust policy does not let this job in. STS never says which condition failed; these are what it compares.',
        remedies: trustRemedies(context),
      };
    case 'InvalidIdentityToken':
      return tokenAdvice(message, context);
    case 'ExpiredTokenException':
      return {
        cause: "A token lives 24 hours from the job's creation, its time in the queue included; or a clock is wrong.",
        remedies: ['Run the job again for a new token.'],
      };
    case 'IDPRejectedClaim':
      return {
        cause: 'The identity provider says that a claim of the token is no longer valid.',
        remedies: ['Run the job again for a new token.'],
      };
    case 'RegionDisabledException':
      return {
        cause: 'The account has STS switched off in this region.',
        remedies: ['Name another region, or switch it on in the account settings of IAM.'],
      };
    default:
      return {
        cause: 'STS took the request for wrong.',
        remedies: ["Compare what was asked, above, with STS's words."],
      };
  }
}

// STS has one name for all that it holds against a token; only its words tell the provider's side from the token's.
function tokenAdvice(message: string, context: AskedOfSts): Advice {
  const provider = `In account ${accountOf(context.roleArn)}, look at IAM's identity provider`;
  if (/required claim/i.test(message))
    return {
      cause:
        'AWS takes no token without this claim, and this one lacks it: most likely the organization has switched it off.',
      remedies: ["Ask whoever administers the organization to switch it on in Semaphore's OpenID Connect settings."],
    };
  if (/audience/i.test(message))
    return {
      cause: "The identity provider's audience list lacks this token's audience.",
      remedies: [`${provider} and add the audience above, letter by letter, without a slash at its end.`],
    };
  if (/not valid yet|not before/i.test(message))
    return {
      cause: 'The token counts from later than now, by the clock of AWS.',
      remedies: ["Run the job again; if it stays, Semaphore's own clock is ahead (Enterprise Edition)."],
    };
  if (/no openidconnect provider/i.test(message))
    return {
      cause: 'The account of the role has no identity provider for the issuer of this token.',
      remedies: [
        `${provider}s: one with the issuer above as its URL has to be there.`,
        "If that is another account than the one meant, mend the role's ARN.",
      ],
    };
  return {
    cause: "The issuer's keys do not fit this token, or its identity provider in IAM does not.",
    remedies: [`${provider} for the issuer above: its URL, its audience, and whether AWS can reach it.`],
  };
}

function trustRemedies(context: AskedOfSts): string[] {
  const steps = [
    `Check that ${readable(context.roleArn, 300)} exists, and is spelled so.`,
    "Check that its trust policy names this issuer's provider, this audience and this subject.",
  ];
  if (context.token.tags !== undefined) steps.push('Check that it allows sts:TagSession too: this token carries tags.');
  if (context.token.sub === undefined)
    steps.push('This token has no subject (the organization switched it off), so no condition on it can hold.');
  steps.push('A role made less than a minute ago may need time to spread: --wait 60');
  return steps;
}

function knownOf({ token, endpoint, roleArn, sessionName, now, serverTime }: AskedOfSts): [string, string][] {
  const audience = [token.aud ?? 'none'].flat().join(', ');
  const expires = instantOf(token.exp);
  const known: [string, string][] = [
    ['role', roleArn],
    ['session', sessionName],
    ['asked at', endpoint.url],
    ['issuer', token.iss ?? 'none'],
    ['audience', audience],
    ['subject', token.sub ?? 'none'],
    ['tags', token.tags === undefined ? 'none' : Object.keys(token.tags).join(', ')],
  ];
  if (expires !== undefined) known.push(['token', `ends ${instantText(expires)}, now ${instantText(now)}`]);
  const skew = serverTime === undefined ? 0 : now.getTime() - serverTime.getTime();
  if (Math.abs(skew) > clockLeeway)
    known.push(['clock', `this machine is ${durationText(skew)} ${skew > 0 ? 'ahead of' : 'behind'} AWS`]);
  return known.map(([label, value]) => [label, readable(value, 400)]);
}

function accountOf(roleArn: string): string {
  return roleArn.split(':')[4] ?? '';
}
