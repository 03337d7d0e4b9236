import type { AwsFailure, StsRequestContext } from '../failures/aws.ts';
import type { Explanation, WordsFor } from '../text/explanation.ts';
import { instantText, printable, quote } from '../text/quote.ts';
import { issuerHostOf } from '../trust/condition-evaluation.ts';
import { conditionPaste } from '../trust/condition-text.ts';
import { makeTrustCondition } from '../trust/trust-condition.ts';
import type { StsRefusal } from '../world/sts.ts';
import { faultText, knownOfChain, knownOfFault, knownOfRefusal } from './asked-of-sts.ts';

import { networkAdvice } from './network-advice.ts';

/** What AWS refused, and why no answer came. */
export const awsFailures = {
  'trust-differs': ({ source, misjudged }) => ({
    headline: `The role in ${quote(source)} is not the one that this setup writes`,
    cause:
      misjudged === 0
        ? 'It decides alike in all cases that were tried, but not by the same words, so others may differ.'
        : `${misjudged === 1 ? 'One of the cases above is' : `${misjudged} of the cases above are`} decided otherwise than asked for.`,
    remedies: [
      'Bring it up to date with what "sem-aws-login setup --format …" writes, or give the flags that it was made with.',
    ],
  }),
  'sts-refused': ({ refusal, context }) => ({
    headline: `STS refused the login: ${quote(refusal.message)} (${printable(refusal.code)})`,
    known: knownOfRefusal(refusal, context),
    ...refusalText(refusal, context),
  }),
  'chain-refused': ({ refusal, by, context }) => ({
    headline: `STS refused the next role of the chain: ${quote(refusal.message)} (${printable(refusal.code)})`,
    known: knownOfChain(refusal, by, context),
    ...chainText(refusal, context),
  }),
  'sts-busy': ({ refusal, context }) => ({
    headline: `STS could not answer now: ${quote(refusal.message)} (${printable(refusal.code)})`,
    known: knownOfRefusal(refusal, context),
    ...busyText(refusal, context),
  }),
  'sts-unreachable': ({ fault, context }) => ({
    headline: `STS cannot be reached at ${printable(context.endpoint.url)}: ${faultText(fault)}`,
    known: knownOfFault(context),
    ...networkAdvice(fault, context.timeout),
  }),
} satisfies WordsFor<AwsFailure>;

