import type { FactsOf } from '../failure.ts';
import type { FileFailure, UnsafeReason } from '../failures/file.ts';
import { fromByteText } from '../text/byte-text.ts';
import type { Paste } from '../text/explanation.ts';
import { printable, quote } from '../text/quote.ts';
import { explainPolicyFault } from '../trust/policy-fault.ts';
import type { ReplacementLoss } from '../world/world.ts';
import { bundleCause, bundleSteps } from './ca-bundle.ts';
import { type GivenLine, givenValue, lineToPaste, stepToRun, type WordsFor } from './given-line.ts';
import { anotherProfileSteps, directoryOf, isolatedSteps, ownDirectoryStep, shellWord } from './ways-out.ts';

/** Files on this machine, and stdout. */
export const fileFailures = {
  'file-unusable': ({ path, operation, code }, given) => ({
    headline: `Cannot ${operation} ${quote(path)} (${code})`,
    cause: `${causeOfCode(code)} Nothing was changed.`,
    remedies: [],
    steps: [...codeSteps(code, path), ...otherFileSteps(path, given)],
  }),
  'file-unsafe': ({ path, reason }, given) =>
    reason === 'not-a-file'
      ? {
          headline: `${quote(path)} is not a file`,
          cause: 'The path is a directory, a pipe, a device or a socket.',
          remedies: [],
          steps: [look(path), ...isolatedSteps(given, 'If AWS_CONFIG_FILE names it, use a private config file')],
        }
      : {
          headline: `${quote(path)} is not safe to keep a token in`,
          cause: unsafeCause[reason],
          remedies: [],
          steps: [
            look(path),
            ...(reason === 'writable-by-others'
              ? [{ intro: 'If only this user needs it, fix its mode:', lines: [`chmod go-w ${shellWord(path)}`] }]
              : []),
            ownDirectoryStep('If no one needs it, remove it. Otherwise use another directory:'),
          ],
        },
  'file-too-large': ({ path, megabytes }, given) => ({
    headline: `${quote(path)} is larger than ${megabytes} MB`,
    cause: 'It is probably not the right file, or a program filled it by mistake.',
    remedies: [],
    steps: [
      { intro: 'Check its size:', lines: [`ls -lL ${shellWord(path)}`] },
      ...isolatedSteps(given, "If it is AWS's config file, use a private config file"),
    ],
  }),
  'file-not-replaceable': ({ path, loss }, given) => {
    const { headline, cause, intro, command } = lossText[loss];
    return {
      headline: `${quote(path)} ${headline}`,
      cause: `${cause} Nothing was changed.`,
      remedies: [],
      steps: [
        ...isolatedSteps(given, 'Use a private copy of the file'),
        { intro, lines: [command(shellWord(path), shellWord(directoryOf(path)))] },
      ],
    };
  },
  'stdout-unusable': ({ code }, given) => ({
    headline: `Cannot write to standard output (${code})`,
    cause: causeOfCode(code),
    remedies: [],
    steps: stepToRun(given, 'The command ran, but its output is lost. Run it again', {}),
  }),
  'file-locked': ({ path, lock, seconds }) => ({
    headline: `Another process has held the lock of ${quote(path)} for ${seconds} s`,
    cause: 'That process is still working on the file, or the disk is very slow.',
    remedies: ['Run the job again.'],
    steps: [{ intro: 'If no other job uses the file, remove the lock:', lines: [`rm -r ${shellWord(lock)}`] }],
  }),
  'lock-not-a-directory': ({ path, lock, found }) => ({
    headline: `The lock of ${quote(path)} is ${foundText[found]}, not a directory`,
    cause:
      'sem-aws-login locks the file by a directory. Another program made something else at its path. Nothing was changed.',
    remedies: [],
    steps: [{ intro: 'If no one needs it, remove it:', lines: [`rm ${shellWord(lock)}`] }],
  }),
  'file-contested': ({ path }, given) => ({
    headline: `${quote(path)} kept changing while it was edited`,
    cause: 'Another program wrote the file before each attempt to replace it.',
    remedies: [],
    steps: isolatedSteps(given, 'Run the job again, or use a private copy of the file'),
  }),
  'file-exists': ({ path }, given) => {
    const setup = lineToPaste(given, { drop: ['out'] });
    return {
      headline: `${quote(path)} exists and has other content`,
      cause: 'setup does not overwrite a file: someone can have changed it since it was written.',
      remedies: ['Use another file name with --out.'],
      steps: [
        ...(setup === undefined
          ? []
          : [{ intro: 'To see the differences:', lines: [`${setup} | diff ${shellWord(path)} -`] }]),
        { intro: 'To write it again, remove it first:', lines: [`rm ${shellWord(path)}`] },
      ],
    };
  },
  'role-unreadable': ({ source, fault }, given) => {
    const { headline, cause, remedies } = explainPolicyFault(fault);
    const repository = givenValue(given, 'repo');
    const role = givenValue(given, 'role-name') ?? (repository === undefined ? 'ROLE' : `semaphore-${repository}`);
    const command = `aws iam get-role --role-name ${shellWord(role)}`;
    return {
      headline: `${quote(source)} has no trust policy that can be read`,
      cause: `${headline}. ${cause}`,
      remedies,
      steps: [
        source === 'standard input'
          ? { intro: 'Pipe the answer of this command into it:', lines: [command] }
          : { intro: "Get the role's current policy:", lines: [`${command} > ${shellWord(source)}`] },
      ],
    };
  },
  'profile-not-ours': ({ path, profile, line }, given) => ({
    headline: `${quote(path)} has a profile ${quote(profile)} already, in line ${line}`,
    cause: 'Another program or person wrote it, and other jobs can depend on it.',
    remedies: [],
    steps: [
      ...anotherProfileSteps(given, profile),
      ...isolatedSteps(given, 'Or use a private copy of the file'),
      ...stepToRun(given, 'Or overwrite the profile; "sem-aws-login logout" restores it', {
        set: { 'overwrite-profile': true },
      }),
    ],
  }),
  'profile-unreadable': ({ path, profile, problem, line, lineText }, given) => ({
    headline: `Cannot add a profile ${quote(profile)} to ${quote(path)}`,
    cause: `Some SDKs cannot read the result: ${profileProblemText[problem]}, in line ${line}: ${quote(fromByteText(lineText))}. Nothing was changed.`,
    remedies: [],
    steps: isolatedSteps(given, 'Fix that line, or use a private config file'),
  }),
  'profile-value-unwritable': ({ path, profile, key }, given) => ({
    headline: `Cannot write the profile ${quote(profile)} to ${quote(path)}`,
    cause:
      key === undefined
        ? 'Some AWS SDKs cannot read a profile with this name.'
        : `The value of ${quote(key)} has a character that SDKs read differently: a control character, or " #".`,
    remedies: [],
    steps:
      key === undefined
        ? anotherProfileSteps(given, profile)
        : [ownDirectoryStep('Change that value. If it is a path below HOME, use another directory:')],
  }),
  'profile-unknown': ({ profile, directory }, given) => ({
    headline: `No login of this job wrote a profile ${quote(profile)}`,
    cause: `${quote(directory)} has no login for it: the job has not logged in, has logged out, or has ended.`,
    remedies: [],
    steps: [
      ...stepToRun(given, 'Log in first, with the ARN of your role', {
        command: 'login',
        set: { 'role-arn': exampleRole, ...(profile === 'default' ? {} : { profile }) },
      }),
      { intro: "To see this job's logins and their profiles:", lines: ['sem-aws-login status'] },
    ],
  }),
  'static-keys': ({ path, profile, line }, given) => ({
    headline: `${quote(path)} has static keys for ${quote(profile)}, in line ${line}`,
    cause: 'The JavaScript and Go SDKs use static keys before this login, so the job would act as another user.',
    remedies: [],
    steps: [
      ...anotherProfileSteps(given, profile),
      { intro: 'Or remove the keys. A login does not need them.', lines: [] },
      ...stepToRun(given, 'Or log in despite the keys', { set: { 'overwrite-profile': true } }),
    ],
  }),
  'ca-bundle-unusable': ({ variable, path, problem }) => ({
    headline: `Cannot use the certificates in ${quote(path)} (${variable})`,
    cause: `${bundleCause(problem)} No token was sent.`,
    remedies: [],
    steps: bundleSteps(variable, path, problem),
  }),
} satisfies WordsFor<FileFailure>;

