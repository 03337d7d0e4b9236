/**
 * A file's bytes as text, one character per byte (`latin1`). Bytes that are not UTF-8 stay
 * unchanged, and offsets are byte offsets.
 */
export type ByteText = string;

/** Returns a string's UTF-8 bytes as byte text. A lone surrogate becomes the bytes of U+FFFD. */
export function toByteText(value: string): ByteText {
  return Buffer.from(value).toString('latin1');
}

/** Decodes byte text as UTF-8, with U+FFFD for invalid bytes. */
export function fromByteText(text: ByteText): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(text, 'latin1'));
}

const highByte = /[\x80-\xff]/g;
const utf8Sequence =
  /(?:[\xc2-\xdf]|\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f]|\xf0[\x90-\xbf][\x80-\xbf]|[\xf1-\xf3][\x80-\xbf]{2}|\xf4[\x80-\x8f][\x80-\xbf])[\x80-\xbf]/y;

/** Returns the offset of the first byte that no well-formed UTF-8 sequence covers, or -1. */
export function offsetOfInvalidUtf8(text: ByteText): number {
  let from = 0;
  for (;;) {
    highByte.lastIndex = from;
    const high = highByte.exec(text);
    if (high === null) return -1;
    utf8Sequence.lastIndex = high.index;
    if (!utf8Sequence.test(text)) return high.index;
    from = utf8Sequence.lastIndex;
  }
}
