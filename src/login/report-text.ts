import type { LoginRequest } from '../cli/login-request.ts';
import { defectText } from '../config-file/model.ts';
import { explanationOf } from '../explain/catalogue.ts';
import { lastHopOf } from '../sts/role-chain.ts';
import { durationText, instantText, joinWords, printable, withTilde } from '../text/quote.ts';
import { isolationTexts } from './paths.ts';
import type { LoginPlan } from './plan.ts';
import type { EarlierLogin, LoginReport, LoginWarning, ReportedRole } from './report.ts';
import type { UndoneProfile } from './undo.ts';

const longestReport = 10;

/** Returns the summary: headline, details, warnings. Details are dropped first to fit ten lines. */
export function loginReportLines(report: LoginReport, quiet: boolean): string[] {
  const headline = quiet ? [] : [headlineOf(report)];
  const room = longestReport - headline.length;
  const warnings = warningLines(report.warnings, room);
  const details = quiet ? [] : detailsOf(report).slice(0, room - warnings.length);
  return [...headline, ...details, ...warnings];
}

function warningLines(warnings: readonly LoginWarning[], room: number): string[] {
  const lines = warnings.map((warning) => `  warning: ${warningText(warning)}`);
  if (lines.length <= room) return lines;
  return [...lines.slice(0, room - 1), `  warning: and ${lines.length - room + 1} more`];
}

function headlineOf(report: LoginReport): string {
  const { roles } = report;
  const [first] = roles;
  const done = first?.sessionEnds === undefined ? 'prepared a login' : 'logged in';
  const whom = first !== undefined && roles.length === 1 ? roleText(first) : `to ${roles.length} roles`;
  return `sem-aws-login: ${done} ${whom}${remainingTimeText(report)}`;
}

function remainingTimeText({ roles, tokenEnds, now, exportsKeys }: LoginReport): string {
  const ends = exportsKeys ? roles[0]?.sessionEnds : tokenEnds;
  // A warning covers a token that has expired by this machine's clock.
  return ends === undefined || ends <= now ? '' : `, for ${durationText(ends.getTime() - now.getTime())}`;
}

function roleText({ account, roleName }: ReportedRole): string {
  return `to AWS account ${account} as ${printable(roleName)}`;
}

function detailsOf(report: LoginReport): string[] {
  const { endpoint, unset, roles, sessionName } = report;
  const [first] = roles;
  const lasts = expiryText(report);
  const lines: string[] = [];
  if (roles.length > 1) lines.push(...roleLines(roles));
  else if (first !== undefined && first.via.length > 0)
    lines.push(`  by way   ${first.via.map((arn) => printable(arn)).join(', ')}`);
  lines.push(`  session  ${sessionName}`);
  if (lasts !== '') lines.push(`  lasts    ${lasts}`);
  lines.push(roles.length > 1 ? `  profiles ${profileDetailsText(report)}` : `  profile  ${profileText(report)}`);
  if (roles.some((role) => role.usesCredentialProcess))
    lines.push('  keys     come from this program (credential_process): no other profile can say what was asked for');
  if (endpoint !== undefined && !endpoint.isAws)
    lines.push(`  asked    ${printable(endpoint.url)}, which is not AWS's`);
  if (unset.length > 0) lines.push(`  unset    ${unset.join(', ')}`);
  return lines;
}

function roleLines(roles: readonly ReportedRole[]): string[] {
  const most = 3;
  const line = ({ profile, roleName, account }: ReportedRole) =>
    `  role     --profile ${profile}: ${printable(roleName)} in ${account}`;
  if (roles.length <= most) return roles.map(line);
  const rest = roles.slice(most - 1).map(({ profile }) => profile);
  return [...roles.slice(0, most - 1).map(line), `  roles    ${printable(joinWords(rest))} too`];
}

function expiryText({ roles, tokenEnds, exportsKeys }: LoginReport): string {
  const ends = roles[0]?.sessionEnds;
  const token = tokenEnds && `the token ends, ${instantText(tokenEnds)}`;
  if (ends === undefined) return token === undefined ? '' : `until ${token}`;
  if (exportsKeys) return `the exported keys until ${instantText(ends)}; nothing renews them`;
  return `the session until ${instantText(ends)}, renewed by SDKs${token === undefined ? '' : ` until ${token}`}`;
}

function profileText(report: LoginReport): string {
  return `"${report.roles[0]?.profile ?? ''}" ${profileDetailsText(report)}`;
}

function profileDetailsText({ region, config, isolation, earlier, home }: LoginReport): string {
  const where =
    isolation === undefined
      ? printable(withTilde(config, home))
      : `a private config file (${isolationTexts[isolation].short})`;
  return `in ${where}, ${region === undefined ? 'no region' : `region ${region}`}${earlierText(earlier)}`;
}

