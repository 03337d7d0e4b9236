import { expect, it } from 'vitest';
import { matchesPattern, matchesPatternIgnoringCase, parsePattern, type Truth } from '../../src/trust/pattern.ts';

const rules = { wildcards: true, variables: true };

it.each<readonly [pattern: string, value: string, held: Truth, ignoringCase: Truth]>([
  ['', '', 'yes', 'yes'],
  ['*', '', 'yes', 'yes'],
  ['?', '', 'no', 'no'],
  ['a?c*', 'abcd', 'yes', 'yes'],
  ['A?C*', 'abcd', 'no', 'yes'],
  ['abd', 'abcd', 'no', 'no'],
  // A character counts as one, even if it has two UTF-16 units.
  ['?', '\u{1f600}', 'yes', 'yes'],
  ['??', '\u{1f600}', 'no', 'unknown'],
  ['\u{1f600}', '\u{1f600}', 'yes', 'yes'],
  // AWS's folding of letters beyond ASCII is documented nowhere.
  ['É*', 'é', 'no', 'yes'],
  ['ß', 'ss', 'no', 'unknown'],
  ['ss', 'ß', 'no', 'unknown'],
  ['x*ß', 'ss', 'no', 'unknown'],
  ['${*}${?}${$}', '*?$', 'yes', 'yes'],
  ['${*}', 'x', 'no', 'no'],
  ['a${aws:userid}', 'a', 'unknown', 'unknown'],
  ['a$x', 'a$x', 'yes', 'yes'],
])('the pattern %j matches %j: %s, ignoring case: %s', (pattern, value, held, ignoringCase) => {
  expect(matchesPattern(parsePattern(pattern, rules), value)).toBe(held);
  expect(matchesPatternIgnoringCase(parsePattern(pattern, rules), value)).toBe(ignoringCase);
});
