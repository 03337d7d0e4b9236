import type { FactsOf } from '../failure.ts';
import type { TokenFailure } from '../failures/token.ts';
import { subjectForm } from '../semaphore/subject.ts';
import type { Paste } from '../text/explanation.ts';
import { durationText, instantText, printable, quote } from '../text/quote.ts';
import { commandOf, type GivenLine, lineToPaste, stepToRun, type WordsFor } from './given-line.ts';
import { compareClocks, shellWord } from './ways-out.ts';

/** The job's token, before STS sees it. */
export const tokenFailures = {
  'token-missing': (facts, given) => {
    const { variable } = facts;
    const isDefault = variable === defaultVariable;
    return {
      headline: `This job has no OIDC token: ${variable} is not set`,
      cause: `${missingCause(facts)} Nothing was changed.`,
      remedies: [],
      steps: [
        ...(isDefault
          ? []
          : stepToRun(given, `Use ${defaultVariable}, where Semaphore keeps the token`, { drop: ['token-env'] })),
        ...passOnSteps(variable, given ?? { argv: ['doctor'], shell: 'bash' }),
        ...(isDefault && facts.inJob ? [{ intro: askForOidc, lines: [] }] : []),
      ],
    };
  },
  'token-malformed': ({ source, problem }) => ({
    headline: `The value of ${printable(source)} is not a token`,
    cause: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}. A token is a JWT: three parts between dots.`,
    remedies: ['Check whether something in the pipeline overwrites it.'],
    // Shows nothing of the token.
    steps: /^[A-Za-z_]\w*$/.test(source)
      ? [{ intro: 'This must print 2, the number of dots:', lines: [`printf %s "$${source}" | tr -dc . | wc -c`] }]
      : [],
  }),
  'token-file-newline': ({ path }) => {
    const file = shellWord(path);
    return {
      headline: `The token file ${quote(path)} ends with a newline`,
      cause: 'Several AWS SDKs send the newline to STS as part of the token, and STS rejects it.',
      remedies: [],
      steps: [{ intro: 'Write the file without it:', lines: [`printf %s "$(cat ${file})" > ${file}`] }],
    };
  },
  'token-file-unusable': ({ path, code }, given) => ({
    headline: `The token file ${quote(path)} cannot be read (${code})`,
    cause: `${tokenFileCause(code)} Nothing was changed.`,
    remedies: [],
    steps: [
      { intro: 'Check --token-file:', lines: [`ls -ld ${shellWord(path)}`] },
      ...stepToRun(given, `Or use the token in ${defaultVariable}`, { drop: ['token-file'] }),
    ],
  }),
  'token-expired': ({ expired, now }) => ({
    headline: `The token expired at ${instantText(expired)}, ${durationText(now.getTime() - expired.getTime())} ago`,
    cause:
      'A token is valid for 24 hours from the creation of the job, including time in the queue. A running job cannot get a new token.',
    remedies: ['Run the job again to get a new token.'],
    steps: [compareClocks(`If it should still be valid, compare the clocks (${instantText(now)} here):`)],
  }),
  'token-not-yet-valid': ({ validFrom, now }) => ({
    headline: `The token is not valid until ${instantText(validFrom)}, in ${durationText(validFrom.getTime() - now.getTime())}`,
    cause: `The clock of this machine, ${instantText(now)}, is probably behind.`,
    remedies: ["Set this machine's clock, with NTP."],
    steps: [compareClocks('Compare the clocks:')],
  }),
  'token-without-subject': ({ subject }) => ({
    headline:
      subject === undefined
        ? 'The token has no subject, so no role can be limited to this project'
        : "The subject of the token does not have Semaphore's form",
    cause:
      subject === undefined
        ? 'The organization has switched off the claim "sub".'
        : `It is ${quote(subject)}, and should be ${subjectForm}.`,
    remedies: ["Ask an administrator to restore it in the organization's OpenID Connect settings in Semaphore."],
  }),
} satisfies WordsFor<TokenFailure>;

const defaultVariable = 'SEMAPHORE_OIDC_TOKEN';

function missingCause({ variable, inJob }: FactsOf<'token-missing'>): string {
  if (variable !== defaultVariable) return 'The variable that --token-env names is unset or empty here.';
  return inJob
    ? '"docker run" and "sudo" do not pass it on. Semaphore sets it in every job if the plan has OpenID Connect; the Community Edition does not.'
    : 'SEMAPHORE_JOB_ID is not set either. This is not a Semaphore job, or "docker run" or "sudo" did not pass the variables on.';
}

const askForOidc = 'Otherwise ask an administrator of the organization whether OpenID Connect is switched on.';

/** How to hand the token to a container or to sudo. There, `exec` replaces a login: the env file would not leave them. */
function passOnSteps(variable: string, given: GivenLine): Paste[] {
  const command = commandOf(given);
  const line = lineToPaste(given, command === 'login' ? { command: 'exec' } : {});
  if (line === undefined || command === 'logout') return [];
  const names = [variable, 'SEMAPHORE_JOB_ID'];
  const container = ['docker run --rm', ...names.map((name) => `-e ${name}`), 'IMAGE', line].join(' ');
  return [
    { intro: 'In a container, pass it on:', lines: [container] },
    { intro: 'Under sudo, pass it on:', lines: [`sudo --preserve-env=${names.join(',')} ${line}`] },
  ];
}

function tokenFileCause(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'It does not exist, or it is a link to something that does not exist. In a container, a volume is perhaps not mounted.';
    case 'EACCES':
    case 'EPERM':
      return 'This user has no permission to read it.';
    case 'EISDIR':
      return 'It is a directory. The name of the file in it is missing.';
    case 'not a file':
      return 'AWS tools read the token again at every renewal, which a pipe or a device does not allow.';
    case 'too large':
      return 'It is far larger than a token.';
    default:
      return 'The system rejected the operation.';
  }
}
