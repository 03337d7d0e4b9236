import type { AskedOfSts } from '../failure.ts';
import type { StsRefusal } from '../sts/answer.ts';
import { faultText, knownOfChain, knownOfFault, knownOfRefusal } from './asked-of-sts.ts';
import type { CatalogueOf, Explanation } from './explanation.ts';
import { networkAdvice } from './network-advice.ts';
import { quote, readable } from './quote.ts';
import { refusalText } from './refusal-text.ts';

/** What STS refused, and why it could not be asked. */
export const awsFailures: CatalogueOf<'sts-refused' | 'chain-refused' | 'sts-busy' | 'sts-unreachable'> = {
  'sts-refused': {
    exitCode: 5,
    explain: ({ refusal, context }) => ({
      headline: `STS refused the login: ${quote(refusal.message)} (${readable(refusal.code)})`,
      known: knownOfRefusal(refusal, context),
      ...refusalText(refusal, context),
    }),
  },
  'chain-refused': {
    exitCode: 5,
    explain: ({ refusal, by, context }) => ({
      headline: `STS refused the next role of the chain: ${quote(refusal.message)} (${readable(refusal.code)})`,
      known: knownOfChain(refusal, by, context),
      ...chainText(refusal, context),
    }),
  },
  'sts-busy': {
    exitCode: 6,
    explain: ({ refusal, context }) => ({
      headline: `STS could not answer now: ${quote(refusal.message)} (${readable(refusal.code)})`,
      known: knownOfRefusal(refusal, context),
      ...busyText(refusal, context.token.iss),
    }),
  },
  'sts-unreachable': {
    exitCode: 6,
    explain: ({ fault, context }) => ({
      headline: `STS cannot be reached at ${readable(context.endpoint.url)}: ${faultText(fault)}`,
      known: knownOfFault(context),
      ...networkAdvice(fault),
    }),
  },
};

function chainText(refusal: StsRefusal, context: AskedOfSts): Pick<Explanation, 'cause' | 'remedies'> {
  const { code, message } = refusal;
  if (code === 'ValidationError' && message.includes('DurationSeconds'))
    return {
      cause: 'The session would live longer than the role, or a chain of roles (one hour), allows.',
      remedies: ['Give a shorter --duration; SDKs renew the session by themselves.'],
    };
  if (code === 'InvalidParameterValue' && message.includes('transitive tag'))
    return {
      cause: 'A transitive tag goes on by itself, and no role further along the chain can be given it anew.',
      remedies: ['Leave out the --session-tag whose key an earlier role, or the token, has made transitive.'],
    };
  // All else that is wrong with a request is the same for every role.
  if (code !== 'AccessDenied') return refusalText(refusal, context);
  return {
    cause:
      'The role before it was granted. The next one does not exist, or one of two permissions is missing; STS does not say which.',
    remedies: [
      'The policies of the role that asks must allow sts:AssumeRole on the next one.',
      "The next role's trust policy must name the role that asks (or its account) as a principal.",
      'If it wants an external id (sts:ExternalId), give it: --external-id ID',
      'With tags or a source identity both must allow sts:TagSession and sts:SetSourceIdentity too.',
    ],
  };
}

function busyText({ code, status }: StsRefusal, issuer: string | undefined): Pick<Explanation, 'cause' | 'remedies'> {
  const again = 'Run the job again; --timeout SECONDS has it ask for longer (30 unless given).';
  // Both say that AWS could not fetch the issuer's keys; a wrong token has other errors.
  if (code === 'IDPCommunicationError' || code === 'InvalidIdentityToken')
    return {
      cause:
        "AWS could not fetch the issuer's keys. That may pass; with an installation of one's own, AWS may have no way to it at all.",
      remedies: [
        again,
        `If it stays, this has to answer from the internet: ${readable(issuer ?? 'ISSUER')}/.well-known/openid-configuration`,
        'From here, "sem-aws-login doctor" looks at it.',
      ],
    };
  if (status >= 500)
    return {
      cause: 'A fault at AWS, which mostly passes.',
      remedies: [again, "If it stays: AWS's health dashboard, and another region (--region)."],
    };
  return {
    cause: 'Too many requests at once in this account, often many jobs that start together.',
    remedies: [again],
  };
}
