import type { FactsOf } from '../failure.ts';
import type { CaBundleProblem, FileFailure, UnsafeReason } from '../failures/file.ts';
import { fromByteText } from '../text/byte-text.ts';
import type { WordsFor } from '../text/explanation.ts';
import { printable, quote } from '../text/quote.ts';
import { explainPolicyFault } from '../trust/policy-fault.ts';
import type { ReplacementLoss } from '../world/world.ts';

/** Files on this machine, and stdout. */
export const fileFailures = {
  'file-unusable': ({ path, operation, code }) => ({
    headline: `Cannot ${operation} ${quote(path)} (${code})`,
    cause: causeOfCode(code),
    remedies: [remedyOfCode(code), 'Nothing was changed.'],
  }),
  'file-unsafe': ({ path, reason }) =>
    reason === 'not-a-file'
      ? {
          headline: `${quote(path)} is not a file`,
          cause: 'A directory, a pipe, a device or a socket stands there.',
          remedies: [
            `Look at it: ls -ld ${printable(path)}`,
            'If AWS_CONFIG_FILE names it, unset that, or let the job use a private config file: --isolated',
          ],
        }
      : {
          headline: `${quote(path)} is not safe to keep a token in`,
          cause: unsafeCause[reason],
          remedies: [
            `Look at it: ls -ld ${printable(path)}`,
            'If nobody needs it, remove it; otherwise set SEM_AWS_LOGIN_HOME to a directory that is yours alone.',
          ],
        },
  'file-too-large': ({ path, megabytes }) => ({
    headline: `${quote(path)} is larger than ${megabytes} MB`,
    cause: 'That is probably not the right file, or a program has filled it by mistake.',
    remedies: [
      `Look at it: ls -lL ${printable(path)}`,
      "If it is AWS's config file, let the job use a private config file: --isolated",
    ],
  }),
  'file-not-replaceable': ({ path, loss }) => {
    const { headline, cause, remedy } = lossText[loss];
    return {
      headline: `${quote(path)} ${headline}`,
      cause,
      remedies: ['Use a private copy of the file: --isolated', remedy(path), 'Nothing was changed.'],
    };
  },
  'stdout-unusable': ({ code }) => ({
    headline: `Cannot write to standard output (${code})`,
    cause: causeOfCode(code),
    remedies: ['What was to be done is done, but whoever reads the output cannot know: run it again.'],
  }),
  'file-locked': ({ path, lock, seconds }) => ({
    headline: `Another process has held the lock of ${quote(path)} for ${seconds} s`,
    cause: 'It is alive and working on the file, or the disk is very slow.',
    remedies: ['Try again.', `If nothing else is at work, remove what stands there: ls -lA ${printable(lock)}`],
  }),
  'lock-not-a-directory': ({ path, lock, found }) => ({
    headline: `The lock of ${quote(path)} is ${foundText[found]}, not a directory`,
    cause: 'sem-aws-login locks the file by a directory at that path. Another program made something else there.',
    remedies: [`If no one needs it, remove it: rm ${printable(lock)}`, 'Nothing was changed.'],
  }),
  'file-contested': ({ path }) => ({
    headline: `${quote(path)} was changed by others again and again`,
    cause: 'Each time the new text was ready, another program had written the file in between.',
    remedies: ['Try again, or give the job its own file with --isolated.'],
  }),
  'file-exists': ({ path }) => ({
    headline: `${quote(path)} is there already, and holds something else`,
    cause: 'Somebody may have changed it by hand since it was written.',
    remedies: [`Compare, then remove it: rm ${printable(path)}`, 'Or give another name with --out.'],
  }),
  'role-unreadable': ({ source, fault }) => {
    const { headline, ...rest } = explainPolicyFault(fault);
    return { headline: `${quote(source)} holds no role to compare with: ${headline}`, ...rest };
  },
  'profile-not-ours': ({ path, profile, line }) => ({
    headline: `${quote(path)} has a profile ${quote(profile)} already, in line ${line}`,
    cause: 'Somebody else wrote it, and other jobs or tools may need it as it is.',
    remedies: [
      'Take another name: --profile NAME',
      'Or leave the file alone and use a private copy of it: --isolated',
      'Or change it on purpose: --overwrite-profile ("sem-aws-login logout" brings it back)',
    ],
  }),
  'profile-unreadable': ({ path, profile, problem, line, lineText }) => ({
    headline: `${quote(path)} cannot be given a profile ${quote(profile)} that every SDK reads`,
    cause: `${profileProblemText[problem]}, in line ${line}: ${quote(fromByteText(lineText))}.`,
    remedies: ['Mend that line, or let the job use a config file of its own: --isolated', 'Nothing was changed.'],
  }),
  'profile-value-unwritable': ({ path, profile, key }) => ({
    headline: `The profile ${quote(profile)} cannot be written to ${quote(path)}`,
    cause:
      key === undefined
        ? 'Some AWS SDK cannot read a profile of this name.'
        : `The value of ${quote(key)} holds a character that not every SDK reads alike: a control character, or " #".`,
    remedies: [
      key === undefined
        ? 'Take another name: --profile NAME'
        : 'Change that value; for a path, SEM_AWS_LOGIN_HOME moves it.',
    ],
  }),
  'profile-unknown': ({ profile, directory }) => ({
    headline: `No login of this job has made a profile ${quote(profile)}`,
    cause: `Nothing of it stands in ${quote(directory)}: the job has not logged in, has logged out, or has ended.`,
    remedies: [`Log in first: source "$(sem-aws-login --role-arn ARN --profile ${printable(profile)})"`],
    steps: [{ intro: "To see this job's logins and their profiles:", lines: ['sem-aws-login status'] }],
  }),
  'static-keys': ({ path, profile, line }) => ({
    headline: `${quote(path)} holds static keys for the profile ${quote(profile)}, in line ${line}`,
    cause: 'The JavaScript and Go SDKs take static keys before a web identity, so the job would act as somebody else.',
    remedies: [
      'Take another name: --profile NAME',
      'Or remove the keys; a login does not need them.',
      'Or go on all the same, if this is a login: --overwrite-profile',
    ],
  }),
  'ca-bundle-unusable': ({ variable, path, problem }) => ({
    headline: `The certificates that ${variable} names cannot be used: ${quote(path)}`,
    cause: typeof problem === 'string' ? bundleText[problem] : `It cannot be read (${problem.code}).`,
    remedies: [
      ...(problem === 'der' ? [`Convert it: openssl x509 -inform der -in ${printable(path)} -out FILE.pem`] : []),
      `Unset ${variable}, or name a file of PEM certificates that this user can read; with none trusted, no token was sent.`,
    ],
  }),
} satisfies WordsFor<FileFailure>;

