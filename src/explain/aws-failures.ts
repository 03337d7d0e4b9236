import type { AwsFailure, StsRequestContext } from '../failures/aws.ts';
import type { TokenClaims } from '../semaphore/claims.ts';
import type { Explanation, WordsFor } from '../text/explanation.ts';
import { joinWords, printable, quote } from '../text/quote.ts';
import type { StsRefusal } from '../world/sts.ts';
import { roleNameOf } from './access-denied.ts';
import { networkAdvice } from './network-advice.ts';
import { explainRefusal } from './sts-refusal.ts';
import { chainDetails, faultRows, faultText, refusalDetails, requestRows } from './sts-request.ts';

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
  'sts-refused': ({ refusal, context }) => ({
    headline: `STS refused the login to role ${roleNameOf(context.roleArn)} (${printable(refusal.code)})`,
    ...refusalDetails(refusal, context),
    ...explainRefusal(refusal, context),
  }),
  'chain-refused': ({ refusal, by, context }) => ({
    headline: `STS refused the next role of the chain, ${roleNameOf(context.roleArn)} (${printable(refusal.code)})`,
    ...chainDetails(refusal, by, context),
    ...chainText(refusal, context),
  }),
  'sts-busy': ({ refusal, context }) => ({
    headline: `STS could not answer now (${printable(refusal.code)})`,
    ...refusalDetails(refusal, context),
    ...busyText(refusal, context),
  }),
  'sts-unreachable': ({ fault, context }) => ({
    headline: `STS cannot be reached at ${printable(context.endpoint.url)}: ${faultText(fault)}`,
    known: faultRows(context),
    ...networkAdvice(fault, context.timeout),
  }),
  'session-not-requested': ({ assumedRoleArn, context }) => ({
    headline: `STS returned a session that was not requested: ${quote(assumedRoleArn)}`,
    cause: 'AWS always returns the role and the session name of the request. Something else answered.',
    known: requestRows(context),
    remedies: ['Check HTTPS_PROXY and AWS_CA_BUNDLE: a proxy that they name can read and change this connection.'],
  }),
} satisfies WordsFor<AwsFailure>;

type Words = Pick<Explanation, 'cause' | 'causes' | 'remedies' | 'steps'>;

function chainText(refusal: StsRefusal, context: StsRequestContext): Words {
  const { code, message } = refusal;
  if (code === 'ValidationError' && message.includes('DurationSeconds'))
    return {
      cause: 'The session would be longer than the role, or a chain of roles (one hour), allows.',
      remedies: ['Give a shorter --duration; SDKs renew the session by themselves.'],
    };
  if (code === 'InvalidParameterValue' && message.includes('transitive tag'))
    return {
      cause: 'AWS passes a transitive tag along the chain, and no later role can get the same key again.',
      remedies: ['Leave out the --session-tag whose key an earlier role, or the token, has made transitive.'],
    };
  // All other errors have the same causes for every role.
  if (code !== 'AccessDenied') return explainRefusal(refusal, context);
  return {
    cause:
      'STS granted the previous role. The next role does not exist, or one of two permissions is missing; STS does not say which.',
    remedies: [
      'The policies of the role that asks must allow sts:AssumeRole on the next role.',
      'The trust policy of the next role must name the role that asks, or its account, as a principal.',
      'If that policy requires an external id (sts:ExternalId), pass it: --external-id ID',
      'With tags or a source identity, both must also allow sts:TagSession and sts:SetSourceIdentity.',
    ],
  };
}

function busyText({ code, status }: StsRefusal, { token, timeout }: StsRequestContext): Words {
  const again = `Run the job again; to keep retrying for longer, use --timeout SECONDS (now ${timeout / 1000}).`;
  if (code === 'IDPCommunicationError' || code === 'InvalidIdentityToken') return keysText(token, again);
  if (status >= 500)
    return {
      cause: 'AWS had an internal error. Most pass soon.',
      remedies: [again, "If it fails again, see AWS's health dashboard, or use another region (--region)."],
    };
  return {
    cause: 'AWS got too many requests from this account at once, often from many jobs that start together.',
    remedies: [again],
  };
}

// Both codes say that AWS could not fetch the issuer's keys; a wrong token causes other errors.
function keysText({ iss }: TokenClaims, again: string): Words {
  const url = `${printable(iss ?? 'ISSUER')}/.well-known/openid-configuration`;
  return {
    cause: "AWS could not fetch the issuer's keys. If that happens again and again, Semaphore's side blocks it.",
    causes: [
      "The organization's IP allow list in Semaphore: it also blocks AWS from /.well-known.",
      'A private installation, whose issuer AWS cannot reach from the internet.',
      "The certificate of the issuer's domain: expired, incomplete, or not from a public authority.",
    ],
    steps: [
      { intro: 'From outside your network, this must print JSON:', lines: [`curl -sS ${url}`] },
      { intro: 'Check the issuer from here, too:', lines: ['sem-aws-login doctor'] },
    ],
    remedies: [again],
  };
}
