import { fstatSync, readFileSync, statSync, writeSync } from 'node:fs';
import { devNull } from 'node:os';
import { isatty } from 'node:tty';
import { Failure } from '../failure.ts';
import type { Input, Output } from '../world/world.ts';
import { quietly, systemCodeOf } from './system-error.ts';

interface StandardStreams {
  readonly stdout: { readonly columns?: number };
  readonly stderr: { readonly columns?: number };
}

/**
 * Standard output and error of this process, written synchronously so that no text is lost at the
 * end. An error on stdout throws `stdout-unusable`; errors on stderr are ignored.
 * @param streams give the widths of stdout and stderr, read only if those are terminals
 */
export function makeOutput(streams: StandardStreams): Output {
  return {
    get stdoutIsTerminal() {
      return isatty(1);
    },
    get stdoutIsDiscarded() {
      return isNullDevice(1);
    },
    get stdoutColumns() {
      return isatty(1) ? (streams.stdout.columns ?? 0) : undefined;
    },
    get stderrColumns() {
      return isatty(2) ? (streams.stderr.columns ?? 0) : undefined;
    },
    stdout: (line) => {
      try {
        writeWhole(1, `${line}\n`);
      } catch (error) {
        const code = systemCodeOf(error);
        if (code === undefined) throw error;
        throw new Failure({ kind: 'stdout-unusable', code });
      }
    },
    stderr: (line) => quietly(() => writeWhole(2, `${line}\n`)),
    rewriteLine: (text) => quietly(() => writeWhole(2, `\r${text}\u001b[K`)),
  };
}

// Node opens the null device in place of a closed descriptor.
function isNullDevice(descriptor: number): boolean {
  try {
    const [open, nullDevice] = [fstatSync(descriptor), statSync(devNull)];
    return open.isCharacterDevice() && nullDevice.isCharacterDevice() && open.rdev === nullDevice.rdev;
  } catch {
    return false;
  }
}

export function makeInput(): Input {
  return {
    get isTerminal() {
      return isatty(0);
    },
    text: () => readFileSync(0, 'utf8'),
  };
}

function writeWhole(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    const written = writeSome(descriptor, rest);
    if (written === undefined) return;
    rest = rest.subarray(written);
  }
}

// EAGAIN: a non-blocking pipe is full. EPIPE: the reader closed it and does not want the text.
function writeSome(descriptor: number, bytes: Uint8Array): number | undefined {
  try {
    return writeSync(descriptor, bytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EAGAIN') return 0;
    if (code === 'EPIPE') return undefined;
    throw error;
  }
}
