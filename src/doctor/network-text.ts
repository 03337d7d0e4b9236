import { networkAdvice } from '../explain/network-advice.ts';
import { clockText, faultText } from '../explain/sts-request.ts';
import { durationText, instantText, joinWords, printable, quote } from '../text/quote.ts';
import type { FactsOfFinding, FindingTextsOf, IssuerProblem } from './finding.ts';

/** STS, the role, the issuer and the clock. */
export const networkFindings: FindingTextsOf<
  | 'role-granted'
  | 'issuer-holds-key'
  | 'issuer-missing'
  | 'issuer-not-https'
  | 'issuer-unreachable'
  | 'issuer-wrong-answer'
  | 'issuer-lacks-key'
  | 'sts-reachable'
  | 'sts-unreachable-now'
  | 'clock-right'
  | 'clock-wrong'
  | 'clock-unknown'
> = {
  'role-granted': ({ assumedRoleArn, ends }) => ({
    headline: `STS lets this job in: ${printable(assumedRoleArn)}, until ${instantText(ends)}`,
  }),
  'issuer-holds-key': ({ issuer, keyId }) => ({
    headline: `${printable(issuer)} serves its keys, ${keyId === undefined ? 'and the token names none of them' : "the token's among them"}`,
  }),
  'issuer-missing': () => ({
    headline: 'The token names no issuer',
    cause: 'AWS finds the identity provider by it.',
    remedies: ['Check where the token comes from: it is not one of Semaphore.'],
  }),
  'issuer-not-https': ({ issuer }) => ({
    headline: `The issuer ${quote(issuer)} is not an https URL`,
    cause: 'AWS takes no other.',
    remedies: ['Check where the token comes from; Semaphore serves its issuer by https.'],
  }),
  'issuer-unreachable': ({ url, fault }) => ({
    headline: `The issuer cannot be asked from here: ${faultText(fault)}`,
    cause: `AWS fetches ${printable(url)} itself, from the internet, so a login may work all the same.`,
    remedies: ['If STS says "Couldn\'t retrieve verification key", the issuer is out of its reach, too.'],
  }),
  'issuer-wrong-answer': ({ url, problem }) => ({
    headline: `${printable(url)} ${problemText(problem)}`,
    cause: 'AWS needs it to verify the token, and answers "Couldn\'t retrieve verification key" without.',
    remedies: [
      "Check that it is the organization's own address and open to the internet; ask who runs this Semaphore.",
    ],
  }),
  'issuer-lacks-key': lacksKeyText,
  'sts-reachable': ({ endpoint }) => ({
    headline: `${printable(endpoint.url)} answers${endpoint.isAws ? '' : ", and it is not AWS's"}`,
    ...(endpoint.isAws
      ? {}
      : {
          cause: 'AWS_ENDPOINT_URL_STS or AWS_ENDPOINT_URL names it; a login would send the token there.',
          remedies: ['Unset the variable, unless that is meant.'],
        }),
  }),
  'sts-unreachable-now': ({ url, fault, timeout }) => ({
    headline: `STS cannot be reached at ${printable(url)}: ${faultText(fault)}`,
    ...networkAdvice(fault, timeout),
  }),
  'clock-right': ({ skew }) => ({
    headline:
      Math.abs(skew) < 2000
        ? "This machine's clock is AWS's"
        : `This machine's clock is within ${durationText(skew)} of AWS's`,
  }),
  'clock-wrong': ({ skew }) => ({
    headline: `By its clock ${clockText(skew) ?? ''}`,
    cause: 'AWS refuses signed requests that are more than 5 minutes off; some services allow 15.',
    remedies: ["Set the machine's clock (NTP)."],
  }),
  'clock-unknown': () => ({
    headline: "This machine's clock could not be compared with AWS's",
    cause: 'The Date of an answer of STS is what it is measured by, and none came.',
    remedies: ['See the line about STS.'],
  }),
};

function lacksKeyText({ url, keyId, keyIds }: FactsOfFinding<'issuer-lacks-key'>) {
  return {
    headline: `${printable(url)} lacks the key that the token names`,
    cause: 'The keys were changed since the token was issued, or the token is not of this issuer.',
    known: [
      ['token', printable(keyId ?? 'none')],
      ['issuer', keyIds.length === 0 ? 'none' : joinWords(keyIds.map((id) => printable(id)))],
    ] as const,
    remedies: ['Run the job again for a new token.'],
  };
}

function problemText(problem: IssuerProblem): string {
  switch (problem.kind) {
    case 'status':
      return `answers with status ${problem.status}`;
    case 'not-json':
      return 'answers with something that is not JSON';
    case 'other-issuer':
      return `names ${problem.issuer === undefined ? 'no issuer' : `another issuer, ${quote(problem.issuer)}`}`;
    case 'no-keys-address':
      return 'has no https address of the keys (jwks_uri)';
    case 'no-keys':
      return 'has no keys';
  }
}
