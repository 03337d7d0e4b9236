import type { AwsFailure, StsRequestContext } from '../failures/aws.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import type { Explanation, Paste } from '../text/explanation.ts';
import { joinWords, printable } from '../text/quote.ts';
import type { StsRefusal } from '../world/sts.ts';
import { accountOf, roleNameOf } from './access-denied.ts';
import { type GivenLine, givenValue, stepToRun, type WordsFor } from './given-line.ts';
import { networkAdvice } from './network-advice.ts';
import { explainRefusal, otherRegionThan } from './sts-refusal.ts';
import { chainDetails, faultRows, faultText, refusalDetails, requestRows } from './sts-request.ts';
import { doctorStep } from './ways-out.ts';

/** What AWS refused, and why no answer came. */
export const awsFailures = {
  'setup-differs': ({ differences, misjudged }) => ({
    headline: 'The existing role or provider differs from what setup writes',
    cause: `Different: ${joinWords(differences)}. ${
      misjudged === 0
        ? 'The trust policy gives the right result for all jobs above.'
        : `The trust policy gives the wrong result for ${misjudged === 1 ? 'one job' : `${misjudged} jobs`} above.`
    }`,
    remedies: [
      'Change the role or the provider in AWS to what is shown after "setup writes" or "+".',
      'Or, if what exists is right, pass its values as options, such as --max-session-duration.',
    ],
  }),
  'sts-refused': ({ refusal, context }, given) => ({
    headline: `STS refused the login to role ${roleNameOf(context.roleArn)} (${printable(refusal.code)})`,
    ...refusalDetails(refusal, context),
    ...explainRefusal(refusal, context, given),
  }),
  'chain-refused': ({ refusal, by, context }, given) => ({
    headline: `STS refused the next role of the chain, ${roleNameOf(context.roleArn)} (${printable(refusal.code)})`,
    ...chainDetails(refusal, by, context),
    ...chainText(refusal, context, given),
  }),
  'sts-busy': ({ refusal, context }, given) => ({
    headline: `STS could not answer now (${printable(refusal.code)})`,
    ...refusalDetails(refusal, context),
    ...busyText(refusal, context, given),
  }),
  'sts-unreachable': ({ fault, context }, given) => ({
    headline: `Cannot reach STS: ${faultText(fault)}`,
    known: faultRows(context),
    ...networkAdvice(fault, { url: context.endpoint.url, timeout: context.timeout }, given),
  }),
  'session-not-requested': ({ assumedRoleArn, context }) => ({
    headline: 'STS returned a session that was not requested',
    cause: 'AWS always returns the role and the session name of the request. Another server answered.',
    known: [['returned', printable(assumedRoleArn, 400)], ...requestRows(context)],
    remedies: ['Check HTTPS_PROXY and AWS_CA_BUNDLE: a proxy that they name can read and change this connection.'],
  }),
} satisfies WordsFor<AwsFailure>;

type Words = Pick<Explanation, 'cause' | 'causes' | 'remedies' | 'steps'>;

function chainText(refusal: StsRefusal, context: StsRequestContext, given: GivenLine | undefined): Words {
  const { code, message } = refusal;
  const { roleArn } = context;
  if (code === 'ValidationError' && message.includes('DurationSeconds'))
    return {
      cause: 'The session would be longer than the role, or a chain of roles (one hour), allows.',
      remedies: [],
      steps: stepToRun(given, 'Leave out --duration; SDKs renew the session by themselves', { drop: ['duration'] }),
    };
  if (code === 'InvalidParameterValue' && message.includes('transitive tag'))
    return {
      cause: 'AWS passes a transitive tag along the chain, and no later role can get the same key again.',
      remedies: ['Leave out the --session-tag whose key an earlier role, or the token, has made transitive.'],
    };
  // All other errors have the same causes for every role.
  if (code !== 'AccessDenied') return explainRefusal(refusal, context, given);
  const externalId =
    givenValue(given, 'external-id') === undefined ? ' External id (sts:ExternalId): --external-id.' : '';
  return {
    cause:
      'STS granted the previous role. The next role does not exist, or one of two permissions is missing; STS does not say which.',
    remedies: [
      'The policies of the role that asks must allow sts:AssumeRole on the next role.',
      `The next role's trust policy must name the role that asks, or its account, and match its conditions.${externalId}`,
      'With tags or a source identity, both must also allow sts:TagSession and sts:SetSourceIdentity.',
    ],
    steps: [
      {
        intro: `To see that trust policy, run this with access to account ${accountOf(roleArn)}:`,
        lines: [`aws iam get-role --role-name ${roleNameOf(roleArn)} --query Role.AssumeRolePolicyDocument`],
      },
    ],
  };
}

function busyText({ code, status }: StsRefusal, context: StsRequestContext, given: GivenLine | undefined): Words {
  const seconds = context.timeout / 1000;
  const timeout = String(Math.min(300, 4 * seconds));
  const again = stepToRun(given, `Run the job again. To retry for longer than ${seconds} s`, { set: { timeout } });
  if (code === 'IDPCommunicationError' || code === 'InvalidIdentityToken') return keysText(context.token, again, given);
  if (status >= 500)
    return {
      cause: 'AWS had an internal error. Most of them pass soon.',
      remedies: ["If it fails again, see AWS's health dashboard."],
      steps: [
        ...again,
        ...stepToRun(given, 'Or use another region', {
          set: { region: otherRegionThan(context.endpoint.signingRegion) },
        }),
      ],
    };
  return {
    cause: 'AWS got too many requests from this account at once, often from many jobs that start together.',
    remedies: [],
    steps: again,
  };
}

// Both codes say that AWS could not fetch the issuer's keys; a wrong token causes other errors.
function keysText({ iss }: TokenClaims, again: readonly Paste[], given: GivenLine | undefined): Words {
  const url = `${printable(iss ?? 'ISSUER')}/.well-known/openid-configuration`;
  const isCloud = /^https:\/\/[^/]+\.semaphoreci\.com$/.test(iss ?? '');
  const allowList = "The organization's IP allow list in Semaphore: it also blocks AWS from /.well-known.";
  return {
    cause: "AWS could not fetch the issuer's keys. If it happens in every job, the cause is on Semaphore's side.",
    causes: isCloud
      ? [allowList, "A short fault of Semaphore's: https://status.semaphoreci.com"]
      : [
          'A private installation, whose issuer AWS cannot reach from the internet.',
          "The certificate of the issuer's domain: expired, incomplete, or not from a public authority.",
          allowList,
        ],
    steps: [
      ...again,
      { intro: 'From outside your network, this must print JSON:', lines: [`curl -sS ${url}`] },
      doctorStep(given, 'Check the issuer from here, too:'),
    ],
    remedies: [],
  };
}
