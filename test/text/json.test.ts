import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/text/json.ts';

// Code points that a terminal obeys or that reorder text; JSON allows them unescaped.
const control = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

test('escapes characters that a terminal obeys or that reorder text', () => {
  const value = {
    'a\u202eb': ['\u009b31m', '\u007f', '\u061c\u200e\u200f', '\u2028\u2029', '\u202a\u202e\u2066\u2069'],
  };
  expect(jsonText(value)).toBe(`{
  "a\\u202eb": [
    "\\u009b31m",
    "\\u007f",
    "\\u061c\\u200e\\u200f",
    "\\u2028\\u2029",
    "\\u202a\\u202e\\u2066\\u2069"
  ]
}`);
});

test('leaves other characters as they are', () => {
  expect(jsonText('é 日本 😀 \u200b\u00a0')).toBe('"é 日本 😀 \u200b\u00a0"');
});

test('always has the same value, and none of these characters', () => {
  const odd = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\\', '"', '\n', '\u001b', '\u007f', '\u0085', '\u061c', '\u200f', '\u2029', '\u202e', '\u2067'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(fc.dictionary(odd, fc.oneof(odd, fc.array(odd))), (value) => {
      const text = jsonText(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text).not.toMatch(control);
    }),
    { numRuns: 2000 },
  );
});
