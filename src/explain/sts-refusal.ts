import type { StsRequestContext } from '../failures/aws.ts';
import type { Explanation } from '../text/explanation.ts';
import { instantText, joinWords, printable, quote } from '../text/quote.ts';
import type { StsRefusal } from '../world/sts.ts';
import { accountOf, describeAccessDenied, roleNameOf } from './access-denied.ts';
import { unacceptedTagOf } from './sts-request.ts';

type RefusalWords = Pick<Explanation, 'cause' | 'causes' | 'remedies' | 'steps'>;
type Describe = (refusal: StsRefusal, context: StsRequestContext) => RefusalWords;

/** Returns the cause and the fix for an error of STS. */
export function explainRefusal(refusal: StsRefusal, context: StsRequestContext): RefusalWords {
  const describe = describers.get(refusal.code) ?? describeOther;
  const words = describe(refusal, context);
  const tag = aboutOther.has(refusal.code) ? undefined : unacceptedTagOf(context.token);
  if (tag === undefined) return words;
  return {
    ...words,
    remedies: [
      `The token's tag ${printable(tag.key)} is ${quote(tag.value)}; STS accepts only letters, digits, spaces and _.:/=+-@ in a tag. Rename it, or take it out of the AWS tags in the organization's OpenID Connect settings.`,
      ...words.remedies,
    ],
  };
}

// Errors that no tag causes, and AccessDenied, which lists it among its causes.
const aboutOther: ReadonlySet<string> = new Set([
  'AccessDenied',
  'ExpiredTokenException',
  'RegionDisabledException',
  'MalformedPolicyDocument',
  'PackedPolicyTooLarge',
]);

const newToken = 'Run the job again to get a new token.';

const describers: ReadonlyMap<string, Describe> = new Map(
  Object.entries<Describe>({
    AccessDenied: describeAccessDenied,
    InvalidIdentityToken: describeInvalidToken,
    ExpiredTokenException: (_, { now, serverTime }) => ({
      cause:
        'A token is valid for 24 hours from the creation of the job, including time in the queue. A running job cannot get a new token.',
      remedies: [
        newToken,
        serverTime === undefined
          ? 'If it should still be valid, compare the clocks.'
          : `If it should still be valid, compare the clocks: ${instantText(now)} here, ${instantText(serverTime)} at AWS.`,
      ],
    }),
    IDPRejectedClaim: () => ({
      cause: 'AWS says that the token was revoked, or that one of its claims is no longer valid.',
      remedies: [newToken],
      steps: [{ intro: 'If it fails again, check the issuer:', lines: ['sem-aws-login doctor'] }],
    }),
    RegionDisabledException: (_, { endpoint, roleArn }) => ({
      cause: `STS is switched off in ${printable(endpoint.signingRegion)} for account ${accountOf(roleArn)}.`,
      remedies: [
        `Use another region: --region ${endpoint.signingRegion === 'us-east-1' ? 'eu-west-1' : 'us-east-1'}`,
        'Or switch it on: IAM console, Account settings, Security Token Service.',
      ],
    }),
    MalformedPolicyDocument: () => ({
      cause: 'IAM cannot parse the session policy. The role and its trust policy are not the reason.',
      steps: [
        {
          intro: 'Fix the file that --session-policy names. To see where the error is:',
          lines: [
            'aws accessanalyzer validate-policy --policy-type IDENTITY_POLICY --policy-document file://POLICY.json',
          ],
        },
      ],
      remedies: [],
    }),
    PackedPolicyTooLarge: ({ message }, { token }) => {
      const tags =
        token.tags === undefined ? 'tags' : `tags, including the token's own (${joinWords(Object.keys(token.tags))}),`;
      const percent = /(\d+)%/.exec(message)?.[1];
      const size = percent === undefined ? 'are too large' : `take ${percent}% of the space`;
      return {
        cause: `Session policies and ${tags} ${size} that STS allows. STS packs them, so this limit is not the one of 2048 characters.`,
        remedies: [
          'Shorten the session policy (wildcards for actions, fewer ARNs), or give fewer tags.',
          'Or store it as a managed policy and pass its ARN: --session-policy-arn ARN',
        ],
      };
    },
    ValidationError: ({ message }, { roleArn }) =>
      /MaxSessionDuration|DurationSeconds/i.test(message)
        ? {
            cause: "--duration is longer than the role's maximum session duration, which is one hour by default.",
            remedies: ['Give a shorter --duration, or none: SDKs renew the session by themselves.'],
            steps: [
              {
                intro: "Or raise the role's maximum (3600 to 43200 seconds), for example to 4 hours:",
                lines: [`aws iam update-role --role-name ${roleNameOf(roleArn)} --max-session-duration 14400`],
              },
            ],
          }
        : {
            cause: 'STS rejected a parameter of the request; its message names it.',
            remedies: ['Check the option that it comes from: role, region, session name or duration.'],
          },
  }),
);

function describeOther(): RefusalWords {
  return {
    cause: 'STS rejected the request.',
    remedies: ['Check the role, the region and the session options against the message of STS.'],
  };
}

function describeInvalidToken({ message }: StsRefusal, context: StsRequestContext): RefusalWords {
  const account = accountOf(context.roleArn);
  const issuer = quote(context.token.iss ?? 'none');
  const audience = quote([context.token.aud ?? 'none'].flat().join(', '));
  if (message.includes('No OpenIDConnect provider found'))
    return {
      cause: `Account ${account} has no identity provider for this token's issuer.`,
      remedies: [
        `Make an OIDC provider in account ${account} with the URL ${issuer} and the audience ${audience}, exactly so. A new one needs up to a minute: --wait 60`,
        "If the account is wrong, fix the role's ARN.",
      ],
      steps: [
        {
          intro: 'To get the commands that make provider and role, run this in the job:',
          lines: ['sem-aws-login setup --format aws-cli'],
        },
      ],
    };
  if (message.includes('Incorrect token audience'))
    return {
      cause: `The identity provider in account ${account} does not list this token's audience.`,
      remedies: [`Add ${audience} to the audiences (client IDs) of the provider, exactly so.`],
    };
  if (/thumbprint/i.test(message))
    return {
      cause: `The identity provider in account ${account} has a thumbprint, and the issuer's certificate has another.`,
      remedies: ["Remove the provider's thumbprints, or replace them with that of the current certificate authority."],
    };
  if (message.includes('Missing a required claim'))
    return {
      cause: `AWS requires a claim that this token does not have${context.token.sub === undefined ? ', "sub"' : ''}. Probably the organization has switched it off.`,
      remedies: ["Ask an administrator to switch it on in the organization's OpenID Connect settings in Semaphore."],
    };
  if (/not valid yet|not before/i.test(message))
    return {
      cause: 'AWS says that the token is not valid yet: its nbf is in the future.',
      remedies: ['Run the job again. If it fails again, the clock of Semaphore is ahead (Enterprise Edition).'],
    };
  return {
    cause:
      "The token's signature does not match the issuer's keys, or the identity provider in IAM does not match the token.",
    remedies: [
      `Check that account ${account} has an OIDC provider for ${issuer} with the audience ${audience}, exactly so.`,
    ],
    steps: [{ intro: 'Check the token and its issuer:', lines: ['sem-aws-login doctor'] }],
  };
}
