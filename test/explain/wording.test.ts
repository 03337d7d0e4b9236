import { describe, expect, test } from 'vitest';
import { examples, lineOf } from '../../scripts/docs/problems/examples.ts';
import { explanationOf } from '../../src/explain/catalogue.ts';
import { exitCodeOf, type FailureFacts } from '../../src/failure.ts';
import { bugLines, explanationLines } from '../../src/text/explanation.ts';
import { durationText, instantText, joinWords, printable, quote } from '../../src/text/quote.ts';
import { wrap } from '../../src/text/wrap.ts';

const cases = Object.entries(examples).flatMap(([kind, facts]) =>
  // Object.entries loses which facts belong to which kind.
  facts.map((one) => ({ kind, ...one }) as FailureFacts),
);

describe('every failure', () => {
  test.each(cases.map((facts) => [facts.kind, facts] as const))(
    '%s says what happened, why, and what to do',
    (_kind, facts) => {
      const { headline, cause, remedies, paste, steps = [] } = explanationOf(facts, lineOf(facts));
      expect(headline).not.toMatch(/[.!]$/);
      expect(headline).toMatch(/^[A-Z"-]/);
      expect(cause).toMatch(/^\S.*[.?"]$/s);
      expect([...remedies, ...(paste?.lines ?? []), ...steps.flatMap(({ lines }) => lines)]).not.toEqual([]);
      expect([2, 3, 4, 5, 6]).toContain(exitCodeOf(facts));
    },
  );

  test.each(cases.map((facts) => [facts.kind, facts] as const))(
    '%s has its commands on lines of their own',
    (_, facts) => {
      const { cause, causes = [], remedies, paste, steps = [] } = explanationOf(facts, lineOf(facts));
      for (const text of [cause, ...causes, ...remedies, paste?.intro ?? '', ...steps.map(({ intro }) => intro)])
        expect(text).not.toMatch(/: (?:sem-aws-login|aws|source|unset|export|rm|ls|docker|sudo|curl|openssl) /);
    },
  );

  test.each(cases.map((facts) => [facts.kind, facts] as const))(
    '%s has a headline of at most 80 characters',
    (_, facts) => {
      expect(explanationOf(facts, lineOf(facts)).headline.length).toBeLessThanOrEqual(80);
    },
  );

  test('fits on a screen', () => {
    for (const facts of cases)
      expect(explanationLines(explanationOf(facts, lineOf(facts))).length).toBeLessThanOrEqual(40);
  });
});

describe('wording', () => {
  test.each([
    ['plain', '"plain"'],
    ['two\nlines', '"two\\x0alines"'],
    ['\u001b[31mred', '"\\x1b[31mred"'],
    ['main\u202egnp.exe', '"main\\u202egnp.exe"'],
    ['a\u2066b\u200fc', '"a\\u2066b\\u200fc"'],
    ['x'.repeat(300), `"${'x'.repeat(200)}…"`],
    ['a eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln b', '"a [token] b"'],
    ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0', '"[token]"'],
  ])('%j is quoted as %s', (value, quoted) => {
    expect(quote(value)).toBe(quoted);
  });

  test('a list of words ends with "and"', () => {
    expect([[], ['A'], ['A', 'B'], ['A', 'B', 'C']].map((names) => joinWords(names))).toEqual([
      '',
      'A',
      'A and B',
      'A, B and C',
    ]);
  });

  test.each([
    [0, '0 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [-600_000, '10 min'],
    [7_200_000, '2 h'],
    [86_340_000, '23 h 59 min'],
    [180_000_000, '2 d 2 h'],
  ])('%i ms are %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });

  test('an instant is shown in UTC', () => {
    expect(instantText(new Date('2026-11-22T20:15:59Z'))).toBe('2026-11-22 20:15 UTC');
  });

  test('lines wrap at spaces, never inside a value', () => {
    const long = 'x'.repeat(100);
    expect(wrap(`one ${long} two`, '> ', '  ')).toEqual(['> one', `  ${long}`, '  two']);
    for (const line of wrap('word '.repeat(100).trim(), '  ', '  ')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('the message for a bug shows the stack and where to report it, and no token', () => {
    const lines = bugLines(new Error('odd eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln'), 'https://example.com/issues');
    expect(lines[0]).toContain('This is a bug');
    expect(lines.at(-1)).toContain('https://example.com/issues');
    expect(lines.join('\n')).not.toContain('eyJ');
    expect(bugLines('thrown text', 'x')[1]).toBe('  thrown text');
    expect(printable('a', 1)).toBe('a');
  });
});