const foundText: Readonly<Record<FactsOf<'lock-not-a-directory'>['found'], string>> = {
  file: 'a file',
  link: 'a link',
  other: 'something else',
};

const lossText: Readonly<
  Record<ReplacementLoss, { headline: string; cause: string; remedy: (path: string) => string }>
> = {
  'hard-links': {
    headline: 'has hard links, which a login cannot keep',
    cause: 'A login replaces the file. The other names would keep the old content.',
    remedy: (path) => `Or find the other names and remove them: find ~ -samefile ${printable(path)}`,
  },
  'foreign-owner': {
    headline: 'has an owner or group that cannot be kept',
    cause: 'A login replaces the file, and this user cannot give the new file to that owner or group.',
    remedy: (path) => `Or make the file yours: sudo chown "$(id -u):$(id -g)" ${printable(path)}`,
  },
  'access-list': {
    headline: 'has an access list, which a login cannot keep',
    cause:
      'The file or its directory has the list. A login replaces the file, and other users would gain or lose access.',
    remedy: (path) => `Or remove the list of both: setfacl -b ${printable(path)} "$(dirname ${printable(path)})"`,
  },
};

const bundleText: Readonly<Record<Extract<CaBundleProblem, string>, string>> = {
  'not-a-file': 'It is not a regular file.',
  'too-large': 'It is larger than 8 MB.',
  empty: 'It is empty, so there is no certificate in it.',
  der: 'It is a certificate in DER form; it has to be PEM, which is text.',
  damaged: 'Its first certificate is damaged, cut short or changed, and what follows would not be read either.',
  'no-certificate': 'It holds no certificate in PEM form.',
};

const profileProblemText: Readonly<Record<FactsOf<'profile-unreadable'>['problem'], string>> = {
  'profile-twice': 'The profile stands there twice',
  'junk-line': 'Something in it is neither a key nor a comment',
  'key-twice': 'It has a key twice',
  'odd-header': 'Readers disagree on where it begins or ends',
  'not-text': 'The file is not text',
};

const unsafeCause: Readonly<Record<Exclude<UnsafeReason, 'not-a-file'>, string>> = {
  link: 'It is a symbolic link, which may lead anywhere.',
  'foreign-owner': 'It belongs to another user.',
  'writable-by-others': 'Other users may write to it.',
  'not-a-directory': 'It is not a directory.',
};

function causeOfCode(code: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return 'The user that this job runs as has no right to it, or to a directory above it; often a step under sudo or in a container made them.';
    case 'EROFS':
      return 'The file system is mounted read-only.';
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'The disk is full, or a quota or limit for this user.';
    case 'EISDIR':
      return 'It is a directory.';
    case 'EBUSY':
      return 'It is mounted there on its own, as "docker run -v FILE:FILE" does: such a file cannot be replaced.';
    case 'ENOENT':
      return 'It is not there, or it is a link to something that is not there.';
    case 'ELOOP':
      return 'Its links go round in a circle, or it is a link where none is followed.';
    case 'ENOTDIR':
      return 'Something above it is a file, not a directory.';
    default:
      return 'The system refused.';
  }
}

function remedyOfCode(code: string): string {
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'Make room on the disk.';
    case 'EIO':
      return 'Look at the disk, it failed.';
    case 'EACCES':
    case 'EPERM':
      return `See whose it is with "ls -ld", and give it to this user. ${otherPlaces}`;
    default:
      return `Mend that. ${otherPlaces}`;
  }
}

const otherPlaces =
  "If it is AWS's config file, --isolated gives the job one of its own; if it is this program's directory, SEM_AWS_LOGIN_HOME names another.";
