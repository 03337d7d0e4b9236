import { defaultProfile, type Shell } from '../cli/login-options.ts';
import type { LoginRequest } from '../cli/login-request.ts';
import { lastHopOf } from '../sts/role-chain.ts';
import { durationText, instantText, joinWords, printable, withTilde } from '../text/quote.ts';
import { tableLines } from '../text/wrap.ts';
import { isolationTexts } from './paths.ts';
import type { LoginPlan } from './plan.ts';
import type { EarlierLogin, LoginReport, LoginWarning, ReportedRole } from './report.ts';
import { warningLines } from './warning-text.ts';

const longestReport = 10;

/**
 * Returns the summary: headline, details, warnings, and how to use the env file, since nothing shows whether the shell
 * sources it. Details are dropped first to fit ten lines.
 */
export function loginReportLines(report: LoginReport, quiet: boolean): string[] {
  if (quiet) return warningLines(report.warnings, longestReport);
  const usage = report.sourcedBy === undefined ? [] : rowLines(['env file', usageTexts[report.sourcedBy]]);
  const room = longestReport - 1 - usage.length;
  const warnings = warningLines(report.warnings, room);
  const details = detailsOf(report)
    .flatMap(rowLines)
    .slice(0, room - warnings.length);
  return [headlineOf(report), ...details, ...warnings, ...usage];
}

/** `eval` runs the path as a command, `source <(…)` too: both end in "Permission denied". */
const usageTexts: Readonly<Record<Shell, string>> = {
  bash: 'needs source "$(sem-aws-login …)"; eval and source <(…) fail',
  powershell: 'needs . (sem-aws-login …); Invoke-Expression fails',
};

type Row = readonly [label: string, value: string];

function rowLines([label, value]: Row): string[] {
  return tableLines([[label.padEnd('env file'.length), value]], '  ');
}

function headlineOf(report: LoginReport): string {
  const { roles } = report;
  const [first] = roles;
  const done = first?.sessionEnds === undefined ? 'prepared a login to' : 'logged in to';
  const whom = first !== undefined && roles.length === 1 ? accountText(first) : `${roles.length} AWS roles`;
  return `sem-aws-login: ${done} ${whom}${remainingTimeText(report)}`;
}

function accountText({ account, roleName }: ReportedRole): string {
  return `AWS account ${account} as ${printable(roleName)}`;
}

function remainingTimeText({ roles, tokenEnds, now, exportsKeys }: LoginReport): string {
  const ends = exportsKeys ? roles[0]?.sessionEnds : tokenEnds;
  // A warning covers a token that has expired by this machine's clock.
  return ends === undefined || ends <= now ? '' : `, for ${durationText(ends.getTime() - now.getTime())}`;
}

function detailsOf(report: LoginReport): Row[] {
  const { endpoint, unset, roles, sessionName } = report;
  const [first] = roles;
  const isSingle = roles.length === 1;
  const expiry = expiryText(report);
  const where = profileDetailsText(report);
  const rows: Row[] = isSingle ? [] : roleRows(roles);
  const needsChoice = report.several || report.sourcedBy === undefined;
  const choice = needsChoice ? choiceRow(roles.map(({ profile }) => profile)) : undefined;
  if (choice !== undefined) rows.push(choice);
  if (expiry !== '') rows.push(['expires', expiry]);
  rows.push(isSingle ? ['profile', `"${first?.profile ?? ''}" in ${where}`] : ['config', where]);
  if (isSingle && first !== undefined && first.via.length > 0)
    rows.push(['via role', first.via.map((arn) => printable(arn)).join(', ')]);
  rows.push(['session', sessionName]);
  if (roles.some((role) => role.usesCredentialProcess)) rows.push(['keys', processText(isSingle)]);
  if (endpoint !== undefined && !endpoint.isAws) rows.push(['endpoint', `${printable(endpoint.url)} (not AWS)`]);
  if (unset.length > 0) rows.push(['unset', unset.join(', ')]);
  return rows;
}

function processText(isSingle: boolean): string {
  const text = 'fetched by sem-aws-login (credential_process)';
  return isSingle ? `${text}; for tools without that: --export static` : text;
}

function roleRows(roles: readonly ReportedRole[]): Row[] {
  const most = 3;
  const row = ({ profile, roleName, account }: ReportedRole): Row => [
    'profile',
    `"${profile}": role ${printable(roleName)} in account ${account}`,
  ];
  if (roles.length <= most) return roles.map(row);
  const rest = roles.slice(most - 1).map(({ profile }) => profile);
  return [...roles.slice(0, most - 1).map(row), ['profiles', `also ${printable(joinWords(rest))}`]];
}

/** Returns how commands choose one of these profiles; undefined if AWS tools use the only one by default. */
function choiceRow(profiles: readonly string[]): Row | undefined {
  const named = profiles.find((profile) => profile !== defaultProfile);
  if (named === undefined) return undefined;
  const choice = `--profile ${named} or export AWS_PROFILE=${named}`;
  return profiles.includes(defaultProfile) ? ['use', `${choice}; else "${defaultProfile}"`] : ['required', choice];
}

function expiryText({ roles, tokenEnds, exportsKeys }: LoginReport): string {
  const ends = roles[0]?.sessionEnds;
  if (exportsKeys && ends !== undefined) return `${instantText(ends)}; the exported keys are not renewed`;
  if (tokenEnds === undefined) return ends === undefined ? '' : `${instantText(ends)}; SDKs renew the session`;
  return `${instantText(tokenEnds)}${ends === undefined ? '' : '; SDKs renew the session until then'}`;
}

function profileDetailsText({ region, config, isolation, earlier, home }: LoginReport): string {
  const where =
    isolation === undefined
      ? printable(withTilde(config, home))
      : `a private config file (${isolationTexts[isolation].short})`;
  return `${where}, ${region === undefined ? 'no region' : `region ${region}`}${earlierText(earlier)}`;
}

function earlierText(earlier: EarlierLogin | undefined): string {
  if (earlier === undefined) return '';
  return earlier.kind === 'replaced' ? '; logged in again' : `; previously "${earlier.from}"`;
}

/** Returns the lines before the command's output: its roles, the expiry of static keys, how to choose a role; then warnings. */
export function execReportLines(
  { roles }: LoginPlan,
  { exports, quiet, several }: Pick<LoginRequest, 'exports' | 'quiet' | 'several'>,
  warnings: readonly LoginWarning[],
): string[] {
  const whom = joinWords(roles.map(({ chain }) => printable(lastHopOf(chain).roleArn)));
  const ends = roles[0].session?.keys.expiration;
  const until =
    exports === 'static' && ends !== undefined
      ? `, with keys that expire at ${instantText(ends)} and are not renewed`
      : '';
  const choice = several ? choiceRow(roles.map(({ profile }) => profile)) : undefined;
  const headline = quiet
    ? []
    : [`sem-aws-login: runs the command as ${whom}${until}`, ...(choice === undefined ? [] : rowLines(choice))];
  return [...headline, ...warningLines(warnings, 5)];
}
