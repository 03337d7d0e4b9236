import type { Finding } from '../doctor/finding.ts';
import type { ExitCode } from '../failure.ts';
import type { Explanation } from './explanation.ts';
import { findingTextOf } from './finding-catalogue.ts';
import type { FindingText } from './finding-text.ts';

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
