import type { IsolationCause } from '../job/place.ts';
import type { EarlierLogin, LoginReport, LoginWarning, ReportedRole } from '../job/reported-login.ts';
import { explanationOf } from './catalogue.ts';
import { defectText } from './defect-text.ts';
import { homely } from './home-path.ts';
import { durationText, instantText } from './instant.ts';
import { enumerate, readable } from './quote.ts';

const longestReport = 10;

/** The summary: one line that says it all, then details and warnings, ten lines at most; warnings stay before details do. */
export function loginReportLines(report: LoginReport, quiet: boolean): string[] {
  const headline = quiet ? [] : [headlineOf(report)];
  const room = longestReport - headline.length;
  const warnings = warningLines(report.warnings, room);
  const details = quiet ? [] : detailsOf(report).slice(0, room - warnings.length);
  return [...headline, ...details, ...warnings];
}

/** A line for each warning, as many as there is room for. */
export function warningLines(warnings: readonly LoginWarning[], room: number): string[] {
  const lines = warnings.map((warning) => `  warning: ${warningText(warning)}`);
  if (lines.length <= room) return lines;
  return [...lines.slice(0, room - 1), `  warning: and ${lines.length - room + 1} more`];
}

function headlineOf(report: LoginReport): string {
  const { roles } = report;
  const [first] = roles;
  const done = first?.sessionEnds === undefined ? 'prepared a login' : 'logged in';
  const whom = first !== undefined && roles.length === 1 ? whomText(first) : `to ${roles.length} roles`;
  return `sem-aws-login: ${done} ${whom}${lengthText(report)}`;
}

function lengthText({ roles, tokenEnds, now, exportsKeys }: LoginReport): string {
  const ends = exportsKeys ? roles[0]?.sessionEnds : tokenEnds;
  // Past by this machine's clock: a warning tells of it.
  return ends === undefined || ends <= now ? '' : `, for ${durationText(ends.getTime() - now.getTime())}`;
}

function whomText({ account, roleName }: ReportedRole): string {
  return `to AWS account ${account} as ${readable(roleName)}`;
}

function detailsOf(report: LoginReport): string[] {
  const { endpoint, unset, roles, sessionName } = report;
  const [first] = roles;
  const lasts = lastsText(report);
  const lines: string[] = [];
  if (roles.length > 1) lines.push(...severalLines(roles));
  else if (first !== undefined && first.by.length > 0)
    lines.push(`  by way   ${first.by.map((arn) => readable(arn)).join(', ')}`);
  lines.push(`  session  ${sessionName}`);
  if (lasts !== '') lines.push(`  lasts    ${lasts}`);
  lines.push(roles.length > 1 ? `  profiles ${placeText(report)}` : `  profile  ${profileText(report)}`);
  if (roles.some((role) => role.asksProgram))
    lines.push('  keys     come from this program (credential_process): no other profile can say what was asked for');
  if (endpoint !== undefined && !endpoint.isAws) lines.push(`  asked    ${readable(endpoint.url)}, which is not AWS's`);
  if (unset.length > 0) lines.push(`  unset    ${unset.join(', ')}`);
  return lines;
}

function severalLines(roles: readonly ReportedRole[]): string[] {
  const most = 3;
  const line = ({ profile, roleName, account }: ReportedRole) =>
    `  role     --profile ${profile}: ${readable(roleName)} in ${account}`;
  if (roles.length <= most) return roles.map(line);
  const rest = roles.slice(most - 1).map(({ profile }) => profile);
  return [...roles.slice(0, most - 1).map(line), `  roles    ${readable(enumerate(rest))} too`];
}

function lastsText({ roles, tokenEnds, exportsKeys }: LoginReport): string {
  const ends = roles[0]?.sessionEnds;
  const token = tokenEnds && `the token ends, ${instantText(tokenEnds)}`;
  if (ends === undefined) return token === undefined ? '' : `until ${token}`;
  if (exportsKeys) return `the exported keys until ${instantText(ends)}; nothing renews them`;
  return `the session until ${instantText(ends)}, renewed by SDKs${token === undefined ? '' : ` until ${token}`}`;
}

function profileText(report: LoginReport): string {
  return `"${report.roles[0]?.profile ?? ''}" ${placeText(report)}`;
}

function placeText({ region, config, isolation, earlier, home }: LoginReport): string {
  const where =
    isolation === undefined ? readable(homely(config, home)) : `a private config file (${isolationText[isolation]})`;
  return `in ${where}, ${region === undefined ? 'no region' : `region ${region}`}${earlierText(earlier)}`;
}

const isolationText: Readonly<Record<IsolationCause, string>> = {
  asked: 'asked for',
  'self-hosted': 'self-hosted agent',
  'home-unset': 'HOME is not set',
  'home-read-only': 'HOME is not writable',
  'config-read-only': 'the shared one is not writable',
};

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
    case 'not-exported':
      return `${enumerate(warning.variables)} outrank the profile here; source "$(sem-aws-login …)" unsets them`;
    case 'static-keys':
      return `${readable(warning.path)} has static keys for "${warning.profile}", which JavaScript and Go take first`;
    case 'keys-removed':
      return `took ${enumerate(warning.keys)} out of the profile in ${readable(warning.path)}; "sem-aws-login logout" brings them back`;
    case 'file-has-fault':
      return `${readable(warning.path)}, line ${warning.line}, ${defectText[warning.why]}: not every SDK can read the file`;
    case 'endpoint-kept':
      return `${readable(warning.path)}, line ${warning.line}, sends requests elsewhere ("${warning.key}" was kept)`;
    case 'key-leaks-in':
      return `${readable(warning.path)}, line ${warning.line}, has "${warning.key}", which ${warning.reader} takes into this profile`;
    case 'clock-skew':
      return `this machine's clock is ${durationText(warning.skew)} ${warning.skew > 0 ? 'ahead of' : 'behind'} AWS's`;
    case 'config-not-copied':
      return `${readable(warning.path)} cannot be read by every SDK: the private config file holds this login only`;
    case 'leftover-stays':
      return `what an ended job left in ${readable(warning.path)} stays: ${explanationOf(warning.facts).headline}`;
  }
}
