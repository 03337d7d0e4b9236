import { splitArn } from '../aws/arn.ts';
import type { StsRequestContext } from '../failures/aws.ts';
import type { Explanation } from '../text/explanation.ts';
import { instantText, joinWords, printable, quote } from '../text/quote.ts';
import type { StsRefusal } from '../world/sts.ts';
import { accountOf, describeAccessDenied, providerOf, roleNameOf } from './access-denied.ts';
import { type GivenLine, givenValue, lineToPaste, stepToRun } from './given-line.ts';
import { tagAdvice, unacceptedTagOf } from './sts-request.ts';
import { doctorStep, shellWord } from './ways-out.ts';

type RefusalWords = Pick<Explanation, 'cause' | 'causes' | 'remedies' | 'steps'>;
type Describe = (refusal: StsRefusal, context: StsRequestContext, given: GivenLine | undefined) => RefusalWords;

/** Returns the cause and the fix for an error of STS. */
export function explainRefusal(
  refusal: StsRefusal,
  context: StsRequestContext,
  given: GivenLine | undefined,
): RefusalWords {
  const describe = describers.get(refusal.code) ?? describeOther;
  const words = describe(refusal, context, given);
  const tag = aboutOther.has(refusal.code) ? undefined : unacceptedTagOf(context.token);
  if (tag === undefined) return words;
  return {
    ...words,
    remedies: [
      `The token's tag ${printable(tag.key)} is ${quote(tag.value)}, which STS does not accept. ${tagAdvice}`,
      ...words.remedies,
    ],
  };
}

