import { createHash } from 'node:crypto';

// Apple's layouts: <mach-o/loader.h> and <kern/cs_blobs.h>. Load commands are little-endian, the
// signature is big-endian.
const MAGIC_64 = 0xfeedfacf;
const HEADER_SIZE = 32;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;
const SUPER_BLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const CODE_DIRECTORY_VERSION = 0x20400;
/**
 * "Ad hoc" and "signed by the linker", as Apple's linker sets them: the only form without a key.
 */
const FLAGS = 0x20002;
const MAIN_BINARY = 1n;
const SHA256 = 2;
const SHA256_SIZE = 32;
const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;
const SUPER_BLOB_HEADER = 20;
const CODE_DIRECTORY_HEADER = 88;
/** Size of a memory page on arm64. */
const VM_PAGE = 0x4000;

interface Segment {
  /** Offset of the segment's load command. */
  readonly command: number;
  readonly name: string;
  readonly fileOffset: number;
  readonly fileSize: number;
}

interface Layout {
  readonly segments: readonly Segment[];
  readonly commandsEnd: number;
  readonly signature: { readonly command: number; readonly offset: number } | undefined;
}

/** The content of a signature, and how the file differs from it. */
export interface Verification {
  readonly identifier: string;
  readonly flags: number;
  readonly pages: number;
  /** Pages with a different hash. */
  readonly wrongPages: number;
  /** Bytes before the signature that no hash covers. */
  readonly uncovered: number;
}

/**
 * Returns the file with an ad-hoc signature that replaces any other. Apple silicon does not run a
 * file without one.
 */
export function signAdHoc(file: Buffer, identifier: string): Buffer {
  const { segments, signature, commandsEnd } = layoutOf(file);
  const linkEdit = segments.find(({ name }) => name === '__LINKEDIT');
  const text = segments.find(({ name }) => name === '__TEXT');
  if (linkEdit === undefined || text === undefined) throw new Error('This Mach-O file is not a program');
  // The signature is the end of the last segment, and of the file.
  const unsignedEnd = signature?.offset ?? linkEdit.fileOffset + linkEdit.fileSize;
  const end = align(unsignedEnd, 16);
  const signed = Buffer.concat([file.subarray(0, unsignedEnd), Buffer.alloc(end - unsignedEnd)]);
  const command = signature?.command ?? addSignatureCommand(signed, commandsEnd);
  const name = Buffer.from(`${identifier}\0`, 'latin1');
  const pages = Math.ceil(end / PAGE);
  const size = SUPER_BLOB_HEADER + CODE_DIRECTORY_HEADER + name.length + pages * SHA256_SIZE;
  signed.writeUInt32LE(end, command + 8);
  signed.writeUInt32LE(size, command + 12);
  const linkEditSize = end + size - linkEdit.fileOffset;
  signed.writeBigUInt64LE(BigInt(align(linkEditSize, VM_PAGE)), linkEdit.command + 32);
  signed.writeBigUInt64LE(BigInt(linkEditSize), linkEdit.command + 48);
  const head = signatureHead(name, pages, end, size, text);
  return Buffer.concat([signed, head, name, ...hashesOf(signed)]);
}

/**
 * The injection removes the load command with the old signature. Linkers leave room after the last
 * command.
 */
function addSignatureCommand(file: Buffer, commandsEnd: number): number {
  const size = 16;
  if (!file.subarray(commandsEnd, commandsEnd + size).equals(Buffer.alloc(size))) {
    throw new Error('This Mach-O file has no room for one more load command');
  }
  file.writeUInt32LE(LC_CODE_SIGNATURE, commandsEnd);
  file.writeUInt32LE(size, commandsEnd + 4);
  file.writeUInt32LE(file.readUInt32LE(16) + 1, 16);
  file.writeUInt32LE(file.readUInt32LE(20) + size, 20);
  return commandsEnd;
}