function chainText(refusal: StsRefusal, context: StsRequestContext): Pick<Explanation, 'cause' | 'remedies'> {
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

function busyText(
  { code, status }: StsRefusal,
  { token, timeout }: StsRequestContext,
): Pick<Explanation, 'cause' | 'remedies'> {
  const again = `Run the job again; --timeout SECONDS has it ask for longer (now ${timeout / 1000}).`;
  // Both say that AWS could not fetch the issuer's keys; a wrong token has other errors.
  if (code === 'IDPCommunicationError' || code === 'InvalidIdentityToken')
    return {
      cause:
        "AWS could not fetch the issuer's keys. That may pass; with an installation of one's own, AWS may have no way to it at all.",
      remedies: [
        again,
        `If it stays, this has to answer from the internet: ${printable(token.iss ?? 'ISSUER')}/.well-known/openid-configuration`,
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

type Told = Pick<Explanation, 'cause' | 'remedies' | 'paste' | 'pointer'>;
type Teller = (refusal: StsRefusal, context: StsRequestContext) => Told;

/** Why STS refuses with this error, and what to do. Says no more than STS does: which condition failed, STS never tells. */
function refusalText(refusal: StsRefusal, context: StsRequestContext): Told {
  const tell = tellers.get(refusal.code) ?? tellOther;
  return tell(refusal, context);
}

const newToken = 'Run the job again for a new token.';

const tellers: ReadonlyMap<string, Teller> = new Map(
  Object.entries<Teller>({
    AccessDenied: tellAccessDenied,
    InvalidIdentityToken: tellInvalidToken,
    ExpiredTokenException: (_, { now, serverTime }) => ({
      cause:
        "A token lives 24 hours from the job's creation, its time in the queue included, and none can be had anew within a job.",
      remedies: [
        newToken,
        serverTime === undefined
          ? 'If it should still live, compare the clocks.'
          : `If it should still live, compare the clocks: ${instantText(now)} here, ${instantText(serverTime)} at AWS.`,
      ],
    }),
    IDPRejectedClaim: () => ({
      cause: 'AWS holds that the token was revoked, or that a claim in it is no longer valid.',
      remedies: [newToken, 'If it stays, see what "sem-aws-login doctor" says of the issuer.'],
    }),
    RegionDisabledException: (_, { endpoint, roleArn }) => ({
      cause: `Account ${accountOf(roleArn)} has STS switched off in ${printable(endpoint.signingRegion)}.`,
      remedies: [
        `Name another region: --region ${endpoint.signingRegion === 'us-east-1' ? 'eu-west-1' : 'us-east-1'}`,
        'Or have it switched on: IAM console, Account settings, Security Token Service.',
      ],
    }),
    MalformedPolicyDocument: () => ({
      cause: 'The session policy is not a policy that IAM can read. It is not about the trust policy of the role.',
      remedies: ['Check the session policy; "aws accessanalyzer validate-policy" names the place of the fault.'],
    }),
    PackedPolicyTooLarge: ({ message }, { token }) => {
      const tags = token.tags === undefined ? 'and tags' : 'and tags, those that the token carries among them,';
      const percent = /(\d+)%/.exec(message)?.[1];
      const size = percent === undefined ? 'are too large' : `take ${percent}% of the room there is`;
      return {
        cause: `The session policies ${tags} ${size}, in the packed form that STS makes of them: that room is apart from the 2048 characters.`,
        remedies: [
          'Shorten the session policy (actions by wildcards, fewer ARNs), or give fewer tags.',
          'Or keep it as a managed policy and name that by its ARN: --session-policy-arn ARN',
        ],
      };
    },
    ValidationError: ({ message }) =>
      /MaxSessionDuration|DurationSeconds/i.test(message)
        ? {
            cause:
              "The session would last longer than the role's maximum session duration, an hour unless it was raised.",
            remedies: [
              'Give a shorter --duration, or none; SDKs renew the session by themselves.',
              "Or raise the role's maximum (IAM, at most 12 hours): aws iam update-role --role-name NAME --max-session-duration SECONDS",
            ],
          }
        : {
            cause: 'STS takes a value of the request for wrong; its words above name which.',
            remedies: ['Compare it with what was asked.'],
          },
  }),
);

function tellOther(): Told {
  return {
    cause: 'STS took the request for wrong.',
    remedies: ["Compare what was asked, above, with STS's words."],
  };
}

/** A fork's job that is refused is most often one that never should have asked. */
const forksOut =
  'If forks are to stay out, this is as it should be: leave the login out of their jobs, where SEMAPHORE_GIT_PR_SLUG is not SEMAPHORE_GIT_REPO_SLUG.';

function tellAccessDenied({ message }: StsRefusal, context: StsRequestContext): Told {
  const wanted = makeTrustCondition(context.token);
  const tagsAreIt = message.includes('sts:TagSession');
  return {
    cause: tagsAreIt
      ? "The role's trust policy does not let this job set tags: its token carries some, and then STS wants sts:TagSession allowed."
      : "There is no such role, or its trust policy, or one of the AWS organization's, does not let this job in. STS never says which condition failed, nor which of the three it is.",
    ...(wanted === undefined ? {} : { paste: conditionPaste(wanted, context.fork) }),
    remedies: [
      ...(wanted === undefined
        ? ['The token has no issuer or no audience, and AWS takes no such token: ask who runs this Semaphore.']
        : [`Its principal must be ${printable(providerOf(context), 300)}`]),
      context.fork === undefined
        ? `Check that account ${accountOf(context.roleArn)} has a role ${quote(nameOf(context.roleArn))}. One made a minute ago may need time: --wait 60`
        : forksOut,
    ],
    pointer: 'With the policy at hand: sem-aws-login doctor --trust-policy FILE',
  };
}

function tellInvalidToken({ message }: StsRefusal, context: StsRequestContext): Told {
  const account = accountOf(context.roleArn);
  const issuer = quote(context.token.iss ?? 'none');
  const audience = quote([context.token.aud ?? 'none'].flat().join(', '));
  const make = '"sem-aws-login setup" makes it.';
  if (message.includes('No OpenIDConnect provider found'))
    return {
      cause: `Account ${account} has no identity provider for the issuer of this token.`,
      remedies: [
        `Make an OIDC provider in account ${account} with the URL ${issuer} and the audience ${audience}, letter by letter; ${make}`,
        "If that is another account than the one meant, mend the role's ARN.",
        'One made a minute ago may need time: --wait 60',
      ],
    };
  if (message.includes('Incorrect token audience'))
    return {
      cause: `The identity provider in account ${account} does not list this token's audience.`,
      remedies: [`Add ${audience} to its audiences (client IDs), letter by letter.`],
    };
  if (/thumbprint/i.test(message))
    return {
      cause: `The provider in account ${account} pins a certificate that the issuer does not show, or no longer.`,
      remedies: ["Take the provider's thumbprints out, or make them those of the certificate's authority of today."],
    };
  if (message.includes('Missing a required claim'))
    return {
      cause:
        'AWS takes no token without this claim, and this one lacks it: most likely the organization has switched it off.',
      remedies: ["Ask whoever administers the organization to switch it on in Semaphore's OpenID Connect settings."],
    };
  if (/not valid yet|not before/i.test(message))
    return {
      cause: 'The token counts from later than now, by the clock of AWS.',
      remedies: ["Run the job again; if it stays, Semaphore's own clock is ahead (Enterprise Edition)."],
    };
  return {
    cause: "The issuer's keys do not fit this token, or its identity provider in IAM does not.",
    remedies: [
      `Check that account ${account} has an OIDC provider for ${issuer} with the audience ${audience}, letter by letter; ${make}`,
      'See what "sem-aws-login doctor" says of the token and of its issuer.',
    ],
  };
}

function providerOf({ roleArn, token }: StsRequestContext): string {
  const [, partition = 'aws'] = roleArn.split(':');
  return `arn:${partition}:iam::${accountOf(roleArn)}:oidc-provider/${issuerHostOf(token) ?? ''}`;
}

function accountOf(roleArn: string): string {
  return roleArn.split(':')[4] ?? '';
}

function nameOf(roleArn: string): string {
  return roleArn
    .split(':')
    .slice(5)
    .join(':')
    .replace(/^role\//, '');
}
