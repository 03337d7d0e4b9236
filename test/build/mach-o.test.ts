import { describe, expect, it } from 'vitest';
import { signAdHoc, verifySignature } from '../../scripts/package/mach-o.ts';

// A minimal Mach-O program: a header, two load commands with room after them, and three and a bit
// pages. test/long verifies a real one; only a Mac can say whether Apple accepts it.

const LINK_EDIT = 0x2000;
const SIZE = 0x3009;

function program(room: number): Buffer {
  const file = Buffer.alloc(SIZE, 0x5a);
  file.fill(0, 0, 32 + 2 * 72 + room);
  file.writeUInt32LE(0xfeedfacf, 0);
  file.writeUInt32LE(2, 16);
  file.writeUInt32LE(2 * 72, 20);
  writeSegment(file, 32, '__TEXT', 0, LINK_EDIT);
  writeSegment(file, 32 + 72, '__LINKEDIT', LINK_EDIT, SIZE - LINK_EDIT);
  return file;
}

function writeSegment(file: Buffer, command: number, name: string, offset: number, size: number): void {
  file.writeUInt32LE(0x19, command);
  file.writeUInt32LE(72, command + 4);
  file.write(name, command + 8, 'latin1');
  file.writeBigUInt64LE(BigInt(offset), command + 40);
  file.writeBigUInt64LE(BigInt(size), command + 48);
}

describe('an ad-hoc signature', () => {
  it('covers every page up to itself', () => {
    const { identifier, flags, pages, wrongPages, uncovered } = verifySignature(signAdHoc(program(64), 'example'));
    expect({ identifier, flags, pages, wrongPages, uncovered }).toEqual({
      identifier: 'example',
      flags: 0x20002,
      pages: 4,
      wrongPages: 0,
      uncovered: 0,
    });
  });

  it('changes only the load commands of the file', () => {
    const before = program(64);
    const after = signAdHoc(before, 'example');
    expect(after.subarray(0x1000, SIZE)).toEqual(before.subarray(0x1000));
  });

  it('ends the last segment, which ends the file', () => {
    const file = signAdHoc(program(64), 'example');
    const size = file.readBigUInt64LE(32 + 72 + 48);
    expect(LINK_EDIT + Number(size)).toBe(file.length);
  });

  it('replaces an existing signature, so signing twice gives the same file', () => {
    const once = signAdHoc(program(64), 'example');
    expect(signAdHoc(once, 'example')).toEqual(once);
  });

  it.each([0, 0x1234, 0x2fff])('is invalid after a change of byte %i', (at) => {
    const file = signAdHoc(program(64), 'example');
    // Keep the magic number, so that the file can still be parsed.
    const changed = at === 0 ? 28 : at;
    file.writeUInt8(file.readUInt8(changed) ^ 1, changed);
    expect(verifySignature(file).wrongPages).toBe(1);
  });

  it('fails if there is no room for its load command', () => {
    expect(() => signAdHoc(program(8), 'example')).toThrow('no room');
  });
});

it.each([
  ['something else', Buffer.from('\x7fELF and so on, long enough to be read')],
  ['one without a signature', program(64)],
])('%s is not verified', (_, file) => {
  expect(() => verifySignature(file)).toThrow();
});
