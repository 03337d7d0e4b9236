import { defectText } from '../config-file/model.ts';
import { explanationOf } from '../explain/catalogue.ts';
import { durationText, joinWords, printable } from '../text/quote.ts';
import { wrap } from '../text/wrap.ts';
import type { LoginWarning } from './report.ts';

/** Returns as many whole warnings as fit in `room` lines, and how many more there are. */
export function warningLines(warnings: readonly LoginWarning[], room: number): string[] {
  const blocks = warnings.map((warning) => wrap(`warning: ${warningText(warning)}`, '  ', '    '));
  const lines: string[] = [];
  for (const [index, block] of blocks.entries()) {
    const left = blocks.length - index;
    const needed = left === 1 ? block.length : block.length + 1;
    const fitsWhole = blocks.slice(index).flat().length <= room - lines.length;
    if (!fitsWhole && lines.length + needed > room) return [...lines, `  warning: and ${left} more`];
    lines.push(...block);
  }
  return lines;
}

function warningText(warning: LoginWarning): string {
  switch (warning.kind) {
    case 'no-region':
      return 'no region is set; many AWS tools need one: add --region eu-west-1';
    case 'not-verified':
      return 'STS was not asked (--no-verify): AWS can still deny the role at its first use';
    case 'session-name-shared':
      return `the session name "${warning.sessionName}" does not contain the job ID: the AWS CLI on this agent can reuse another job's session`;
    case 'token-ends-soon':
      return warning.left > 0
        ? `the token expires in ${durationText(warning.left)}; after that, AWS tools cannot renew the session`
        : `by this machine's clock, the token expired ${durationText(warning.left)} ago; AWS tools cannot renew the session with an expired token`;
    case 'cache-uses-role':
      return "Semaphore's cache (S3) now uses this role; to keep its own profile, set SEMAPHORE_CACHE_AWS_PROFILE=NAME";
    case 'role-replaced':
      return replacedRoleText(warning);
    case 'not-exported':
      return `${joinWords(warning.variables)} ${warning.variables.length > 1 ? 'are set and take' : 'is set and takes'} precedence over this login. To unset ${warning.variables.length > 1 ? 'them' : 'it'}, log in with source "$(sem-aws-login …)"`;
    case 'static-keys':
      return `${printable(warning.path)} has static keys for "${warning.profile}"; JavaScript and Go use them instead of this login`;
    case 'keys-removed':
      return `${joinWords(warning.keys)} removed from the profile in ${printable(warning.path)}; "sem-aws-login logout" restores ${warning.keys.length > 1 ? 'them' : 'it'}`;
    case 'file-has-fault':
      return `${printable(warning.path)}, line ${warning.line}, ${defectText[warning.why]}: not every SDK can read the file`;
    case 'endpoint-kept':
      return `${printable(warning.path)}, line ${warning.line}: "${warning.key}" sends the requests of this profile to another endpoint`;
    case 'key-leaks-in':
      return `${printable(warning.path)}, line ${warning.line}: ${warning.reader} also applies "${warning.key}" to this profile`;
    case 'clock-skew':
      return `this machine's clock is ${durationText(warning.skew)} ${warning.skew > 0 ? 'ahead of' : 'behind'} AWS's`;
    case 'config-not-copied':
      return `${printable(warning.path)} cannot be read by every SDK: the private config file contains only this login`;
    case 'not-watched':
      return `no watcher could be started (${warning.why}): if this job is stopped, its token remains until the next login`;
    case 'leftover-stays':
      return `files of an ended job remain in ${printable(warning.path)}: ${explanationOf(warning.facts).headline}`;
  }
}

function replacedRoleText({ profile, from, to }: Extract<LoginWarning, { kind: 'role-replaced' }>): string {
  const what =
    from === to
      ? `${printable(to)} with other session options`
      : `the role ${printable(to)} instead of ${printable(from)}`;
  return `profile "${profile}" now gives ${what}, in all shells of this job`;
}
