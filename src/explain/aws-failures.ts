import type { AwsFailure, StsRequestContext } from '../failures/aws.ts';
import type { Explanation, WordsFor } from '../text/explanation.ts';
import { printable, quote } from '../text/quote.ts';
import type { StsRefusal } from '../world/sts.ts';
import { networkAdvice } from './network-advice.ts';
import { explainRefusal } from './sts-refusal.ts';
import { chainRows, faultRows, faultText, refusalRows, requestRows } from './sts-request.ts';

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
    headline: `STS refused the login: ${refusalText(refusal)}`,
    known: refusalRows(refusal, context),
    ...explainRefusal(refusal, context),
  }),
  'chain-refused': ({ refusal, by, context }) => ({
    headline: `STS refused the next role of the chain: ${refusalText(refusal)}`,
    known: chainRows(refusal, by, context),
    ...chainText(refusal, context),
  }),
  'sts-busy': ({ refusal, context }) => ({
    headline: `STS could not answer now: ${refusalText(refusal)}`,
    known: refusalRows(refusal, context),
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

function refusalText({ message, code }: StsRefusal): string {
  return message === '' ? `(${printable(code)})` : `${quote(message)} (${printable(code)})`;
}

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
  // All other errors have the same causes for every role.
  if (code !== 'AccessDenied') return explainRefusal(refusal, context);
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
  // Both codes say that AWS could not fetch the issuer's keys; a wrong token causes other errors.
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
