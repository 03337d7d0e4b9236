import { makeProviderArn, splitArn } from '../aws/arn.ts';
import type { StsRequestContext } from '../failures/aws.ts';
import type { Explanation } from '../text/explanation.ts';
import { instantText, printable, quote } from '../text/quote.ts';
import { issuerHostOf } from '../trust/condition-evaluation.ts';
import { conditionPaste, makeTrustCondition } from '../trust/trust-condition.ts';
import type { StsRefusal } from '../world/sts.ts';

type RefusalWords = Pick<Explanation, 'cause' | 'remedies' | 'paste' | 'pointer'>;
type Describe = (refusal: StsRefusal, context: StsRequestContext) => RefusalWords;

/** Returns the cause and the fix for an error of STS, which never says which condition failed. */
export function explainRefusal(refusal: StsRefusal, context: StsRequestContext): RefusalWords {
  const describe = describers.get(refusal.code) ?? describeOther;
  return describe(refusal, context);
}

const newToken = 'Run the job again for a new token.';

const describers: ReadonlyMap<string, Describe> = new Map(
  Object.entries<Describe>({
    AccessDenied: describeAccessDenied,
    InvalidIdentityToken: describeInvalidToken,
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

function describeOther(): RefusalWords {
  return {
    cause: 'STS took the request for wrong.',
    remedies: ["Compare what was asked, above, with STS's words."],
  };
}

// Most often such a job should not log in at all.
const withoutForks =
  'If forks are to stay out, this is as it should be: leave the login out of their jobs, where SEMAPHORE_GIT_PR_SLUG is not SEMAPHORE_GIT_REPO_SLUG.';

function describeAccessDenied({ message }: StsRefusal, context: StsRequestContext): RefusalWords {
  const condition = makeTrustCondition(context.token);
  const lacksTagSession = message.includes('sts:TagSession');
  return {
    cause: lacksTagSession
      ? "The role's trust policy does not let this job set tags: its token carries some, and then STS wants sts:TagSession allowed."
      : "There is no such role, or its trust policy, or one of the AWS organization's, does not let this job in. STS never says which condition failed, nor which of the three it is.",
    ...(condition === undefined ? {} : { paste: conditionPaste(condition, context.fork) }),
    remedies: [
      ...(condition === undefined
        ? ['The token has no issuer or no audience, and AWS takes no such token: ask who runs this Semaphore.']
        : [`Its principal must be ${printable(providerOf(context), 300)}`]),
      context.fork === undefined
        ? `Check that account ${accountOf(context.roleArn)} has a role ${quote(nameOf(context.roleArn))}. One made a minute ago may need time: --wait 60`
        : withoutForks,
    ],
    pointer: 'With the policy at hand: sem-aws-login doctor --trust-policy FILE',
  };
}

function describeInvalidToken({ message }: StsRefusal, context: StsRequestContext): RefusalWords {
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
  const partition = splitArn(roleArn)?.partition ?? 'aws';
  return makeProviderArn({ partition, account: accountOf(roleArn), host: issuerHostOf(token) ?? '' });
}

function accountOf(roleArn: string): string {
  return splitArn(roleArn)?.account ?? '';
}

function nameOf(roleArn: string): string {
  return splitArn(roleArn)?.resource.replace(/^role\//, '') ?? '';
}
