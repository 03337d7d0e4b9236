import type { Finding, Status } from '../doctor/finding.ts';
import type { Explanation } from './explanation.ts';
import { findingTextOf } from './finding-catalogue.ts';
import { tableLines, wrap } from './layout.ts';

const nameWidth = 14;
const indent = '      ';

/** The report for people: a line for each finding, what is known and what to do beneath it, and the sum at the end. */
export function doctorReportLines(findings: readonly Finding[], colours: boolean): string[] {
  return [...findings.flatMap((finding) => findingLines(finding, colours)), sumLine(findings)];
}

function findingLines({ check, status, facts }: Finding, colours: boolean): string[] {
  const text = findingTextOf(facts);
  const [first = '', ...more] = wrap(text.headline, `${status.padEnd(6)}${check.padEnd(nameWidth)}`, `${indent}  `);
  const details = text.details ?? [];
  return [
    painted(first, status, colours),
    ...more,
    ...bodyLines({ ...text, remedies: [] }, indent),
    ...details.flatMap((detail) => [
      ...wrap(detail.headline, indent, `${indent}  `),
      ...bodyLines(detail, `${indent}  `),
    ]),
    ...bodyLines({ remedies: text.remedies ?? [] }, indent),
  ];
}

function bodyLines({ cause, known, paste, remedies }: Partial<Explanation>, margin: string): string[] {
  return [
    ...(cause === undefined || cause === '' ? [] : wrap(cause, margin, margin)),
    ...tableLines(known ?? [], `${margin}  `),
    ...(paste === undefined ? [] : wrap(paste.intro, margin, margin)),
    ...(paste?.lines ?? []).map((line) => `${margin}  ${line}`),
    ...(remedies ?? []).flatMap((remedy) => wrap(remedy, `${margin}→ `, `${margin}  `)),
  ];
}

// https://no-color.org; the three colours that every terminal has.
const colourOf: Readonly<Record<Status, number>> = { ok: 32, warn: 33, fail: 31 };

function painted(line: string, status: Status, colours: boolean): string {
  return colours ? `\u001b[${colourOf[status]}m${status}\u001b[39m${line.slice(status.length)}` : line;
}

function sumLine(findings: readonly Finding[]): string {
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const first = findings.find((finding) => finding.status === 'fail');
  const end = first === undefined ? '' : `; the first failure ends this with exit code ${first.exitCode}`;
  return `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} failed${end}`;
}
