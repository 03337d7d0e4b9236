import { describe, expect, test } from 'vitest';
import { findings } from '../../scripts/docs/doctor/findings.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { doctorJson, doctorReportLines } from '../../src/doctor/report.ts';

const all = Object.entries(findings);
const commandsOf = ({ text }: Finding) => (text.steps ?? []).flatMap(({ lines }) => lines);
const plain = { columns: 80, colours: false, verbose: false };

describe('every finding', () => {
  test.each(all)('%s says what was found, and what to do unless it is ok', (kind, finding) => {
    expect(finding.facts.kind).toBe(kind);
    const { headline, cause = '', remedies = [], steps: furtherSteps = [], details = [] } = finding.text;
    expect(headline).toMatch(/^[A-Za-z"].*[^.]$/);
    for (const text of [headline, cause]) expect(text, 'paths are quoted').not.toMatch(/(?:^|[\s(])[~.]?\/\w/);
    const steps = [
      ...remedies,
      ...furtherSteps,
      ...details.flatMap((detail) => [...detail.remedies, ...(detail.steps ?? [])]),
    ];
    if (finding.status !== 'ok') expect(steps).not.toEqual([]);
    expect(finding.exitCode === 0).toBe(finding.status !== 'fail');
  });

  test.each(all)('%s fits in 80 columns, except for an unbroken value and commands to copy', (_, finding) => {
    for (const line of doctorReportLines([finding], { ...plain, verbose: true })) {
      const words = line.slice(20).trim().split(' ');
      if (commandsOf(finding).includes(line.trim())) continue;
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

describe('the report', () => {
  const { 'clock-right': good, 'clock-wrong': odd, 'token-file-gone': bad, 'issuer-missing': worse } = findings;
  const { 'no-leftovers': fine, 'config-good': mixed, 'file-defect': mixedUp } = findings;
  const lines = (...some: Finding[]) => doctorReportLines(some, plain);

  test.each<[found: Finding[], summary: string]>([
    [[good, good], '1 passed'],
    [[fine, odd], '1 passed, 1 warning'],
    [[fine, odd, mixedUp, bad], '1 passed, 2 warnings, 1 failed (exit code 4)'],
    [[bad, worse], '0 passed, 2 failed (exit code 4)'],
  ])('ends with a summary and the exit code of the first failure', (found, summary) => {
    expect(lines(...found).at(-1)).toBe(summary);
  });

  test('has problems first, then warnings, then the passed checks in one line', () => {
    const starts = lines(odd, fine, bad).filter((line) => /^\w/.test(line));
    expect(starts.map((line) => line.slice(0, 20).trim())).toEqual([
      'fail  token-file',
      'warn  clock',
      'ok    leftovers (det',
      '1 passed, 1 warning,',
    ]);
  });

  test('does not list a check with a warning among the passed ones', () => {
    expect(lines(mixed, mixedUp, fine)).toContain('ok    leftovers (details: --verbose)');
  });

  test('shows the passed checks in full with --verbose', () => {
    const verbose = doctorReportLines([good, fine], { ...plain, verbose: true });
    expect(verbose.slice(0, -1)).toEqual([
      expect.stringMatching(/^ok {4}clock {9}\S/),
      expect.stringMatching(/^ok {4}leftovers {5}\S/),
    ]);
  });

  test('repeats the problems above the summary if it is long', () => {
    const many = lines(bad, ...Array.from({ length: 8 }, () => odd));
    const [headline] = many;
    expect(many.slice(-5)).toContain(headline);
    expect(lines(bad, odd).filter((line) => line === headline)).toHaveLength(1);
  });
});

test('only the status is coloured', () => {
  const [line] = doctorReportLines([findings['clock-wrong']], { ...plain, colours: true });
  expect(line).toBe('\u001b[33mwarn\u001b[39m  clock         The clock of this machine is 15 min ahead of AWS');
});
