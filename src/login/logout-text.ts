import type { Shell } from '../cli/login-options.ts';
import { printable, withTilde } from '../text/quote.ts';
import { quoteForBash, quoteForPowerShell } from '../text/shell-words.ts';
import { wrap } from '../text/wrap.ts';
import type { UndoneProfile } from './undo.ts';

/** Returns the summary of a logout; `cachedSessions` is the number of those that were removed. */
export function logoutReportLines(
  outcomes: readonly UndoneProfile[],
  cachedSessions: number,
  home: string | undefined,
): string[] {
  return [
    "sem-aws-login: logged out; this job's token and files are removed",
    ...outcomes.map((outcome) => outcomeText(outcome, home)),
    ...(cachedSessions === 0
      ? []
      : [`  removed   ${sessionsText(cachedSessions)} that AWS tools had cached in ~/.aws`]),
  ];
}

function sessionsText(count: number): string {
  return count === 1 ? '1 session' : `${count} sessions`;
}

function outcomeText(outcome: UndoneProfile, home: string | undefined): string {
  const where = `profile "${outcome.profile}" in ${printable(withTilde(outcome.config, home))}`;
  switch (outcome.kind) {
    case 'removed':
      return `  removed   ${where}`;
    case 'restored':
      return `  restored  ${where}, as it was before the login`;
    case 'not-there':
      return `  missing   ${where}: another program removed it`;
    case 'left':
      return outcome.by === undefined
        ? `  kept      ${where}, line ${outcome.line}: its comment line "Managed by sem-aws-login" is missing`
        : `  kept      ${where}, line ${outcome.line}: job ${outcome.by} uses it now`;
  }
}

/** Returns the warning for a shell that still has a login's variables: the file that restores them, and the usual line. */
export function keptVariablesLines(variables: readonly string[], envFile: string, shell: Shell): string[] {
  const [first = '', ...others] = variables;
  const more = others.length === 0 ? ' is' : ` and ${others.length} more variables are`;
  const warning = `warning: ${first}${more} still set. To restore them:`;
  const source = shell === 'bash' ? `source ${quoteForBash(envFile)}` : `. ${quoteForPowerShell(envFile)}`;
  return [
    ...wrap(warning, '  ', '  '),
    `    ${source}`,
    '  To log out and restore them in one step:',
    shell === 'bash' ? '    source "$(sem-aws-login logout)"' : '    . (sem-aws-login logout)',
  ];
}
