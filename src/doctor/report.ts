import type { ExitCode } from '../failure.ts';
import { bodyLines, type Explanation } from '../text/explanation.ts';
import { jsonText } from '../text/json.ts';
import { defaultColumns, wrap } from '../text/wrap.ts';
import type { Finding, FindingText, Status } from './finding.ts';

const statusWidth = 6;
const nameWidth = 14;
const indent = ' '.repeat(statusWidth);

/** How the report for people is shown. */
export interface ReportStyle {
  readonly columns: number;
  readonly colours: boolean;
  /** Whether to show the passed checks in full. */
  readonly verbose: boolean;
}

/** Lines that push a problem off a small terminal, or nearly so. */
const longReport = 12;

/**
 * Returns the report for people: problems, warnings, the passed checks, a summary. A long report ends with the problems
 * once more, so that the last screen shows why doctor fails.
 */
export function doctorReportLines(
  findings: readonly Finding[],
  style: ReportStyle = { columns: defaultColumns, colours: false, verbose: false },
): string[] {
  const withStatus = (status: Status) => findings.filter((finding) => finding.status === status);
  const failed = withStatus('fail');
  const lines = [
    ...[...failed, ...withStatus('warn')].flatMap((finding) => findingLines(finding, style)),
    ...passedLines(findings, style),
  ];
  const again = lines.length > longReport ? failed.flatMap((finding) => headlineLines(finding, style)) : [];
  return [...lines, ...again, summaryLine(findings)];
}

function findingLines(finding: Finding, style: ReportStyle): string[] {
  const { text } = finding;
  const { columns, verbose } = style;
  const details = [...(text.details ?? []), ...(verbose ? (text.verboseDetails ?? []) : [])];
  const known = [...(text.known ?? []), ...(verbose ? (text.debug ?? []) : [])];
  return [
    ...headlineLines(finding, style),
    ...bodyLines({ ...text, known, steps: [], remedies: [] }, indent, columns),
    ...details.flatMap((detail) => [
      ...wrap(detail.headline, indent, `${indent}  `, columns),
      ...bodyLines(detail, `${indent}  `, columns),
    ]),
    ...bodyLines({ steps: text.steps ?? [], remedies: text.remedies ?? [] }, indent, columns),
  ];
}

function headlineLines({ check, status, text }: Finding, { columns, colours }: ReportStyle): string[] {
  const beginning = `${status.padEnd(statusWidth)}${check.padEnd(nameWidth)}`;
  const [first = '', ...more] = wrap(text.headline, beginning, `${indent}  `, columns);
  return [coloured(first, status, colours), ...more];
}

/** Passed checks in one line, or in full. A check with a warning has not passed. */
function passedLines(findings: readonly Finding[], style: ReportStyle): string[] {
  if (style.verbose)
    return findings.filter(({ status }) => status === 'ok').flatMap((finding) => findingLines(finding, style));
  const names = passedChecks(findings);
  if (names.length === 0) return [];
  const text = `${names.join(', ')} (details: --verbose)`;
  const [first = '', ...more] = wrap(text, 'ok'.padEnd(statusWidth), indent, style.columns);
  return [coloured(first, 'ok', style.colours), ...more];
}

function passedChecks(findings: readonly Finding[]): string[] {
  const checks = new Set(findings.map(({ check }) => check));
  for (const { check, status } of findings) if (status !== 'ok') checks.delete(check);
  return [...checks];
}

// ANSI colours that every terminal supports.
const colourOf: Readonly<Record<Status, number>> = { ok: 32, warn: 33, fail: 31 };

function coloured(line: string, status: Status, colours: boolean): string {
  return colours ? `\u001b[${colourOf[status]}m${status}\u001b[39m${line.slice(status.length)}` : line;
}

function summaryLine(findings: readonly Finding[]): string {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const warnings = count('warn');
  const failed = count('fail');
  const exitCode = findings.find(({ status }) => status === 'fail')?.exitCode;
  return [
    `${passedChecks(findings).length} passed`,
    ...(warnings === 0 ? [] : [warnings === 1 ? '1 warning' : `${warnings} warnings`]),
    ...(failed === 0 ? [] : [`${failed} failed (exit code ${exitCode})`]),
  ].join(', ');
}

/** Names the format of the JSON report (docs/doctor.md). Within one number, members are only added. */
const doctorSchema = 'sem-aws-login doctor 1';

/** Returns the report for programs: all findings in the order of the checks, as data and in words. */
export function doctorJson(findings: readonly Finding[], exitCode: ExitCode): string {
  const report = { schema: doctorSchema, exitCode, findings: findings.map(findingJson) };
  return jsonText(report);
}

function findingJson({ check, status, exitCode, facts, text }: Finding): object {
  const { kind, ...data } = facts;
  return { check, status, exitCode, kind, ...textJson(text), data };
}

function textJson(text: FindingText | Explanation): object {
  const details = 'details' in text || 'verboseDetails' in text ? allDetailsOf(text) : [];
  return {
    headline: text.headline,
    cause: [text.cause ?? '', ...(text.causes ?? [])].join(' ').trim(),
    known: Object.fromEntries([...(text.known ?? []), ...(text.debug ?? [])]),
    paste: [...(text.paste?.lines ?? []), ...(text.steps ?? []).flatMap(({ lines }) => lines)],
    remedies: [...(text.remedies ?? []), ...(text.steps ?? []).map(({ intro }) => intro)],
    ...(details.length === 0 ? {} : { details: details.map(textJson) }),
  };
}

function allDetailsOf({ details = [], verboseDetails = [] }: FindingText): readonly Explanation[] {
  return [...details, ...verboseDetails];
}
