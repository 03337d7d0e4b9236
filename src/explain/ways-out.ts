import { nameInResource, splitArn } from '../aws/arn.ts';
import { defaultProfile } from '../cli/login-options.ts';
import type { Paste } from '../text/explanation.ts';
import { printable } from '../text/quote.ts';
import { quoteForBash } from '../text/shell-words.ts';
import { type GivenLine, givenValue, lineToPaste, stepToRun } from './given-line.ts';

/** Returns a value as one word of a shell, safe to print. */
export function shellWord(value: string): string {
  return quoteForBash(printable(value, 1000));
}

/** Returns the directory that a path is in. */
export function directoryOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? '.' : path.slice(0, Math.max(1, end));
}

/** Returns the step that gives the job a config file of its own; none for a command that cannot have one. */
export function isolatedSteps(given: GivenLine | undefined, intro: string): Paste[] {
  const exportsNothing = givenValue(given, 'export') === 'none';
  const drop = ['shared-config', ...(exportsNothing ? ['export'] : [])];
  return stepToRun(given, intro, { set: { isolated: true }, drop });
}

/** Returns the step that keeps this program's files elsewhere. */
export function ownDirectoryStep(intro: string): Paste {
  return { intro, lines: ['export SEM_AWS_LOGIN_HOME="$(mktemp -d)"'] };
}

/** Returns the step that writes a profile with another name, made from the role's. */
export function anotherProfileSteps(given: GivenLine | undefined, profile: string): Paste[] {
  if (givenValue(given, 'role') !== undefined) return [{ intro: 'Use another profile name in --role.', lines: [] }];
  const role = nameInResource(splitArn(givenValue(given, 'role-arn') ?? '')?.resource ?? '');
  const candidates = [role, 'semaphore', `${profile}-semaphore`];
  const name = candidates.find((one) => one !== profile && one !== defaultProfile && /^[\w-]{1,64}$/.test(one));
  return stepToRun(given, 'Use another profile', { set: { profile: name ?? 'semaphore' } });
}

/** Returns the step that prints the time of this machine and of AWS. */
export function compareClocks(intro: string): Paste {
  // -k: with a wrong clock no certificate is valid.
  return { intro, lines: ['date -u', 'curl -ksSI https://sts.amazonaws.com | grep -i ^date'] };
}

/** Returns the `doctor` of this job, with the options of the given line that it has too. */
export function doctorStep(given: GivenLine | undefined, intro: string): Paste {
  return { intro, lines: [lineToPaste(given, { command: 'doctor' }) ?? 'sem-aws-login doctor'] };
}
