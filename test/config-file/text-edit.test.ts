import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits, replacement } from '../../src/config-file/text-edit.ts';

describe('edits', () => {
  test('have offsets in the original text, in any order', () => {
    const edits = [
      { offset: 6, length: 0, text: '!' },
      { offset: 0, length: 1, text: 'X' },
      { offset: 2, length: 3, text: '' },
    ];
    expect(applyEdits('abcdef', edits)).toBe('Xbf!');
  });

  test('can touch each other and the end', () => {
    const edits = [
      { offset: 1, length: 1, text: 'Y' },
      { offset: 0, length: 1, text: 'X' },
      { offset: 2, length: 0, text: '-' },
      { offset: 2, length: 1, text: 'Z' },
      { offset: 3, length: 0, text: '!' },
    ];
    expect(applyEdits('abc', edits)).toBe('XY-Z!');
  });

  test('change nothing when there are none', () => {
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
    ['an insertion', 'ab', 'aXb', [{ offset: 4, length: 0, text: 'X' }]],
    ['a removal', 'aXb', 'ab', [{ offset: 4, length: 1, text: '' }]],
    ['an insertion among equal letters', 'aa', 'aaa', [{ offset: 5, length: 0, text: 'a' }]],
    ['a removal among equal letters', 'aaa', 'aa', [{ offset: 5, length: 1, text: '' }]],
    ['a part in the middle', 'abXcd', 'abYYcd', [{ offset: 5, length: 1, text: 'YY' }]],
    ['a part between single letters', 'aXc', 'aYYc', [{ offset: 4, length: 1, text: 'YY' }]],
    ['all of it', 'ab', 'cd', [{ offset: 3, length: 2, text: 'cd' }]],
    ['nothing', 'ab', 'ab', []],
  ])('touches only %s', (_, from, to, edits) => {
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