const exampleRole = 'arn:aws:iam::123456789012:role/deploy';

const foundText: Readonly<Record<FactsOf<'lock-not-a-directory'>['found'], string>> = {
  file: 'a file',
  link: 'a link',
  other: 'something else',
};

interface LossText {
  readonly headline: string;
  readonly cause: string;
  readonly intro: string;
  /** Takes the paths of the file and its directory, quoted for a shell. */
  readonly command: (file: string, directory: string) => string;
}

const lossText: Readonly<Record<ReplacementLoss, LossText>> = {
  'hard-links': {
    headline: 'has hard links, which a login cannot keep',
    cause: 'A login replaces the file. The other names would keep the old content.',
    intro: 'Or find the other names, and remove them:',
    command: (file) => `find ~ -samefile ${file}`,
  },
  'foreign-owner': {
    headline: 'has an owner or group that cannot be kept',
    cause: 'A login replaces the file, and this user cannot give the new file to that owner or group.',
    intro: 'Or make the file yours:',
    command: (file) => `sudo chown "$(id -u):$(id -g)" ${file}`,
  },
  'access-list': {
    headline: 'has an access list, which a login cannot keep',
    cause:
      'The file or its directory has the list. A login replaces the file, and other users would gain or lose access.',
    intro: 'Or remove the list of both:',
    command: (file, directory) => `setfacl -b ${file} ${directory}`,
  },
};

