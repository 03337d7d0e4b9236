import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, replacement } from '../../src/config-file/text-edit.ts';

describe('edits', () => {
  test('count in the text as it was, in whatever order they come', () => {
    const edits = [
      { offset: 6, length: 0, text: '!' },
      { offset: 0, length: 1, text: 'X' },
      { offset: 2, length: 3, text: '' },
    ];
    expect(applyEdits('abcdef', edits)).toBe('Xbf!');
  });

  test('may touch each other, and the end', () => {
    const edits = [
      { offset: 1, length: 1, text: 'Y' },
      { offset: 0, length: 1, text: 'X' },
      { offset: 2, length: 0, text: '-' },
      { offset: 2, length: 1, text: 'Z' },
      { offset: 3, length: 0, text: '!' },
    ];
    expect(applyEdits('abc', edits)).toBe('XY-Z!');
  });

  test('leave a text without them as it is', () => {
    expect(applyEdits('abc', [])).toBe('abc');
  });

  test.each([
    [
      'overlap',
      [
        { offset: 0, length: 2, text: '' },
        { offset: 1, length: 1, text: '' },
      ],
    ],
    ['go beyond the end', [{ offset: 2, length: 2, text: '' }]],
    ['start before the beginning', [{ offset: -1, length: 1, text: '' }]],
    ['have a negative length', [{ offset: 1, length: -1, text: '' }]],
  ])('that %s are a bug', (_, edits) => {
    expect(() => applyEdits('abc', edits)).toThrow(RangeError);
    expect(() => applyEdits('abc', edits)).toThrow(/^Edit at -?\d\+-?\d overlaps another or leaves the text$/);
  });
});

describe('a replacement', () => {
  test.each([
    ['what is inserted', 'ab', 'aXb', [{ offset: 4, length: 0, text: 'X' }]],
    ['what is removed', 'aXb', 'ab', [{ offset: 4, length: 1, text: '' }]],
    ['one of the same letters', 'aa', 'aaa', [{ offset: 5, length: 0, text: 'a' }]],
    ['one of the same letters that goes', 'aaa', 'aa', [{ offset: 5, length: 1, text: '' }]],
    ['what lies far between', 'abXcd', 'abYYcd', [{ offset: 5, length: 1, text: 'YY' }]],
    ['what lies between', 'aXc', 'aYYc', [{ offset: 4, length: 1, text: 'YY' }]],
    ['all of it', 'ab', 'cd', [{ offset: 3, length: 2, text: 'cd' }]],
    ['nothing', 'ab', 'ab', []],
  ])('touches %s alone', (_, from, to, edits) => {
    expect(replacement(`---${from}---`, 3, 3 + from.length, to)).toEqual(edits);
  });

  test('turns any part into any other', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 6 });
    fc.assert(
      fc.property(letters, letters, letters, letters, (head, part, tail, wanted) => {
        const edits = replacement(head + part + tail, head.length, head.length + part.length, wanted);
        expect(applyEdits(head + part + tail, edits)).toBe(head + wanted + tail);
      }),
    );
  });
});
