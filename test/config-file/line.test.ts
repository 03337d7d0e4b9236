import { describe, expect, test } from 'vitest';
import {
  indentationOf,
  linesOf,
  trimmed,
  trimmedEnd,
  withoutComment,
  withPlainSpaces,
} from '../../src/config-file/line.ts';
import { toByteText } from '../../src/text/byte-text.ts';

describe('lines end where Python ends them', () => {
  test.each<
    readonly [text: string, lines: readonly (readonly [start: number, end: number, next: number, loneCr: boolean])[]]
  >([
    ['', []],
    ['a', [[0, 1, 1, false]]],
    ['\n', [[0, 0, 1, false]]],
    [
      'a\r\n\nb',
      [
        [0, 1, 3, false],
        [3, 3, 4, false],
        [4, 5, 5, false],
      ],
    ],
    [
      'a\rb\r\r\nc',
      [
        [0, 1, 2, true],
        [2, 3, 4, true],
        [4, 4, 6, false],
        [6, 7, 7, false],
      ],
    ],
    ['a\r', [[0, 1, 2, false]]],
  ])('%j', (text, lines) => {
    const read = [...linesOf(text)];
    expect(read.map(({ start, end, next, loneCr }) => [start, end, next, loneCr])).toEqual(lines);
    expect(read.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1));
  });
});

test('white space is odd when JavaScript or Python knows it and it is not space or tab', () => {
  const onlyPython = [0x1c, 0x1d, 0x1e, 0x1f, 0x85];
  const isOdd = (code: number) =>
    onlyPython.includes(code) || (/\s/.test(String.fromCharCode(code)) && code !== 0x20 && code !== 0x09);
  // Without line ends and surrogates.
  const codes = Array.from({ length: 0x1_0000 }, (_, code) => code).filter(
    (code) => code !== 0x0a && code !== 0x0d && (code < 0xd800 || code > 0xdfff),
  );
  const misjudged = codes.filter((code) => {
    const text = toByteText(`x\n${String.fromCharCode(code)}y`);
    const [, line] = linesOf(text);
    return line === undefined || indentationOf(text, line).odd !== isOdd(code);
  });
  expect(misjudged).toEqual([]);
});

describe('the indentation of a line', () => {
  test.each<readonly [text: string, end: number, width: number, odd: boolean]>([
    ['a', 0, 0, false],
    ['  \ta', 3, 3, false],
    ['\xc2\xa0 \xe3\x80\x80a', 6, 3, true],
    ['   ', 3, 3, false],
    ['\xef\xbb\xbfa', 3, 0, false],
    ['\xef\xbb\xbf\xef\xbb\xbf a', 7, 2, true],
    ['\x7fa', 0, 0, false],
  ])('%j', (text, end, width, odd) => {
    const [line] = linesOf(text);
    expect(line && indentationOf(text, line)).toEqual({ end, width, odd });
  });
});

test.each([
  ['a', 'a', 'a'],
  ['\t\n\v\f\r a b \r\f\v\n\t', 'a b', '\t\n\v\f\r a b'],
  ['\b a \x0e', '\b a \x0e', '\b a \x0e'],
  ['\xa0a\xc3\xa0', '\xa0a\xc3\xa0', '\xa0a\xc3\xa0'],
  [' \t', '', ''],
  ['', '', ''],
])('%j is %j without ASCII white space at both ends, and %j without it at the end', (text, both, end) => {
  expect(trimmed(text)).toBe(both);
  expect(trimmedEnd(text)).toBe(end);
});

test('every odd kind of white space becomes a space', () => {
  expect(withPlainSpaces('\xc2\xa0a\xe3\x80\x80\x0bb\tc')).toBe(' a  b\tc');
});

test.each([
  ['a # b', 'a'],
  ['a\t;b', 'a'],
  ['a\v#b', 'a'],
  ['a\f#b', 'a'],
  ['# b', ''],
  [';', ''],
  ['a#b', 'a#b'],
  ['aV#b', 'aV#b'],
  ['a b', 'a b'],
])('%j without its comment is %j', (text, without) => {
  expect(withoutComment(text)).toBe(without);
});