const profileProblemText: Readonly<Record<FactsOf<'profile-unreadable'>['problem'], string>> = {
  'profile-twice': 'the profile is there twice',
  'junk-line': 'the profile has something that is neither a key nor a comment',
  'key-twice': 'the profile has a key twice',
  'odd-header': 'readers disagree on where the profile begins or ends',
  'not-text': 'the file is not text',
};

const unsafeCause: Readonly<Record<Exclude<UnsafeReason, 'not-a-file'>, string>> = {
  link: 'It is a symbolic link, which can point anywhere.',
  'foreign-owner': 'It belongs to another user.',
  'writable-by-others': 'Other users can write to it.',
  'not-a-directory': 'It is not a directory.',
};

function causeOfCode(code: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return "This job's user has no permission for it, or for a directory above it. Often a step under sudo or in a container made it.";
    case 'EROFS':
      return 'The file system is mounted read-only.';
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return "The disk is full, or this user's quota or limit is reached.";
    case 'EISDIR':
      return 'It is a directory.';
    case 'EBUSY':
      return 'It is a mount of its own, as "docker run -v FILE:FILE" makes. Such a file cannot be replaced.';
    case 'ENOENT':
      return 'It does not exist, or it is a link to something that does not exist.';
    case 'ELOOP':
      return 'Its links form a circle, or it is a link where links are not allowed.';
    case 'ENOTDIR':
      return 'Something above it is a file, not a directory.';
    default:
      return 'The system rejected the operation.';
  }
}

function codeSteps(code: string, path: string): Paste[] {
  const file = shellWord(path);
  const directory = shellWord(directoryOf(path));
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return [{ intro: 'Free some disk space. To see what is left:', lines: [`df -h ${directory}`] }];
    case 'EIO':
      return [{ intro: 'Check the disk: it reported an error.', lines: [] }];
    case 'EACCES':
    case 'EPERM':
      return [{ intro: 'Check owner and mode, and give it to this user:', lines: [`ls -ld ${directory} ${file}`] }];
    case 'ENOENT':
      return [{ intro: 'Check the path:', lines: [`ls -l ${directory}`] }];
    default:
      return [look(path)];
  }
}

function look(path: string): Paste {
  return { intro: 'Check what it is:', lines: [`ls -ld ${shellWord(path)}`] };
}

/** What to do by whose file it is: one that an option names, this program's own, or probably AWS's. */
function otherFileSteps(path: string, given: GivenLine | undefined): Paste[] {
  const option = ['session-policy', 'trust-policy', 'claims', 'check', 'out', 'token-file'].find(
    (name) => givenValue(given, name) === path,
  );
  if (option !== undefined) return [{ intro: `Check the value of --${option}: ${printable(path)}`, lines: [] }];
  if (/[/\\](?:\.sem-aws-login|sem-aws-login-\d+)(?:[/\\]|$)/.test(path))
    return [ownDirectoryStep('Or use another directory:')];
  return isolatedSteps(given, "If it is AWS's config file, use a private one");
}
