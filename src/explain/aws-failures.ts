import type { StsRefusal } from '../sts/answer.ts';
import { knownOfFault, knownOfRefusal } from './asked-of-sts.ts';
import type { CatalogueOf, Explanation } from './explanation.ts';
import { networkText } from './network-text.ts';
import { quote, readable } from './quote.ts';
import { refusalText } from './refusal-text.ts';

/** What STS refused, and why it could not be asked. */
export const awsFailures: CatalogueOf<'sts-refused' | 'sts-busy' | 'sts-unreachable'> = {
  'sts-refused': {
    exitCode: 5,
    explain: ({ refusal, context }) => ({
      headline: `STS refused the login: ${quote(refusal.message)} (${readable(refusal.code)})`,
      known: knownOfRefusal(refusal, context),
      ...refusalText(refusal, context),
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
      headline: `STS cannot be reached at ${readable(context.endpoint.url)}: ${readable(fault.detail)}`,
      known: knownOfFault(context),
      ...networkText(fault),
    }),
  },
};

function busyText({ code }: StsRefusal, issuer: string | undefined): Pick<Explanation, 'cause' | 'remedies'> {
  const again = 'Run the job again; --timeout SECONDS gives it longer.';
  // Both say that AWS could not fetch the issuer's keys; a wrong token has other errors.
  if (code === 'IDPCommunicationError' || code === 'InvalidIdentityToken')
    return {
      cause: `AWS itself fetches the keys of the token's issuer, ${quote(issuer ?? 'none')}, from the internet, and could not.`,
      remedies: [again, 'If it stays, see what "sem-aws-login doctor" says of the issuer.'],
    };
  return {
    cause: 'AWS has too much to do, or a fault of its own; many jobs that start at once can be the reason.',
    remedies: [again, "If it stays: AWS's health dashboard, and another region (--region)."],
  };
}
