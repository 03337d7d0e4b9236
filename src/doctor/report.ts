import type { ExitCode } from '../failure.ts';
import { bodyLines, type Explanation } from '../text/explanation.ts';
import { jsonText } from '../text/json.ts';
import { wrap } from '../text/wrap.ts';
import type { Finding, FindingText, Status } from './finding.ts';

const nameWidth = 14;
const indent = '      ';

/** The report for people: each finding with its details and remedies, and a summary line at the end. */
export function doctorReportLines(findings: readonly Finding[], colours: boolean): string[] {
  return [...findings.flatMap((finding) => findingLines(finding, colours)), summaryLine(findings)];
}

function findingLines({ check, status, text }: Finding, colours: boolean): string[] {
  const [first = '', ...more] = wrap(text.headline, `${status.padEnd(6)}${check.padEnd(nameWidth)}`, `${indent}  `);
  const details = text.details ?? [];
  return [
    coloured(first, status, colours),
    ...more,
    ...bodyLines({ ...text, known: [...(text.known ?? []), ...(text.debug ?? [])], steps: [], remedies: [] }, indent),
    ...details.flatMap((detail) => [
      ...wrap(detail.headline, indent, `${indent}  `),
      ...bodyLines(detail, `${indent}  `),
    ]),
    ...bodyLines({ steps: text.steps ?? [], remedies: text.remedies ?? [] }, indent),
  ];
}

// ANSI colours that every terminal supports.
const colourOf: Readonly<Record<Status, number>> = { ok: 32, warn: 33, fail: 31 };

function coloured(line: string, status: Status, colours: boolean): string {
  return colours ? `\u001b[${colourOf[status]}m${status}\u001b[39m${line.slice(status.length)}` : line;
}

function summaryLine(findings: readonly Finding[]): string {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const first = findings.find((finding) => finding.status === 'fail');
  const end = first === undefined ? '' : `; the first failure ends this with exit code ${first.exitCode}`;
  return `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed${end}`;
}

/** Names the format of the JSON report (docs/doctor.md). Within one number, members are only added. */
const doctorSchema = 'sem-aws-login doctor 1';

/** The report for programs: the same findings as data, with their texts. */
export function doctorJson(findings: readonly Finding[], exitCode: ExitCode): string {
  const report = { schema: doctorSchema, exitCode, findings: findings.map(findingJson) };
  return jsonText(report);
}

function findingJson({ check, status, exitCode, facts, text }: Finding): object {
  const { kind, ...data } = facts;
  return { check, status, exitCode, kind, ...textJson(text), data };
}

function textJson(text: FindingText | Explanation): object {
  const details = 'details' in text ? (text.details ?? []) : [];
  return {
    headline: text.headline,
    cause: [text.cause ?? '', ...(text.causes ?? [])].join(' ').trim(),
    known: Object.fromEntries([...(text.known ?? []), ...(text.debug ?? [])]),
    paste: [...(text.paste?.lines ?? []), ...(text.steps ?? []).flatMap(({ lines }) => lines)],
    remedies: [...(text.remedies ?? []), ...(text.steps ?? []).map(({ intro }) => intro)],
    ...(details.length === 0 ? {} : { details: details.map(textJson) }),
  };
}
