import { explanationOf } from '../explain/catalogue.ts';
import type { ExitCode } from '../failure.ts';
import type { Explanation } from '../text/explanation.ts';
import { tableLines, wrap } from '../text/wrap.ts';
import { clientFindings } from './clients-text.ts';
import { fileFindings } from './files-text.ts';
import type { Finding, FindingFacts, FindingText, FindingTextsOf, Status } from './finding.ts';
import { networkFindings } from './network-text.ts';
import { policyFindings } from './policy-text.ts';
import { tokenFindings } from './token-text.ts';

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

/** The form of the report in JSON; docs/doctor.md describes it. Within one number, members are only ever added. */
const doctorSchema = 'sem-aws-login doctor 1';

/** The report for programs: the same findings as data, with their words. */
export function doctorJson(findings: readonly Finding[], exitCode: ExitCode): string {
  const report = { schema: doctorSchema, exitCode, findings: findings.map(findingJson) };
  return JSON.stringify(report, null, 2);
}

function findingJson({ check, status, exitCode, facts }: Finding): object {
  const { kind, ...data } = facts;
  return { check, status, exitCode, kind, ...wordsOf(findingTextOf(facts)), data };
}

function wordsOf(text: FindingText | Explanation): object {
  const details = 'details' in text ? (text.details ?? []) : [];
  return {
    headline: text.headline,
    cause: text.cause ?? '',
    known: Object.fromEntries(text.known ?? []),
    paste: text.paste?.lines ?? [],
    remedies: text.remedies ?? [],
    ...(details.length === 0 ? {} : { details: details.map(wordsOf) }),
  };
}

/** Every finding in words; the compiler refuses it while one is missing. */
const catalogue: FindingTextsOf<FindingFacts['kind']> = {
  failure: ({ failure }) => explanationOf(failure),
  ...tokenFindings,
  ...policyFindings,
  ...networkFindings,
  ...fileFindings,
  ...clientFindings,
};

/** How a finding is told. */
export function findingTextOf<F extends FindingFacts>(facts: F): FindingText {
  // The entry under a kind takes just that kind's facts, which the compiler cannot follow through a look-up by a union.
  return (catalogue[facts.kind] as (facts: F) => FindingText)(facts);
}
