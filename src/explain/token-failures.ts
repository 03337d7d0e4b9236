import type { TokenFailure } from '../failures/token.ts';
import { subjectForm } from '../semaphore/subject.ts';
import type { WordsFor } from '../text/explanation.ts';
import { durationText, instantText, printable, quote } from '../text/quote.ts';

/** The job's token, before STS sees it. */
export const tokenFailures = {
  'token-missing': ({ variable, inJob }) => {
    const ofSemaphore = variable === 'SEMAPHORE_OIDC_TOKEN';
    return {
      headline: `This job has no OIDC token: ${variable} is not set`,
      cause: ofSemaphore
        ? inJob
          ? withoutToken
          : outsideOfJobs
        : 'The variable named by --token-env is unset or empty here.',
      remedies: [
        `In a container or under sudo, hand the variable on: docker run -e ${variable} …`,
        ...(ofSemaphore
          ? inJob
            ? ['Otherwise ask whoever administers the organization whether OpenID Connect is switched on.']
            : []
          : ['Or leave --token-env out: Semaphore keeps the token in SEMAPHORE_OIDC_TOKEN.']),
        'Nothing was changed.',
      ],
    };
  },
  'token-malformed': ({ source, problem }) => ({
    headline: `What ${printable(source)} holds is not a token`,
    cause: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`,
    remedies: [
      "Check whether something in the pipeline overwrites it; Semaphore's own value is a JWT, three parts between dots.",
    ],
  }),
  'token-file-newline': ({ path }) => ({
    headline: `The token file ${quote(path)} ends with a newline`,
    cause: 'Several AWS SDKs send the newline on to STS as part of the token, which then refuses it.',
    remedies: [`Write it without one: printf %s "$TOKEN" > ${printable(path)}`],
  }),
  'token-file-unusable': ({ path, code }) => ({
    headline: `The token file ${quote(path)} cannot be read (${code})`,
    cause: tokenFileCause(code),
    remedies: ['Check --token-file; without it the token is read from SEMAPHORE_OIDC_TOKEN.', 'Nothing was changed.'],
  }),
  'token-expired': ({ expired, now }) => ({
    headline: `The token ended at ${instantText(expired)}, ${durationText(now.getTime() - expired.getTime())} ago`,
    cause:
      "A token lives 24 hours from the job's creation, its time in the queue included; or this machine's clock is wrong.",
    remedies: [`Compare the clock, ${instantText(now)} here, and run the job again for a new token.`],
  }),
  'token-not-yet-valid': ({ validFrom, now }) => ({
    headline: `The token is valid only from ${instantText(validFrom)}, in ${durationText(validFrom.getTime() - now.getTime())}`,
    cause: `This machine's clock, ${instantText(now)}, is most likely behind.`,
    remedies: ["Set the machine's clock (NTP)."],
  }),
  'token-without-subject': ({ subject }) => ({
    headline:
      subject === undefined
        ? 'The token has no subject, so no role can tell this project from others'
        : `The token's subject is not of Semaphore's form: ${quote(subject)}`,
    cause:
      subject === undefined ? 'The organization has switched the claim "sub" off.' : `It should read ${subjectForm}.`,
    remedies: ["Ask whoever administers the organization's OpenID Connect settings to switch it on as it was."],
  }),
} satisfies WordsFor<TokenFailure>;

function tokenFileCause(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'It is not there, or it is a link to something that is not there: a volume may not be mounted in this container.';
    case 'EACCES':
    case 'EPERM':
      return 'This user may not read it.';
    case 'EISDIR':
      return 'It is a directory, and the name of the file in it is missing.';
    case 'not a file':
      return 'AWS tools read the token again at every renewal, which a pipe or a device does not allow.';
    case 'too large':
      return 'It is far larger than a token.';
    default:
      return 'The system refused.';
  }
}

const withoutToken =
  'Semaphore sets it in every job on its cloud and in the Enterprise Edition; the Community Edition issues none, nor does a plan without OpenID Connect. "docker run" and "sudo" do not hand it on.';

const outsideOfJobs =
  'SEMAPHORE_JOB_ID is not set either: this is no Semaphore job, which alone has such a token, or one whose variables do not come this far, as under "docker run" and "sudo".';