function earlierText(earlier: EarlierLogin | undefined): string {
  if (earlier === undefined) return '';
  return earlier.kind === 'replaced'
    ? "; replaces this job's earlier login"
    : `; the job's profile was "${earlier.from}" until now`;
}

function warningText(warning: LoginWarning): string {
  switch (warning.kind) {
    case 'no-region':
      return 'no region is known; many AWS tools want one: --region REGION';
    case 'not-verified':
      return 'STS was not asked (--no-verify): whether the role may be assumed shows at the first use';
    case 'session-name-shared':
      return `the session name "${warning.sessionName}" lacks the job's id: the AWS CLI on this agent may reuse another job's session`;
    case 'token-ends-soon':
      return warning.left > 0
        ? `the token lives for ${durationText(warning.left)} more; after that nothing renews the session`
        : `by this machine's clock the token ended ${durationText(warning.left)} ago; after its end nothing renews the session`;
    case 'cache-uses-role':
      return "Semaphore's cache (S3) will now use this role; SEMAPHORE_CACHE_AWS_PROFILE=NAME keeps its own profile";
    case 'role-replaced':
      return replacedRoleText(warning);
    case 'not-exported':
      return `${joinWords(warning.variables)} outrank the profile here; source "$(sem-aws-login …)" unsets them`;
    case 'static-keys':
      return `${printable(warning.path)} has static keys for "${warning.profile}", which JavaScript and Go take first`;
    case 'keys-removed':
      return `took ${joinWords(warning.keys)} out of the profile in ${printable(warning.path)}; "sem-aws-login logout" brings them back`;
    case 'file-has-fault':
      return `${printable(warning.path)}, line ${warning.line}, ${defectText[warning.why]}: not every SDK can read the file`;
    case 'endpoint-kept':
      return `${printable(warning.path)}, line ${warning.line}, sends requests elsewhere ("${warning.key}" was kept)`;
    case 'key-leaks-in':
      return `${printable(warning.path)}, line ${warning.line}, has "${warning.key}", which ${warning.reader} takes into this profile`;
    case 'clock-skew':
      return `this machine's clock is ${durationText(warning.skew)} ${warning.skew > 0 ? 'ahead of' : 'behind'} AWS's`;
    case 'config-not-copied':
      return `${printable(warning.path)} cannot be read by every SDK: the private config file holds this login only`;
    case 'not-watched':
      return `no watcher could be started (${warning.why}): if this job is stopped, its token stays until the next login`;
    case 'leftover-stays':
      return `what an ended job left in ${printable(warning.path)} stays: ${explanationOf(warning.facts).headline}`;
  }
}

/**
 * Returns the line before the command's output (roles, expiry of static keys), then the warnings.
 */
export function execReportLines(
  { roles }: LoginPlan,
  { exports, quiet }: Pick<LoginRequest, 'exports' | 'quiet'>,
  warnings: readonly LoginWarning[],
): string[] {
  const whom = joinWords(roles.map(({ chain }) => printable(lastHopOf(chain).roleArn)));
  const ends = roles[0].session?.keys.expiration;
  const until =
    exports === 'static' && ends !== undefined ? `, until ${instantText(ends)}: its keys are not renewed` : '';
  const headline = quiet ? [] : [`sem-aws-login: runs the command as ${whom}${until}`];
  return [...headline, ...warningLines(warnings, 3)];
}

/** Returns a logout's summary. `cachedSessions` counts those that were removed. */
export function logoutReportLines(
  outcomes: readonly UndoneProfile[],
  cachedSessions: number,
  home: string | undefined,
): string[] {
  return [
    "sem-aws-login: logged out; this job's token and files are removed",
    ...outcomes.map((outcome) => outcomeText(outcome, home)),
    ...(cachedSessions === 0 ? [] : [`  removed  ${sessionsText(cachedSessions)} that AWS tools had cached in ~/.aws`]),
  ];
}

function sessionsText(count: number): string {
  return count === 1 ? '1 session' : `${count} sessions`;
}

function outcomeText(outcome: UndoneProfile, home: string | undefined): string {
  const where = `profile "${outcome.profile}" in ${printable(withTilde(outcome.config, home))}`;
  switch (outcome.kind) {
    case 'removed':
      return `  removed  ${where}`;
    case 'restored':
      return `  restored ${where}, as it was before the login`;
    case 'not-there':
      return `  gone     ${where}: somebody removed it before`;
    case 'left':
      return outcome.by === undefined
        ? `  left     ${where}, line ${outcome.line}: it is no longer marked as ours`
        : `  left     ${where}, line ${outcome.line}: job ${outcome.by} has written it since`;
  }
}

function replacedRoleText({ profile, from, to }: Extract<LoginWarning, { kind: 'role-replaced' }>): string {
  const what = from === to ? `${printable(to)} with other session options` : `${printable(from)}, now ${printable(to)}`;
  return `profile "${profile}" was ${what}; all shells of this job that use it change too`;
}
