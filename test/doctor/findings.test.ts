import { describe, expect, test } from 'vitest';
import { findings } from '../../scripts/docs/doctor/findings.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { doctorJson, doctorReportLines } from '../../src/doctor/report.ts';

const all = Object.entries(findings);

describe('every finding', () => {
  test.each(all)('%s says what was found, and what to do unless it is ok', (kind, finding) => {
    expect(finding.facts.kind).toBe(kind);
    const { headline, cause = '', remedies = [], details = [] } = finding.text;
    expect(headline).toMatch(/^[A-Za-z"].*[^.]$/);
    for (const text of [headline, cause]) expect(text, 'paths are quoted').not.toMatch(/(?:^|[\s(])[~.]?\/\w/);
    const steps = [...remedies, ...details.flatMap((detail) => detail.remedies)];
    if (finding.status !== 'ok') expect(steps).not.toEqual([]);
    expect(finding.exitCode === 0).toBe(finding.status !== 'fail');
  });

  test.each(all)('%s fits in 80 columns, except for an unbroken value', (_, finding) => {
    for (const line of doctorReportLines([finding], false)) {
      const words = line.slice(20).trim().split(' ');
      if (line.length > 80) expect(words.length === 1 || line.includes('": "')).toBe(true);
    }
  });

  test.each(all)('%s is data in JSON', (kind, finding) => {
    const report = JSON.parse(doctorJson([finding], finding.exitCode));
    expect(report).toMatchObject({
      schema: 'sem-aws-login doctor 1',
      exitCode: finding.exitCode,
      findings: [{ kind }],
    });
  });
});

test('the report ends with a summary and the first failure’s exit code', () => {
  const { 'clock-right': good, 'clock-wrong': odd, 'token-file-gone': bad, 'issuer-missing': worse } = findings;
  const last = (...some: Finding[]) => doctorReportLines(some, false).at(-1);
  expect(last(good, odd)).toBe('1 ok, 1 to look at, 0 failed');
  expect(last(good, bad, worse)).toBe('1 ok, 0 to look at, 2 failed; the first failure ends this with exit code 4');
});

test('only the status is coloured', () => {
  const [line] = doctorReportLines([findings['clock-wrong']], true);
  expect(line).toBe('\u001b[33mwarn\u001b[39m  clock         By its clock this machine is 15 min ahead of AWS');
});