/** Returns a region to use instead, in the partition that most accounts are in. */
export function otherRegionThan(region: string): string {
  return region === 'us-east-1' ? 'eu-west-1' : 'us-east-1';
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
    IDPRejectedClaim: (_, __, given) => ({
      cause: 'AWS says that the token was revoked, or that one of its claims is no longer valid.',
      remedies: [newToken],
      steps: [doctorStep(given, 'If it fails again, check the issuer:')],
    }),
    RegionDisabledException: (_, { endpoint, roleArn }, given) => ({
      cause: `STS is switched off in ${printable(endpoint.signingRegion)} for account ${accountOf(roleArn)}.`,
      remedies: [],
      steps: [
        ...stepToRun(given, 'Use another region', { set: { region: otherRegionThan(endpoint.signingRegion) } }),
        { intro: 'Or switch it on: IAM console, Account settings, Security Token Service.', lines: [] },
      ],
    }),
    MalformedPolicyDocument: (_, __, given) => ({
      cause: 'IAM cannot parse the session policy. The role and its trust policy are not the reason.',
      steps: [
        {
          intro: 'Fix the file that --session-policy names. To see where the error is:',
          lines: [
            `aws accessanalyzer validate-policy --policy-type IDENTITY_POLICY --policy-document file://${policyFile(given)}`,
          ],
        },
      ],
      remedies: [],
    }),
    PackedPolicyTooLarge: describePackedPolicy,
    ValidationError: ({ message }, { roleArn }, given) =>
      /MaxSessionDuration|DurationSeconds/i.test(message)
        ? {
            cause: "--duration is longer than the role's maximum session duration, which is one hour by default.",
            remedies: [],
            steps: [
              ...stepToRun(given, 'Leave out --duration; SDKs renew the session by themselves', { drop: ['duration'] }),
              {
                intro: "Or raise the role's maximum (3600 to 43200 seconds), for example to 4 hours:",
                lines: [`aws iam update-role --role-name ${roleNameOf(roleArn)} --max-session-duration 14400`],
              },
            ],
          }
        : {
            cause: 'STS rejected a parameter of the request. Its message names the parameter.',
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

function policyFile(given: GivenLine | undefined): string {
  return shellWord(givenValue(given, 'session-policy') ?? 'POLICY.json');
}

function describePackedPolicy(
  { message }: StsRefusal,
  { token, roleArn }: StsRequestContext,
  given: GivenLine | undefined,
): RefusalWords {
  const tags =
    token.tags === undefined ? 'tags' : `tags, including the token's own (${joinWords(Object.keys(token.tags))}),`;
  const percent = /(\d+)%/.exec(message)?.[1];
  const size = percent === undefined ? 'are too large' : `take ${percent}% of the space`;
  const name = `${roleNameOf(roleArn)}-session`;
  const { partition = 'aws' } = splitArn(roleArn) ?? {};
  const arn = `arn:${partition}:iam::${accountOf(roleArn)}:policy/${name}`;
  return {
    cause: `Session policies and ${tags} ${size} that STS allows. STS packs them, so this limit is not the one of 2048 characters.`,
    remedies: ['Shorten the session policy (wildcards for actions, fewer ARNs), or give fewer tags.'],
    steps:
      givenValue(given, 'session-policy') === undefined
        ? []
        : [
            {
              intro: `Or store it as a managed policy, with access to account ${accountOf(roleArn)}:`,
              lines: [`aws iam create-policy --policy-name ${name} --policy-document file://${policyFile(given)}`],
            },
            ...stepToRun(given, 'and name that one', { drop: ['session-policy'], set: { 'session-policy-arn': arn } }),
          ],
  };
}

function describeInvalidToken(
  { message }: StsRefusal,
  context: StsRequestContext,
  given: GivenLine | undefined,
): RefusalWords {
  const account = accountOf(context.roleArn);
  const audiences = [context.token.aud ?? 'none'].flat();
  const issuer = quote(context.token.iss ?? 'none');
  const audience = quote(audiences.join(', '));
  const inAccount = `run this with access to account ${account}:`;
  const provider = `--open-id-connect-provider-arn ${shellWord(providerOf(context))}`;
  if (message.includes('No OpenIDConnect provider found'))
    return {
      cause: `Account ${account} has no identity provider for this token's issuer.`,
      remedies: [
        `It needs an OIDC provider with exactly the URL ${issuer} and the audience ${audience}.`,
        "If the account is wrong, fix the role's ARN.",
      ],
      steps: [
        {
          intro: 'To get the commands that make provider and role, run this in the job:',
          lines: [setupLine(context, given)],
        },
        ...stepToRun(given, 'A new provider needs up to a minute', { set: { wait: '60' } }),
      ],
    };
  if (message.includes('Incorrect token audience'))
    return {
      cause: `The identity provider in account ${account} does not list this token's audience, ${audience}.`,
      remedies: [],
      steps: [
        {
          intro: `To add it, ${inAccount}`,
          lines: [
            `aws iam add-client-id-to-open-id-connect-provider ${provider} --client-id ${shellWord(audiences[0] ?? '')}`,
          ],
        },
      ],
    };
  if (/thumbprint/i.test(message))
    return {
      cause: `The identity provider in account ${account} has a thumbprint, and the issuer's certificate has another.`,
      remedies: ["Remove the provider's thumbprints, or replace them with that of the current certificate authority."],
      steps: [{ intro: `To see them, ${inAccount}`, lines: [`aws iam get-open-id-connect-provider ${provider}`] }],
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
      `Account ${account} needs an OIDC provider with exactly the URL ${issuer} and the audience ${audience}.`,
    ],
    steps: [
      { intro: `To see the provider, ${inAccount}`, lines: [`aws iam get-open-id-connect-provider ${provider}`] },
      doctorStep(given, 'Check the token and its issuer:'),
    ],
  };
}

function setupLine({ roleArn }: StsRequestContext, given: GivenLine | undefined): string {
  const set = { format: 'aws-cli', 'account-id': accountOf(roleArn), 'role-name': roleNameOf(roleArn) };
  return lineToPaste(given, { command: 'setup', set, drop: ['region'] }) ?? 'sem-aws-login setup --format aws-cli';
}