function signatureHead(name: Buffer, pages: number, end: number, size: number, text: Segment): Buffer {
  const words = (...values: readonly number[]) => {
    const buffer = Buffer.alloc(values.length * 4);
    values.forEach((value, index) => {
      buffer.writeUInt32BE(value, index * 4);
    });
    return buffer;
  };
  const executableSegment = Buffer.alloc(32);
  executableSegment.writeBigUInt64BE(0n, 0); // 64-bit code limit, not needed
  executableSegment.writeBigUInt64BE(BigInt(text.fileOffset), 8);
  executableSegment.writeBigUInt64BE(BigInt(text.fileSize), 16);
  executableSegment.writeBigUInt64BE(MAIN_BINARY, 24);
  return Buffer.concat([
    // One blob of type 0, directly after this header.
    words(SUPER_BLOB, size, 1, 0, SUPER_BLOB_HEADER),
    words(CODE_DIRECTORY, size - SUPER_BLOB_HEADER, CODE_DIRECTORY_VERSION, FLAGS),
    // Offsets of hashes and name; number of special slots; number of code slots; end of the code.
    words(CODE_DIRECTORY_HEADER + name.length, CODE_DIRECTORY_HEADER, 0, pages, end),
    Buffer.from([SHA256_SIZE, SHA256, 0, PAGE_BITS]),
    // Reserved, scatter, team, reserved: none is used.
    words(0, 0, 0, 0),
    executableSegment,
  ]);
}

/**
 * Compares every page of a file with the hash in its signature. Throws if the signature is not of
 * the kind that `signAdHoc` makes.
 */
export function verifySignature(file: Buffer): Verification {
  const { signature } = layoutOf(file);
  if (signature === undefined) throw new Error('This Mach-O file is not signed');
  if (file.readUInt32BE(signature.offset) !== SUPER_BLOB) throw new Error('Its signature is invalid');
  const directory = signature.offset + file.readUInt32BE(signature.offset + 16);
  const at = (offset: number) => file.readUInt32BE(directory + offset);
  if (at(0) !== CODE_DIRECTORY || file[directory + 37] !== SHA256) throw new Error('Its signature is of another kind');
  const hashes = directory + at(16);
  const pages = at(28);
  const end = at(32);
  const wrong = hashesOf(file.subarray(0, end)).filter(
    (hash, page) => !hash.equals(file.subarray(hashes + page * SHA256_SIZE, hashes + (page + 1) * SHA256_SIZE)),
  );
  const name = directory + at(20);
  return {
    identifier: file.toString('latin1', name, file.indexOf(0, name)),
    flags: at(12),
    pages,
    wrongPages: wrong.length,
    uncovered: signature.offset - end,
  };
}

function hashesOf(signed: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(signed.length / PAGE) }, (_, page) =>
    createHash('sha256')
      .update(signed.subarray(page * PAGE, (page + 1) * PAGE))
      .digest(),
  );
}

function layoutOf(file: Buffer): Layout {
  if (file.readUInt32LE(0) !== MAGIC_64) throw new Error('This is not a Mach-O file of 64 bits');
  const segments: Segment[] = [];
  let signature: Layout['signature'];
  let command = HEADER_SIZE;
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    const kind = file.readUInt32LE(command);
    if (kind === LC_SEGMENT_64) segments.push(segmentAt(file, command));
    if (kind === LC_CODE_SIGNATURE) signature = { command, offset: file.readUInt32LE(command + 8) };
    command += file.readUInt32LE(command + 4);
  }
  return { segments, signature, commandsEnd: command };
}

function segmentAt(file: Buffer, command: number): Segment {
  return {
    command,
    name: file.toString('latin1', command + 8, command + 24).replace(/\0.*$/s, ''),
    fileOffset: Number(file.readBigUInt64LE(command + 40)),
    fileSize: Number(file.readBigUInt64LE(command + 48)),
  };
}

function align(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
