/** The parts of ASN.1's DER that a certificate needs: https://www.itu.int/rec/T-REC-X.690 */

function element(tag: number, content: Buffer): Buffer {
  const length = content.length;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([tag, 0x80 | bytes.length]), bytes, content]);
}

export function sequence(...members: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(members));
}

export function setOf(member: Buffer): Buffer {
  return element(0x31, member);
}

/** Encodes a positive integer from its bytes, most significant byte first. */
export function integer(bytes: Buffer): Buffer {
  const leading = bytes[0] ?? 0;
  return element(0x02, leading >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

export function boolean(value: boolean): Buffer {
  return element(0x01, Buffer.from([value ? 0xff : 0]));
}

export function nothing(): Buffer {
  return element(0x05, Buffer.alloc(0));
}

export function bitString(bytes: Buffer, unusedBits: number = 0): Buffer {
  return element(0x03, Buffer.concat([Buffer.from([unusedBits]), bytes]));
}

export function octetString(bytes: Buffer): Buffer {
  return element(0x04, bytes);
}

export function utf8String(text: string): Buffer {
  return element(0x0c, Buffer.from(text));
}

/** Encodes a time from 1950 to 2049, in seconds. */
export function utcTime(time: Date): Buffer {
  return element(0x17, Buffer.from(`${time.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));
}

/** Encodes a tagged member: `[number] EXPLICIT` around an element, or `IMPLICIT` over bytes. */
export function tagged(number: number, content: Buffer, form: 'explicit' | 'implicit'): Buffer {
  return element((form === 'explicit' ? 0xa0 : 0x80) | number, content);
}

export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return element(0x06, Buffer.from(bytes));
}
