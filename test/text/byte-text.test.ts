import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromByteText, offsetOfInvalidUtf8, toByteText } from '../../src/text/byte-text.ts';

test('a string goes into byte text and back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(toByteText(text)).toBe(Buffer.from(text).toString('latin1'));
      expect(fromByteText(toByteText(text))).toBe(text);
    }),
  );
});

test('a byte order mark is shown, not swallowed', () => {
  expect(fromByteText('\xef\xbb\xbfa')).toBe('\ufeffa');
});

test('the first invalid byte is the one that Node stumbles over too', () => {
  const bytes = fc.uint8Array({ maxLength: 12 });
  const nearly = fc.tuple(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.nat(), bytes).map(([text, at, extra]) => {
    const whole = Buffer.from(text);
    const cut = at % (whole.length + 1);
    return Buffer.concat([whole.subarray(0, cut), extra, whole.subarray(cut)]);
  });
  fc.assert(
    fc.property(fc.oneof(bytes, nearly), (made) => {
      const text = Buffer.from(made).toString('latin1');
      const offset = offsetOfInvalidUtf8(text);
      const strict = new TextDecoder('utf-8', { fatal: true });
      if (offset < 0) expect(() => strict.decode(made)).not.toThrow();
      else {
        expect(() => strict.decode(made)).toThrow();
        expect(() => strict.decode(Buffer.from(made).subarray(0, offset))).not.toThrow();
      }
    }),
  );
});

test('sequences at the limits of their bytes are valid if Node accepts them', () => {
  const strict = new TextDecoder('utf-8', { fatal: true });
  const isValid = (bytes: readonly number[]) => {
    try {
      strict.decode(Uint8Array.from(bytes));
      return true;
    } catch {
      return false;
    }
  };
  const leads = Array.from({ length: 0x80 }, (_, index) => 0x80 + index);
  const seconds = [0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0];
  const others = [0x7f, 0x80, 0xbf, 0xc0];
  const sequences = leads.flatMap((lead) => [
    [lead],
    ...seconds.flatMap((second) => [
      [lead, second],
      ...others.flatMap((third) => [[lead, second, third], ...others.map((fourth) => [lead, second, third, fourth])]),
    ]),
  ]);
  const misjudged = sequences.filter(
    (bytes) => (offsetOfInvalidUtf8(String.fromCharCode(...bytes)) === -1) !== isValid(bytes),
  );
  expect(sequences.length).toBeGreaterThan(20_000);
  expect(misjudged).toEqual([]);
});

test.each([
  ['', -1],
  ['abc', -1],
  ['\xff', 0],
  ['a\xc3\xa4b\x80', 4],
  ['a\xc3', 1],
])('the first invalid byte of %j is at %i', (text, offset) => {
  expect(offsetOfInvalidUtf8(text)).toBe(offset);
});
